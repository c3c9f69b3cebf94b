/** The fields of a kubeconfig in the names of its format and of `config set`, and how kubectl writes what they hold. */

export type FieldType =
  | { readonly kind: 'string' | 'bool' | 'bytes' | 'strings' | 'pointer' }
  | { readonly kind: 'struct'; readonly fields: Fields; readonly go: string }
  /** `of`: what a value is made of; absent where no path can lead into one. */
  | { readonly kind: 'map'; readonly of?: FieldType & { readonly kind: 'struct' }; readonly go: string };

export interface Field {
  readonly type: FieldType;
  /** What the file calls it, where `config set` knows it by another name. */
  readonly written?: string;
}

export type Fields = Readonly<Record<string, Field>>;

const TEXT: Field = { type: { kind: 'string' } };
const BOOL: Field = { type: { kind: 'bool' } };
const BYTES: Field = { type: { kind: 'bytes' } };
const EXTENSIONS: Field = { type: { kind: 'map', go: 'runtime.Object' } };
const POINTER: Field = { type: { kind: 'pointer' } };

const CLUSTER = {
  kind: 'struct',
  go: 'api.Cluster',
  fields: {
    server: TEXT,
    'tls-server-name': TEXT,
    'insecure-skip-tls-verify': BOOL,
    'certificate-authority': TEXT,
    'certificate-authority-data': BYTES,
    'proxy-url': TEXT,
    'disable-compression': BOOL,
    extensions: EXTENSIONS,
  },
} as const satisfies FieldType;

const USER = {
  kind: 'struct',
  go: 'api.AuthInfo',
  fields: {
    'client-certificate': TEXT,
    'client-certificate-data': BYTES,
    'client-key': TEXT,
    'client-key-data': BYTES,
    token: TEXT,
    tokenFile: TEXT,
    'act-as': { ...TEXT, written: 'as' },
    'act-as-uid': { ...TEXT, written: 'as-uid' },
    'act-as-groups': { type: { kind: 'strings' }, written: 'as-groups' },
    'act-as-user-extra': { type: { kind: 'map', go: 'string' }, written: 'as-user-extra' },
    username: TEXT,
    password: TEXT,
    'auth-provider': POINTER,
    exec: POINTER,
    extensions: EXTENSIONS,
  },
} as const satisfies FieldType;

const CONTEXT = {
  kind: 'struct',
  go: 'api.Context',
  fields: { cluster: TEXT, user: TEXT, namespace: TEXT, extensions: EXTENSIONS },
} as const satisfies FieldType;

/** The whole file, as clientcmd's api.Config. */
export const CONFIG = {
  kind: 'struct',
  go: 'api.Config',
  fields: {
    kind: TEXT,
    apiVersion: TEXT,
    preferences: { type: { kind: 'struct', go: 'api.Preferences', fields: { colors: BOOL, extensions: EXTENSIONS } } },
    clusters: { type: { kind: 'map', of: CLUSTER, go: '*api.Cluster' } },
    users: { type: { kind: 'map', of: USER, go: '*api.AuthInfo' } },
    contexts: { type: { kind: 'map', of: CONTEXT, go: '*api.Context' } },
    'current-context': TEXT,
    extensions: EXTENSIONS,
  },
} as const satisfies FieldType;

/** The lists of a kubeconfig, and what each entry keeps its content under. */
export const LISTS = { clusters: 'cluster', users: 'user', contexts: 'context' } as const;
export type List = keyof typeof LISTS;

export type Stanza = Readonly<Record<string, unknown>>;

/** Fields that kubectl writes even where they are empty, by where they stand. */
const ALWAYS: Readonly<Record<List, readonly string[]>> = {
  clusters: ['server'],
  users: [],
  contexts: ['cluster', 'user'],
};

const namesOf = (list: List): readonly string[] =>
  Object.entries<Field>(CONFIG.fields[list].type.of.fields).map(([name, field]) => field.written ?? name);

const EXEC = ['command', 'args', 'env', 'apiVersion', 'installHint', 'provideClusterInfo', 'interactiveMode'];

const others = (stanza: Stanza, names: readonly string[]): Stanza =>
  Object.fromEntries(Object.entries(stanza).filter(([name]) => !names.includes(name)));

/** An entry's content as kubectl writes it: without what is empty, with what must be there; what it does not know is kept. */
export function written(list: List, stanza: Stanza): Record<string, unknown> {
  const names = namesOf(list);
  const kept: Record<string, unknown> = { ...known(list, stanza), ...others(stanza, names) };
  if (isRecord(stanza.exec)) kept.exec = { ...knownExec(stanza.exec), ...others(stanza.exec, EXEC) };
  return kept;
}

/** The same without what kubectl does not know, in the order in which it prints as JSON. */
export function known(list: List, stanza: Stanza): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const name of namesOf(list)) {
    const value = stanza[name];
    if (!isEmpty(value)) kept[name] = value;
    else if (ALWAYS[list].includes(name)) kept[name] = '';
  }
  if (isRecord(stanza.exec)) kept.exec = knownExec(stanza.exec);
  const provider = stanza['auth-provider'];
  if (isRecord(provider)) kept['auth-provider'] = { name: provider.name ?? '', config: provider.config ?? null };
  return kept;
}

function knownExec(exec: Stanza): Stanza {
  const { apiVersion, installHint, interactiveMode } = exec;
  return {
    command: exec.command ?? '',
    args: exec.args ?? null,
    env: exec.env ?? null,
    ...(!isEmpty(apiVersion) && { apiVersion }),
    ...(!isEmpty(installHint) && { installHint }),
    provideClusterInfo: exec.provideClusterInfo ?? false,
    ...(!isEmpty(interactiveMode) && { interactiveMode }),
  };
}

export const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  value === false ||
  (Array.isArray(value) && value.length === 0) ||
  (isRecord(value) && Object.keys(value).length === 0);

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
