/** Every command, in the order of kubectl's main help. A verb's own module is loaded only when it is called. */
import type { Entry } from '../verb';

export const ENTRIES: readonly Entry[] = [
  {
    name: 'create',
    group: 'Basic Commands',
    summary: 'Create objects from files or standard input',
    load: () => import('./create'),
    children: [
      { name: 'namespace', aliases: ['ns'], summary: 'Create a namespace', load: () => import('./create-namespace') },
      {
        name: 'configmap',
        aliases: ['cm'],
        summary: 'Create a ConfigMap from literals',
        load: () => import('./create-configmap'),
      },
    ],
    laterChildren: [
      'clusterrole',
      'clusterrolebinding',
      'cronjob',
      'deployment',
      'deploy',
      'ingress',
      'ing',
      'job',
      'poddisruptionbudget',
      'pdb',
      'priorityclass',
      'pc',
      'quota',
      'resourcequota',
      'role',
      'rolebinding',
      'secret',
      'service',
      'svc',
      'serviceaccount',
      'sa',
      'token',
    ],
  },
  {
    name: 'set',
    group: 'Basic Commands',
    summary: 'Set a feature of objects',
    long: 'Changes one feature of objects that carry a pod template.',
    examples:
      '# Give the container nginx of StatefulSet web another image\nstsctl set image statefulset/web nginx=nginx:1.22',
    children: [{ name: 'image', summary: 'Change the image of containers', load: () => import('./set-image') }],
    laterChildren: ['env', 'resources', 'selector', 'sel', 'serviceaccount', 'sa', 'subject'],
  },
  { name: 'get', group: 'Basic Commands', summary: 'Show objects', load: () => import('./get') },
  {
    name: 'delete',
    group: 'Basic Commands',
    summary: 'Delete objects by file, name or selector',
    load: () => import('./delete'),
  },
  {
    name: 'rollout',
    group: 'Deploy Commands',
    summary: 'Follow, list and undo rollouts',
    long: 'Follows, lists, undoes and restarts rollouts.\n\nKinds with a rollout:\n\n  *  statefulsets',
    examples:
      '# Wait until StatefulSet web has finished its update\nstsctl rollout status statefulset/web\n\n' +
      '# Go back to the template before the last one\nstsctl rollout undo statefulset/web',
    children: [
      { name: 'history', summary: 'Show the revisions', load: () => import('./rollout-history') },
      { name: 'restart', summary: 'Replace all pods by new ones', load: () => import('./rollout-restart') },
      { name: 'status', summary: 'Follow a rollout to its end', load: () => import('./rollout-status') },
      { name: 'undo', summary: 'Go back to an earlier revision', load: () => import('./rollout-undo') },
    ],
    laterChildren: ['pause', 'resume'],
  },
  { name: 'scale', group: 'Deploy Commands', summary: 'Change the number of replicas', load: () => import('./scale') },
  {
    name: 'describe',
    group: 'Troubleshooting Commands',
    summary: 'Show objects in detail',
    load: () => import('./describe'),
  },
  {
    name: 'apply',
    group: 'Advanced Commands',
    summary: 'Make the cluster match a file or standard input',
    load: () => import('./apply'),
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
      '# Let half a minute pass\nstsctl sim clock advance 30s\n\n# Every pod transition so far\nstsctl sim timeline\n\n' +
      '# Begin with an empty cluster\nstsctl sim reset',
    children: [
      { name: 'clock', summary: 'Show, choose or move the clock', load: () => import('./sim-clock') },
      { name: 'timeline', summary: 'Show every pod transition so far', load: () => import('./sim-timeline') },
      { name: 'config', summary: 'Show or change how the cluster behaves', load: () => import('./sim-config') },
      { name: 'reset', summary: 'Begin again with an empty cluster', load: () => import('./sim-reset') },
    ],
  },
  {
    name: 'api-resources',
    group: 'Other Commands',
    summary: 'List the kinds of objects',
    load: () => import('./api-resources'),
  },
  {
    name: 'config',
    group: 'Other Commands',
    summary: 'Show which cluster commands go to',
    long: 'Shows which cluster commands go to.',
    examples: '# The cluster that the next command goes to\nstsctl config current-context',
    children: [
      { name: 'current-context', summary: 'Show the current context', load: () => import('./config-current-context') },
    ],
    laterChildren: [
      'delete-cluster',
      'delete-context',
      'delete-user',
      'get-clusters',
      'get-contexts',
      'get-users',
      'rename-context',
      'set',
      'set-cluster',
      'set-context',
      'set-credentials',
      'unset',
      'use-context',
      'view',
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
