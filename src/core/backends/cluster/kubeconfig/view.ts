/** The configuration as `config` shows it: sorted, without secrets, cut down to one context or with its files read in. */
import fs from 'node:fs';
import { CommandError } from '../../../client/errors';
import type { KubeConfigView } from '../../../client/remote';
import type { KubeFile, Named } from './types';

/** `override` is the context of `--context`. */
export function viewOf(config: KubeFile, override: string | undefined): KubeConfigView {
  const current = override || config.currentContext;
  return {
    current,
    contexts: sorted(config.contexts).map(({ name, value }) => ({
      name,
      cluster: value.cluster ?? '',
      user: value.user ?? '',
      namespace: value.namespace ?? '',
    })),
    clusters: sorted(config.clusters).map(({ name }) => name),
    users: sorted(config.users).map(({ name }) => name),
    shown: ({ minify, raw, flatten }) => {
      const kept = minify ? minified(config, current) : config;
      return {
        kind: 'Config',
        apiVersion: 'v1',
        clusters: sorted(kept.clusters).map(({ name, value }) => ({ name, cluster: secrets(value, raw, flatten) })),
        users: sorted(kept.users).map(({ name, value }) => ({ name, user: secrets(value, raw, flatten) })),
        contexts: sorted(kept.contexts).map(({ name, value }) => ({ name, context: value })),
        'current-context': current,
      };
    },
  };
}

const sorted = <T>(entries: readonly Named<T>[]): Named<T>[] =>
  entries.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

/** As MinifyConfig. @throws CommandError where there is nothing to cut down to */
function minified(config: KubeFile, current: string): KubeFile {
  if (current === '') throw new CommandError('current-context must exist in order to minify');
  const context = config.contexts.find(({ name }) => name === current);
  if (!context) throw new CommandError(`cannot locate context ${current}`);
  const { cluster = '', user = '' } = context.value;
  return {
    currentContext: current,
    contexts: [context],
    clusters: config.clusters.filter(({ name }) => name === cluster),
    users: config.users.filter(({ name }) => name === user),
  };
}

/** What must not be shown, and what is shown in its place (as ShortenConfig and RedactSecrets). */
const HIDDEN: Readonly<Record<string, string>> = {
  token: 'REDACTED',
  password: 'REDACTED',
  'certificate-authority-data': 'DATA+OMITTED',
  'client-certificate-data': 'DATA+OMITTED',
  'client-key-data': 'DATA+OMITTED',
};
const INLINED = ['certificate-authority', 'client-certificate', 'client-key'];

function secrets(value: object, raw: boolean, flatten: boolean): object {
  const shown: [string, unknown][] = [];
  for (const [key, found] of Object.entries(value)) {
    if (flatten && INLINED.includes(key) && typeof found === 'string' && found !== '')
      shown.push([`${key}-data`, raw ? inlined(found) : 'DATA+OMITTED']);
    else shown.push([key, raw || !(key in HIDDEN) ? found : HIDDEN[key]]);
  }
  return Object.fromEntries(shown);
}

function inlined(file: string): string {
  try {
    return fs.readFileSync(file).toString('base64');
  } catch {
    throw new CommandError(`open ${file}: no such file or directory`);
  }
}
