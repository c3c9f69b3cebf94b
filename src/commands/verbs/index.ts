/** Every command, in the order of kubectl's main help. A verb's own module is loaded only when it is called. */
import type { Entry } from '../verb';

export const ENTRIES: readonly Entry[] = [
  {
    name: 'create',
    group: 'Basic Commands',
    summary: 'Create objects from files or standard input',
    load: () => import('./create'),
    children: [
      { name: 'clusterrole', summary: 'Create a ClusterRole', load: () => import('./create-clusterrole') },
      {
        name: 'clusterrolebinding',
        summary: 'Create a ClusterRoleBinding',
        load: () => import('./create-clusterrolebinding'),
      },
      { name: 'cronjob', aliases: ['cj'], summary: 'Create a CronJob', load: () => import('./create-cronjob') },
      {
        name: 'deployment',
        aliases: ['deploy'],
        summary: 'Create a Deployment',
        load: () => import('./create-deployment'),
      },
      { name: 'ingress', aliases: ['ing'], summary: 'Create an Ingress', load: () => import('./create-ingress') },
      { name: 'job', summary: 'Create a Job', load: () => import('./create-job') },
      {
        name: 'poddisruptionbudget',
        aliases: ['pdb'],
        summary: 'Create a PodDisruptionBudget',
        load: () => import('./create-poddisruptionbudget'),
      },
      {
        name: 'priorityclass',
        aliases: ['pc'],
        summary: 'Create a PriorityClass',
        load: () => import('./create-priorityclass'),
      },
      {
        name: 'quota',
        aliases: ['resourcequota'],
        summary: 'Create a ResourceQuota',
        load: () => import('./create-quota'),
      },
      { name: 'role', summary: 'Create a Role', load: () => import('./create-role') },
      { name: 'rolebinding', summary: 'Create a RoleBinding', load: () => import('./create-rolebinding') },
      { name: 'namespace', aliases: ['ns'], summary: 'Create a namespace', load: () => import('./create-namespace') },
      {
        name: 'configmap',
        aliases: ['cm'],
        summary: 'Create a ConfigMap from literals',
        load: () => import('./create-configmap'),
      },
      {
        name: 'secret',
        summary: 'Create a Secret of some type',
        long: 'Creates a Secret: from literals and files, from a certificate, or for a registry.',
        examples: '# Create a Secret with one key\nstsctl create secret generic db --from-literal=password=x',
        children: [
          {
            name: 'docker-registry',
            summary: 'Create a Secret with which images are pulled',
            load: () => import('./create-secret-docker-registry'),
          },
          {
            name: 'generic',
            summary: 'Create a Secret from literals and files',
            load: () => import('./create-secret-generic'),
          },
          {
            name: 'tls',
            summary: 'Create a Secret from a certificate and its key',
            load: () => import('./create-secret-tls'),
          },
        ],
      },
      {
        name: 'service',
        aliases: ['svc'],
        summary: 'Create a Service of some type',
        long: 'Creates a Service for the pods labelled app=NAME.',
        examples:
          '# Port 80 of the Service goes to port 8080 of its pods\nstsctl create service clusterip api --tcp=80:8080',
        children: [
          {
            name: 'clusterip',
            summary: 'Create a Service with an address inside the cluster',
            load: () => import('./create-service-clusterip'),
          },
          {
            name: 'externalname',
            summary: 'Create a Service that stands for a name outside',
            load: () => import('./create-service-externalname'),
          },
          {
            name: 'loadbalancer',
            summary: 'Create a Service with a load balancer',
            load: () => import('./create-service-loadbalancer'),
          },
          {
            name: 'nodeport',
            summary: 'Create a Service on a port of every node',
            load: () => import('./create-service-nodeport'),
          },
        ],
      },
      {
        name: 'serviceaccount',
        aliases: ['sa'],
        summary: 'Create a service account',
        load: () => import('./create-serviceaccount'),
      },
      {
        name: 'token',
        summary: 'Ask for a token of a service account',
        load: () => import('./create-token'),
      },
    ],
  },
  {
    name: 'expose',
    group: 'Basic Commands',
    summary: 'Create a Service for the pods of an object',
    load: () => import('./expose'),
  },
  { name: 'run', group: 'Basic Commands', summary: 'Run one pod of an image', load: () => import('./run') },
  {
    name: 'set',
    group: 'Basic Commands',
    summary: 'Set a feature of objects',
    long: 'Changes one feature of objects that carry a pod template.',
    examples:
      '# Give the container nginx of StatefulSet web another image\nstsctl set image statefulset/web nginx=nginx:1.22',
    children: [
      { name: 'env', summary: 'Change environment variables of containers', load: () => import('./set-env') },
      { name: 'image', summary: 'Change the image of containers', load: () => import('./set-image') },
      { name: 'resources', summary: 'Change limits and requests of containers', load: () => import('./set-resources') },
      { name: 'selector', summary: 'Change which pods a Service finds', load: () => import('./set-selector') },
      {
        name: 'serviceaccount',
        aliases: ['sa'],
        summary: 'Change the service account of pods',
        load: () => import('./set-serviceaccount'),
      },
      {
        name: 'subject',
        summary: 'Add users, groups and service accounts to a binding',
        load: () => import('./set-subject'),
      },
    ],
  },
  { name: 'get', group: 'Basic Commands', summary: 'Show objects', load: () => import('./get') },
  {
    name: 'edit',
    group: 'Basic Commands',
    summary: 'Change objects in an editor',
    load: () => import('./edit'),
  },
  {
    name: 'delete',
    group: 'Basic Commands',
    summary: 'Delete objects by file, name or selector',
    load: () => import('./delete'),
  },
  {
    name: 'explain',
    group: 'Basic Commands',
    summary: 'Tell what a kind and its fields mean',
    load: () => import('./explain'),
  },
  {
    name: 'rollout',
    helpOnStdout: true,
    group: 'Deploy Commands',
    summary: 'Follow, list and undo rollouts',
    long: 'Follows, lists, undoes and restarts rollouts.\n\nKinds with a rollout:\n\n  *  statefulsets',
    examples:
      '# Wait until StatefulSet web has finished its update\nstsctl rollout status statefulset/web\n\n' +
      '# Go back to the template before the last one\nstsctl rollout undo statefulset/web',
    children: [
      { name: 'history', summary: 'Show the revisions', load: () => import('./rollout-history') },
      { name: 'pause', summary: 'Hold back the controller of a Deployment', load: () => import('./rollout-pause') },
      { name: 'restart', summary: 'Replace all pods by new ones', load: () => import('./rollout-restart') },
      { name: 'resume', summary: 'Let the controller of a Deployment go on', load: () => import('./rollout-resume') },
      { name: 'status', summary: 'Follow a rollout to its end', load: () => import('./rollout-status') },
      { name: 'undo', summary: 'Go back to an earlier revision', load: () => import('./rollout-undo') },
    ],
  },
  { name: 'scale', group: 'Deploy Commands', summary: 'Change the number of replicas', load: () => import('./scale') },
  {
    name: 'autoscale',
    group: 'Deploy Commands',
    summary: 'Create a HorizontalPodAutoscaler',
    load: () => import('./autoscale'),
  },
  {
    name: 'cluster-info',
    group: 'Cluster Management Commands',
    summary: 'Tell where the control plane is',
    load: () => import('./cluster-info'),
    children: [
      {
        name: 'dump',
        summary: 'Write down the state of the cluster, with logs',
        load: () => import('./cluster-info-dump'),
      },
    ],
  },
  {
    name: 'top',
    group: 'Cluster Management Commands',
    summary: 'Show what pods and nodes use',
    long: 'Shows what pods and nodes use in a real cluster that has a metrics server. The simulated cluster measures nothing.',
    examples: '# Says that there is nothing to show\nstsctl top pod || stsctl get pods',
    children: [
      {
        name: 'node',
        aliases: ['nodes', 'no'],
        summary: 'Show what nodes use',
        load: async () => ({ verb: (await import('./top')).node }),
      },
      {
        name: 'pod',
        aliases: ['pods', 'po'],
        summary: 'Show what pods use',
        load: async () => ({ verb: (await import('./top')).pod }),
      },
    ],
  },
  {
    name: 'cordon',
    group: 'Cluster Management Commands',
    summary: 'Close a node for new pods',
    load: () => import('./cordon'),
  },
  {
    name: 'uncordon',
    group: 'Cluster Management Commands',
    summary: 'Open a node again',
    load: () => import('./uncordon'),
  },
  {
    name: 'drain',
    group: 'Cluster Management Commands',
    summary: 'Take the pods off a node',
    load: () => import('./drain'),
  },
  {
    name: 'taint',
    group: 'Cluster Management Commands',
    summary: 'Change the taints of nodes',
    load: () => import('./taint'),
  },
  {
    name: 'describe',
    group: 'Troubleshooting Commands',
    summary: 'Show objects in detail',
    load: () => import('./describe'),
  },
  {
    name: 'why',
    group: 'Troubleshooting Commands',
    summary: 'Tell what an object waits for, and what would end it',
    load: () => import('./why'),
  },
  {
    name: 'logs',
    group: 'Troubleshooting Commands',
    summary: 'Print what containers have printed',
    load: () => import('./logs'),
  },
  {
    name: 'exec',
    group: 'Troubleshooting Commands',
    summary: 'Run a command in a container',
    load: () => import('./exec'),
  },
  {
    name: 'attach',
    group: 'Troubleshooting Commands',
    summary: 'Join the command that a container runs',
    load: () => import('./attach'),
  },
  {
    name: 'debug',
    group: 'Troubleshooting Commands',
    summary: 'Put a container into a pod to look around',
    load: () => import('./debug'),
  },
  {
    name: 'port-forward',
    group: 'Troubleshooting Commands',
    summary: 'Pass connections to this machine on to a pod',
    load: () => import('./port-forward'),
  },
  {
    name: 'proxy',
    group: 'Troubleshooting Commands',
    summary: 'Pass requests on to the API server of a real cluster',
    load: () => import('./proxy'),
  },
  {
    name: 'cp',
    group: 'Troubleshooting Commands',
    summary: 'Copy files into containers and out of them',
    load: () => import('./cp'),
  },
  {
    name: 'auth',
    group: 'Troubleshooting Commands',
    summary: 'Tell what is allowed, and to whom',
    long: 'Tells what is allowed, and to whom. The simulated cluster lets everybody do everything.',
    examples: '# May pods be created?\nstsctl auth can-i create pods',
    children: [
      { name: 'can-i', summary: 'Tell whether an action is allowed', load: () => import('./auth-can-i') },
      { name: 'whoami', summary: 'Tell as whom commands work', load: () => import('./auth-whoami') },
    ],
    laterChildren: ['reconcile'],
  },
  {
    name: 'events',
    group: 'Troubleshooting Commands',
    summary: 'Show what happened',
    load: () => import('./events'),
  },
  {
    name: 'diff',
    group: 'Advanced Commands',
    summary: 'Show what apply would change',
    load: () => import('./diff'),
  },
  {
    name: 'apply',
    group: 'Advanced Commands',
    summary: 'Make the cluster match a file or standard input',
    load: () => import('./apply'),
    children: [
      {
        name: 'edit-last-applied',
        summary: 'Change in an editor what was applied last',
        load: () => import('./apply-edit-last-applied'),
      },
      {
        name: 'set-last-applied',
        summary: 'Take what a file holds for what was applied last',
        load: () => import('./apply-set-last-applied'),
      },
      {
        name: 'view-last-applied',
        summary: 'Show what was applied last',
        load: () => import('./apply-view-last-applied'),
      },
    ],
  },
  { name: 'patch', group: 'Advanced Commands', summary: 'Change fields of objects', load: () => import('./patch') },
  {
    name: 'replace',
    group: 'Advanced Commands',
    summary: 'Replace objects from files or standard input',
    load: () => import('./replace'),
  },
  {
    name: 'wait',
    group: 'Advanced Commands',
    summary: 'Wait for a condition of objects',
    load: () => import('./wait'),
  },
  { name: 'label', group: 'Settings Commands', summary: 'Change the labels of objects', load: () => import('./label') },
  {
    name: 'annotate',
    group: 'Settings Commands',
    summary: 'Change the annotations of objects',
    load: () => import('./annotate'),
  },
  {
    name: 'sim',
    group: 'Simulation Commands',
    summary: 'Steer the simulated cluster: its clock, its settings, its timeline',
    long: 'Steers the simulated cluster.',
    examples:
      '# Let half a minute pass\nstsctl sim clock advance 30s\n\n# Draw the pods over time\nstsctl sim timeline\n\n' +
      '# Take back the last command\nstsctl sim undo\n\n# Begin with an empty cluster\nstsctl sim reset',
    children: [
      { name: 'clock', summary: 'Show, choose or move the clock', load: () => import('./sim-clock') },
      {
        name: 'timeline',
        summary: 'Draw pods over time, or list their transitions',
        load: () => import('./sim-timeline'),
      },
      { name: 'config', summary: 'Show or change how the cluster behaves', load: () => import('./sim-config') },
      { name: 'dns', summary: 'Ask the DNS of the cluster, as a pod would', load: () => import('./sim-dns') },
      {
        name: 'record',
        summary: 'Note what is typed and what it answers, as a transcript',
        load: () => import('./sim-record'),
      },
      { name: 'replay', summary: 'Run a transcript and show what differs', load: () => import('./sim-replay') },
      {
        name: 'fail',
        summary: 'Break something: a pod, an image, a node, a claim, a call',
        load: () => import('./sim-fail'),
      },
      { name: 'heal', summary: 'End what was broken', load: () => import('./sim-heal') },
      { name: 'faults', summary: 'List what is broken', load: () => import('./sim-faults') },
      { name: 'undo', summary: 'Take back the last commands', load: () => import('./sim-undo') },
      { name: 'redo', summary: 'Do again what was undone', load: () => import('./sim-redo') },
      { name: 'history', summary: 'List the commands that can be undone', load: () => import('./sim-history') },
      {
        name: 'snapshot',
        summary: 'Keep copies of the cluster, and go back to them',
        long: 'Keeps copies of the whole cluster by name, volumes included, compares with them and goes back to them.',
        examples:
          '# Keep the cluster as it is\nstsctl sim snapshot save before-upgrade\n\n' +
          '# What has changed since?\nstsctl sim snapshot diff before-upgrade\n\n' +
          '# Go back to it\nstsctl sim snapshot restore before-upgrade',
        children: [
          { name: 'save', summary: 'Keep the cluster as it is', load: () => import('./sim-snapshot-save') },
          { name: 'restore', summary: 'Go back to a snapshot', load: () => import('./sim-snapshot-restore') },
          { name: 'list', aliases: ['ls'], summary: 'List the snapshots', load: () => import('./sim-snapshot-list') },
          { name: 'delete', summary: 'Delete snapshots', load: () => import('./sim-snapshot-delete') },
          { name: 'diff', summary: 'Show what differs from a snapshot', load: () => import('./sim-snapshot-diff') },
        ],
      },
      {
        name: 'restore',
        summary: 'Put the last good copy of a damaged state file back',
        load: () => import('./sim-restore'),
      },
      {
        name: 'import',
        summary: 'Take over what a real cluster has, or files tell of it',
        load: () => import('./sim-import'),
      },
      { name: 'export', summary: 'Write manifests that apply elsewhere', load: () => import('./sim-export') },
      { name: 'reset', summary: 'Begin again with an empty cluster', load: () => import('./sim-reset') },
    ],
  },
  {
    name: 'plan',
    group: 'Simulation Commands',
    summary: 'Show what a command would do, and whether it would get stuck',
    load: () => import('./plan'),
  },
  {
    name: 'serve',
    group: 'Simulation Commands',
    summary: 'Offer the simulated cluster as the Kubernetes API on this machine',
    load: () => import('./serve'),
  },
  {
    name: 'completion',
    group: 'Settings Commands',
    summary: 'Print a script that completes commands in bash, zsh, fish or powershell',
    load: () => import('./completion'),
  },
  { name: 'alpha', summary: 'Commands that may change', load: () => import('./alpha') },
  {
    name: 'api-resources',
    group: 'Other Commands',
    summary: 'List the kinds of objects',
    load: () => import('./api-resources'),
  },
  {
    name: 'api-versions',
    group: 'Other Commands',
    summary: 'List the groups and versions of the API',
    load: () => import('./api-versions'),
  },
  {
    name: 'config',
    group: 'Other Commands',
    summary: 'Show which cluster commands go to, and choose the namespace',
    long: 'Shows which cluster commands go to, and chooses the namespace that they work in.',
    examples:
      '# The cluster that the next command goes to\nstsctl config current-context\n\n' +
      '# Work in the namespace staging from now on\nstsctl config set-context --current --namespace=staging',
    children: [
      { name: 'current-context', summary: 'Show the current context', load: () => import('./config-current-context') },
      {
        name: 'delete-cluster',
        summary: 'Delete a cluster from a kubeconfig',
        load: () => import('./config-delete-cluster'),
      },
      {
        name: 'delete-context',
        summary: 'Delete a context from a kubeconfig',
        load: () => import('./config-delete-context'),
      },
      { name: 'delete-user', summary: 'Delete a user from a kubeconfig', load: () => import('./config-delete-user') },
      { name: 'get-clusters', summary: 'List the clusters', load: () => import('./config-get-clusters') },
      { name: 'get-contexts', summary: 'List the contexts', load: () => import('./config-get-contexts') },
      { name: 'get-users', summary: 'List the users', load: () => import('./config-get-users') },
      {
        name: 'rename-context',
        summary: 'Rename a context of a kubeconfig',
        load: () => import('./config-rename-context'),
      },
      { name: 'set', summary: 'Set one value in a kubeconfig', load: () => import('./config-set') },
      { name: 'set-cluster', summary: 'Set a cluster in a kubeconfig', load: () => import('./config-set-cluster') },
      {
        name: 'set-context',
        summary: 'Choose the namespace to work in, or set a context in a kubeconfig',
        load: () => import('./config-set-context'),
      },
      {
        name: 'set-credentials',
        summary: 'Set a user in a kubeconfig',
        load: () => import('./config-set-credentials'),
      },
      { name: 'unset', summary: 'Take one value out of a kubeconfig', load: () => import('./config-unset') },
      {
        name: 'use-context',
        aliases: ['use'],
        summary: 'Choose the context to work in',
        load: () => import('./config-use-context'),
      },
      { name: 'view', summary: 'Show contexts, clusters and users', load: () => import('./config-view') },
    ],
  },
  { name: 'options', summary: 'List the flags that every command takes', load: () => import('./options') },
  {
    name: 'version',
    group: 'Other Commands',
    summary: 'Show the versions of the client and the cluster',
    load: () => import('./version'),
  },
];

/**
 * kubectl's top-level commands in the order in which it registers them, which is the order of its suggestions for a
 * misspelt one. Those that are not in ENTRIES are refused by name.
 */
export const KUBECTL_COMMANDS =
  'create expose run set explain get edit delete rollout scale autoscale certificate cluster-info top cordon uncordon drain ' +
  'taint describe logs attach exec port-forward proxy cp auth debug events diff apply patch replace wait kustomize label ' +
  'annotate completion alpha api-resources api-versions config plugin version options kuberc';

/** Why commands of kubectl are refused, where there is more to say than that they are. */
export const REASONS: Readonly<Record<string, string>> = {
  'auth reconcile': 'the simulated cluster lets everybody do everything',
  certificate: 'the simulated cluster signs no certificates',
  kuberc: 'there are no preferences to keep',
  kustomize: 'run "kustomize build" itself and pass what it prints with -f -',
  plugin: 'only the commands of the help page exist',
};
