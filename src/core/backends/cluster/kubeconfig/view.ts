/** The configuration as `config` shows it: sorted, without secrets, cut down to one context or with its files read in. */
import fs from 'node:fs';
import path from 'node:path';
import { CommandError } from '../../../client/errors';
import type { KubeConfigView } from '../../../client/remote';
import { sortedKeys } from '../../../meta/text';
import { isEmpty, known, LISTS, type List, type Stanza } from './shape';
import type { KubeStore, Merged } from './store';

/** `override` is the context of `--context`. @throws CommandError for a file that can't be used */
export function viewOf(store: KubeStore, override: string | undefined): KubeConfigView {
  const config = store.load();
  const current = override || config['current-context'];
  const contexts = sortedKeys(config.contexts).map((name) => {
    const { cluster = '', user = '', namespace = '' } = config.contexts[name] as Readonly<Record<string, string>>;
    return { name, cluster, user, namespace };
  });
  return {
    current,
    contexts,
    clusters: sortedKeys(config.clusters),
    users: sortedKeys(config.users),
    shown: ({ minify, raw, flatten }) => {
      const kept = minify ? minified(config, current) : config;
      const folderOf = (list: List, name: string) => path.dirname(store.origin(list, name));
      const listed = (list: List): object[] | null => {
        const names = sortedKeys(kept[list]);
        if (names.length === 0) return null;
        return names.map((name) => {
          const stanza = known(list, kept[list][name] ?? {});
          return {
            name,
            [LISTS[list]]: flatten ? inlined(stanza, folderOf(list, name)) : raw ? stanza : withoutSecrets(stanza),
          };
        });
      };
      return {
        kind: 'Config',
        apiVersion: 'v1',
        ...(!isEmpty(kept.preferences) && { preferences: kept.preferences }),
        clusters: listed('clusters'),
        users: listed('users'),
        contexts: listed('contexts'),
        'current-context': kept['current-context'],
        ...(kept.extensions.length > 0 && { extensions: kept.extensions }),
      };
    },
  };
}

/** As MinifyConfig. @throws CommandError where there is nothing to cut down to */
function minified(config: Merged, current: string): Merged {
  if (current === '') throw new CommandError('current-context must exist in order to minify');
  if (!Object.hasOwn(config.contexts, current)) throw new CommandError(`cannot locate context ${current}`);
  const context = config.contexts[current] ?? {};
  const only = (list: List, what: string, name: unknown): Readonly<Record<string, Stanza>> => {
    if (typeof name !== 'string' || name === '') return {};
    const found = Object.hasOwn(config[list], name) ? config[list][name] : undefined;
    if (!found) throw new CommandError(`cannot locate ${what} ${name}`);
    return { [name]: found };
  };
  return {
    ...config,
    'current-context': current,
    contexts: { [current]: context },
    clusters: only('clusters', 'cluster', context.cluster),
    users: only('users', 'user', context.user),
  };
}

/** What is shown in place of what must not be (as ShortenConfig and RedactSecrets). */
const HIDDEN: Readonly<Record<string, string>> = {
  token: 'REDACTED',
  password: 'REDACTED',
  'certificate-authority-data': 'DATA+OMITTED',
  'client-certificate-data': 'DATA+OMITTED',
  'client-key-data': 'DATA+OMITTED',
};

const withoutSecrets = (stanza: Stanza): Stanza =>
  Object.fromEntries(Object.entries(stanza).map(([key, found]) => [key, HIDDEN[key] ?? found]));

const INLINED = ['certificate-authority', 'client-certificate', 'client-key'];

/** As FlattenConfig. @throws CommandError for a file that can't be read */
function inlined(stanza: Stanza, folder: string): Stanza {
  const whole = { ...stanza };
  for (const key of INLINED) {
    const { [key]: file, [`${key}-data`]: data } = whole;
    if (typeof file !== 'string') continue;
    if (!isEmpty(data)) throw new CommandError('cannot have values for both path and contents');
    delete whole[key];
    whole[`${key}-data`] = contentOf(path.isAbsolute(file) ? file : path.join(folder, file));
  }
  return whole;
}

function contentOf(file: string): string {
  try {
    return fs.readFileSync(file).toString('base64');
  } catch {
    throw new CommandError(`open ${file}: no such file or directory`);
  }
}
