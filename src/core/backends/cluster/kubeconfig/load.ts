/** The kubeconfig that a command works with: which files, merged how (as clientcmd's ClientConfigLoadingRules). */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ClusterHost } from '../host';
import { readKubeFile } from './file';
import type { KubeFile, Named } from './types';

/** The files in the order in which they count; those of the environment need not be there. */
export function kubeFiles(explicit: string | undefined, env: ClusterHost['env']): readonly string[] {
  return explicit ? [explicit] : precedence(undefined, env).filter((file) => fs.existsSync(file));
}

/** The same, whether or not they are there. */
export function precedence(explicit: string | undefined, env: ClusterHost['env']): readonly string[] {
  if (explicit) return [explicit];
  const listed = (env.KUBECONFIG ?? '').split(path.delimiter).filter((name) => name !== '');
  return listed.length > 0 ? [...new Set(listed)] : [path.join(env.HOME || home(), '.kube', 'config')];
}

/** Empty for a user who has none, as upstream's homedir. */
function home(): string {
  try {
    return os.homedir();
  } catch {
    return '';
  }
}

/** The first file that sets something wins. @throws CommandError for a file that can't be used */
export function loadKubeConfig(files: readonly string[]): KubeFile {
  const read = files.map(readKubeFile);
  return {
    currentContext: read.find(({ currentContext }) => currentContext !== '')?.currentContext ?? '',
    clusters: firstOfEach(read.flatMap(({ clusters }) => clusters)),
    users: firstOfEach(read.flatMap(({ users }) => users)),
    contexts: firstOfEach(read.flatMap(({ contexts }) => contexts)),
  };
}

function firstOfEach<T>(entries: readonly Named<T>[]): Named<T>[] {
  const found = new Map<string, Named<T>>();
  for (const entry of entries) if (!found.has(entry.name)) found.set(entry.name, entry);
  return [...found.values()];
}
