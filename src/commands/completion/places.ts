/** Which words belong where: what each verb takes as arguments and each flag as a value. */

/**
 * `kind`: TYPE [NAME…] or TYPE/NAME…; `workload`: the same, for kinds that a rollout has; `pod`: the name of a pod, or TYPE/NAME;
 * `type`: a kind alone; words: any of them; `node`: names of nodes.
 */
export type Arguments =
  | { readonly take: 'kind' | 'workload' | 'pod' | 'type' | 'node' | 'nothing' }
  | { readonly take: 'words'; readonly words: string };

const ARGUMENTS: readonly (readonly [verbs: RegExp, args: Arguments])[] = [
  [
    /^(get|describe|why|delete|label|annotate|patch|edit|scale|wait|expose|taint|apply (edit|view)-last-applied|sim timeline)$/,
    { take: 'kind' },
  ],
  [/^(rollout \w+|autoscale|set \w+)$/, { take: 'workload' }],
  [/^(logs|exec|attach|port-forward|debug|cp)$/, { take: 'pod' }],
  [/^explain$/, { take: 'type' }],
  [/^(cordon|uncordon|drain)$/, { take: 'node' }],
  [/^config (use-context|set-context|get-contexts)$/, { take: 'words', words: 'local' }],
  [/^completion$/, { take: 'words', words: 'bash zsh fish powershell' }],
  [/^sim clock$/, { take: 'words', words: 'wall virtual advance settle' }],
];

/** @param path without the program's name: `rollout status` */
export const argumentsOf = (path: string): Arguments =>
  ARGUMENTS.find(([verbs]) => verbs.test(path))?.[1] ?? { take: 'nothing' };

const GET_FORMATS =
  'json yaml name wide table custom-columns= custom-columns-file= go-template= go-template-file= jsonpath= jsonpath-as-json= ' +
  'jsonpath-file=';
const FORMATS = 'json yaml name go-template= go-template-file= jsonpath= jsonpath-as-json= jsonpath-file=';

/** The words that a flag takes, by `verb --flag` or `--flag`; each ends with `=` when more is to follow. */
const VALUES: Readonly<Record<string, string>> = {
  'get --output': GET_FORMATS,
  'explain --output': 'plaintext',
  'api-resources --output': 'json yaml wide name',
  'config get-contexts --output': 'name',
  'version --output': 'json yaml',
  'plan --output': 'json yaml',
  'plan --compare': 'policy= strategy= partition= maxUnavailable= minReadySeconds= gate=',
  'sim timeline --output': 'events json yaml svg html',
  'why --output': 'json yaml',
  '--output': FORMATS,
  '--dry-run': 'none client server',
  '--cascade': 'background foreground orphan',
  '--validate': 'strict warn ignore',
  '--type': 'json merge strategic',
  '--subresource': 'status scale',
  '--types': 'Normal Warning',
  '--color': 'auto always never',
  '--context': 'local',
  '--sort-by': 'name kind',
  'get --sort-by': '.metadata.name .metadata.creationTimestamp',
  'wait --for': 'condition= create delete jsonpath=',
  '--verbs': 'create delete deletecollection get list patch update watch',
  '--categories': 'all api-extensions',
};

export const valuesOf = (path: string, flag: string): string | undefined =>
  VALUES[`${path} --${flag}`] ?? VALUES[`--${flag}`];

/** Flags whose value is a file or a folder. */
export const FILE_FLAGS: ReadonlySet<string> = new Set([
  ...[
    'filename',
    'kustomize',
    'patch-file',
    'state',
    'from-file',
    'from-env-file',
    'kubeconfig',
    'cache-dir',
    'cert',
    'key',
  ],
]);
