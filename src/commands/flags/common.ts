/** Flags that several verbs share, in kubectl's names and defaults. */
import { CONNECTION_FLAGS } from './connection';
import type { FlagSpec, Reason } from './spec';

const NO_PROFILE = 'there is nothing of Go to profile or to log';

const later = (name: string, type: FlagSpec['type'], reason?: Reason, short?: string): FlagSpec => ({
  name,
  type,
  help: '',
  later: true,
  ...(reason !== undefined && { reason }),
  ...(short && { short }),
});

/** Flags that kubectl's verb has and ours does not have yet. */
export const laterFlags = (bools: readonly string[], strings: readonly string[] = []): FlagSpec[] => [
  ...bools.map((name) => later(name, 'bool')),
  ...strings.map((name) => later(name, 'string')),
];

export const fileFlags = (help: string): FlagSpec[] => [
  { name: 'filename', short: 'f', type: 'list', help },
  {
    name: 'recursive',
    short: 'R',
    type: 'bool',
    default: 'false',
    help: 'Read the folders given with -f and every folder inside them.',
  },
  later('kustomize', 'string', undefined, 'k'),
];

export const SELECTOR: FlagSpec = {
  name: 'selector',
  short: 'l',
  type: 'string',
  default: '',
  help: "Only objects whose labels match, with '=', '==', '!=', 'in' and 'notin', as in -l key1=value1,key2=value2.",
};

export const FIELD_SELECTOR: FlagSpec = {
  name: 'field-selector',
  type: 'string',
  default: '',
  help: "Only objects whose fields match, with '=', '==' and '!=', as in --field-selector metadata.name=web-0.",
};

export const ALL_NAMESPACES: FlagSpec = {
  name: 'all-namespaces',
  short: 'A',
  type: 'bool',
  default: 'false',
  help: 'Look into every namespace, whatever --namespace says.',
};

export const all = (help = 'Every object of the given kinds in the namespace.'): FlagSpec => ({
  name: 'all',
  type: 'bool',
  default: 'false',
  help,
});

export const DRY_RUN: FlagSpec = {
  name: 'dry-run',
  type: 'string',
  default: 'none',
  bare: 'unchanged',
  help: '"none", "client" (only print what would be sent) or "server" (send it, but keep nothing).',
};

export const fieldManager = (name: string): FlagSpec => ({
  name: 'field-manager',
  type: 'string',
  default: name,
  help: 'The name under which the change is recorded.',
});

/** `-o` and what belongs to it, for verbs that print objects they changed. */
export const outputFlags = (): FlagSpec[] => [
  {
    name: 'output',
    short: 'o',
    type: 'string',
    default: '',
    help: 'json, yaml, name, go-template=…, go-template-file=…, jsonpath=…, jsonpath-as-json=… or jsonpath-file=…',
  },
  TEMPLATE_KEYS,
  MANAGED_FIELDS,
  TEMPLATE,
];

export const TEMPLATE_KEYS: FlagSpec = {
  name: 'allow-missing-template-keys',
  type: 'bool',
  default: 'true',
  help: 'A template that names a field which is missing prints nothing for it instead of failing.',
};

export const MANAGED_FIELDS: FlagSpec = {
  name: 'show-managed-fields',
  type: 'bool',
  default: 'false',
  help: 'Keep metadata.managedFields in JSON and YAML.',
};

export const TEMPLATE: FlagSpec = {
  name: 'template',
  type: 'string',
  default: '',
  help: 'The template, or the path of its file, for an -o without "=". Without -o it is a Go template.',
};

export const VALIDATE: FlagSpec = {
  name: 'validate',
  type: 'string',
  default: 'strict',
  bare: 'strict',
  help: 'What to do about unknown and doubled fields: strict (or true) refuses, warn warns, ignore (or false) drops them.',
};

export const SAVE_CONFIG: FlagSpec = {
  name: 'save-config',
  type: 'bool',
  default: 'false',
  help: 'Remember the configuration in an annotation, as apply does.',
};

export const deleteFlags = (wait: 'true' | 'false'): FlagSpec[] => [
  {
    name: 'cascade',
    type: 'string',
    default: 'background',
    bare: 'background',
    help: '"background", "foreground" or "orphan": what happens to dependents, such as the pods of a StatefulSet.',
  },
  {
    name: 'force',
    type: 'bool',
    default: 'false',
    help: 'Remove objects at once, without waiting for a graceful end. Two pods of one identity may then run.',
  },
  {
    name: 'grace-period',
    type: 'int',
    default: '-1',
    help: 'Seconds an object gets to end gracefully; negative means its own. 0 only together with --force.',
  },
  { name: 'timeout', type: 'duration', default: '0s', help: 'How long to wait for objects to be gone; 0 waits on.' },
  { name: 'wait', type: 'bool', default: wait, help: 'Return only when the objects are gone.' },
];

/** Flags that stand before or after every verb. */
export const GLOBAL_FLAGS: readonly FlagSpec[] = [
  {
    name: 'namespace',
    short: 'n',
    type: 'string',
    default: '',
    help: 'The namespace to work in. Default: the one of the context, else "default".',
  },
  {
    name: 'state',
    type: 'string',
    default: '',
    help: 'The file that holds the simulated cluster. Default: $STSCTL_STATE, else ~/.local/state/stsctl/state.json.',
  },
  {
    name: 'color',
    type: 'string',
    default: 'auto',
    help: '"auto" (on a terminal, unless NO_COLOR is set), "always" or "never": whether tables are coloured.',
  },
  {
    name: 'feature-gates',
    type: 'list',
    help: 'Kubernetes feature gates as Name=true|false, kept in the state file from then on.',
  },
  {
    name: 'request-timeout',
    type: 'string',
    default: '0',
    help: 'How long a single request may take (1s, 2m, 3h). 0 means no limit.',
  },
  {
    name: 'v',
    short: 'v',
    type: 'int',
    bits: 32,
    default: '0',
    help: 'Verbosity. From 6 on, every call to the cluster and what followed from it is told on stderr, and internal errors show their stack; from 8 on with what was sent and answered.',
  },
  {
    name: 'warnings-as-errors',
    type: 'bool',
    default: 'false',
    help: 'End with a failure when the server warned about anything.',
  },
  ...CONNECTION_FLAGS,
  { ...later('kuberc', 'string', 'there are no preferences to read'), bare: 'true' },
  ...['profile', 'profile-output', 'vmodule'].map((name) => later(name, 'string', NO_PROFILE)),
  // What these ask for holds already: nothing is cached, compressed or logged late, and client and cluster are one program.
  { name: 'cache-dir', type: 'string', default: '', help: '', hidden: true },
  { name: 'disable-compression', type: 'bool', default: 'false', help: '', hidden: true },
  { name: 'log-flush-frequency', type: 'string', default: '5s', help: '', hidden: true },
  { name: 'match-server-version', type: 'bool', default: 'false', help: '', hidden: true },
];
