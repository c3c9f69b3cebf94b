/** What the page of stsctl itself says beside the list of commands. */

export const OVERVIEW = `stsctl is kubectl with a cluster inside. It understands kubectl's commands for StatefulSets and what surrounds them, and answers \
them from a cluster that it plays itself: an API server, the controllers, a scheduler and kubelets, kept in one file. Nothing runs between commands.

Time goes on between commands as it does on the wall clock, or, on a virtual clock, only where a command waits: then a rollout of an hour takes a \
moment, and the same commands always give the same answers.

Through a link by the name of kubectl it calls itself kubectl.`;

export const ENVIRONMENT: Readonly<Record<string, string>> = {
  STSCTL_STATE: 'The file that holds the cluster, unless --state names one.',
  STSCTL_CLOCK:
    'How time passes: "wall" or "virtual". A cluster stays as it is where nothing is said; a new one begins on the wall clock.',
  STSCTL_SEED: 'The number that the names, uids and addresses of a new cluster follow from.',
  STSCTL_FEATURE_GATES: 'Feature gates that differ from the defaults, as "NAME=true,NAME=false".',
  STSCTL_BACKEND: 'With "cluster", commands go to the cluster of the kubeconfig instead of the one in the file.',
  KUBECONFIG: 'Where contexts of real clusters are looked for.',
  NO_COLOR: 'Nothing is coloured where this is set.',
};

export const FILES: Readonly<Record<string, string>> = {
  '$XDG_STATE_HOME/stsctl/state.json': 'The cluster; under ~/.local/state where XDG_STATE_HOME is not set.',
  'state.json.bak': 'The cluster as it was before the last command; "stsctl sim restore" puts it back.',
  'state.json.lock': 'Keeps two commands from writing at once.',
};

export const EXIT_STATUS: Readonly<Record<string, string>> = {
  '0': 'The command did what it was told.',
  '1': 'It was refused, or failed. "diff" means by it that there are differences.',
  '130': 'It was interrupted.',
};
