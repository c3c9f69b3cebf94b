/** What the subcommands of `config` change in a kubeconfig, in kubectl's order of checks and with its words. */
import { CommandError } from '../../../client/errors';
import type { ClusterChoice, KubeConfigChange, KubeConfigChanged } from '../../../client/remote';
import { goQuote } from '../../../meta/gofmt';
import type { ClusterHost } from '../host';
import { changed, stepsOf } from './navigate';
import { CONFIG, isRecord, type List, type Stanza } from './shape';
import { clusterWith, contextWith, userWith, validate } from './stanzas';
import { KubeStore, type Merged } from './store';

const LIST_OF = { cluster: 'clusters', context: 'contexts', user: 'users' } as const;

/** Writes nothing where nothing changes. @throws CommandError for what can't be changed, and then nothing is written either */
export function editKubeConfig(choice: ClusterChoice, host: ClusterHost, change: KubeConfigChange): KubeConfigChanged {
  validate(change);
  const store = new KubeStore(choice.kubeconfig, host.env);
  const before = store.load();
  const file = store.defaultFile;
  const name = nameOf(change, before);
  // `set` and `unset` write paths as they are given.
  store.modify((config) => apply(config, change, name, file), change.kind !== 'set' && change.kind !== 'unset');
  const list = listOf(change);
  return {
    name,
    file,
    existed: list !== undefined && Object.hasOwn(before[list], name),
    wasCurrent: list === 'contexts' && before['current-context'] === name,
  };
}

function nameOf(change: KubeConfigChange, { 'current-context': current }: Merged): string {
  switch (change.kind) {
    case 'set':
    case 'unset':
      return change.property;
    case 'rename-context':
      return change.from;
    case 'set-context':
      if (change.name === undefined && current === '') throw new CommandError('no current context is set');
      return change.name ?? current;
    default:
      return change.name;
  }
}

function listOf(change: KubeConfigChange): List | undefined {
  switch (change.kind) {
    case 'delete':
      return LIST_OF[change.what];
    case 'set-cluster':
      return 'clusters';
    case 'set-user':
      return 'users';
    case 'set':
    case 'unset':
      return undefined;
    default:
      return 'contexts';
  }
}

function apply(config: Merged, change: KubeConfigChange, name: string, file: string): Merged {
  switch (change.kind) {
    case 'use-context':
      if (!Object.hasOwn(config.contexts, name))
        throw new CommandError(`no context exists with the name: ${goQuote(name)}`);
      return { ...config, 'current-context': name };
    case 'delete': {
      const list = LIST_OF[change.what];
      if (!Object.hasOwn(config[list], name))
        throw new CommandError(`cannot delete ${change.what} ${name}, not in ${file}`);
      return { ...config, [list]: without(config[list], name) };
    }
    case 'rename-context':
      return renamed(config, change.from, change.to, file);
    case 'set-cluster':
      return {
        ...config,
        clusters: { ...config.clusters, [name]: clusterWith(entry(config, 'clusters', name), change) },
      };
    case 'set-user':
      return { ...config, users: { ...config.users, [name]: userWith(entry(config, 'users', name), change) } };
    case 'set-context':
      return {
        ...config,
        contexts: { ...config.contexts, [name]: contextWith(entry(config, 'contexts', name), change) },
      };
    case 'set':
      return property(config, change.property, { value: change.value, raw: change.raw });
    case 'unset':
      return property(config, change.property, 'unset');
  }
}

const entry = (config: Merged, list: List, name: string): Stanza =>
  Object.hasOwn(config[list], name) ? (config[list][name] ?? {}) : {};

function without(entries: Readonly<Record<string, Stanza>>, name: string): Record<string, Stanza> {
  const { [name]: _, ...others } = entries;
  return others;
}

function renamed(config: Merged, from: string, to: string, file: string): Merged {
  if (!Object.hasOwn(config.contexts, from))
    throw new CommandError(`cannot rename the context ${goQuote(from)}, it's not in ${file}`);
  if (Object.hasOwn(config.contexts, to))
    throw new CommandError(
      `cannot rename the context ${goQuote(from)}, the context ${goQuote(to)} already exists in ${file}`,
    );
  const contexts = { ...without(config.contexts, from), [to]: entry(config, 'contexts', from) };
  const current = config['current-context'];
  return { ...config, contexts, 'current-context': current === from ? to : current };
}

function property(config: Merged, name: string, change: Parameters<typeof changed>[3]): Merged {
  const next = changed(config, CONFIG, stepsOf(name), change);
  const found: Record<string, unknown> = isRecord(next) ? next : {};
  const part = (key: string): Record<string, Stanza> => (found[key] ?? {}) as Record<string, Stanza>;
  const current = found['current-context'];
  return {
    ...config,
    clusters: part('clusters'),
    users: part('users'),
    contexts: part('contexts'),
    'current-context': typeof current === 'string' ? current : '',
    preferences: part('preferences'),
  };
}
