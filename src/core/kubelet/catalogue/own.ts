/** A model of the user's own: scripts as programs, what listens, and files. */

import type { ImageModel, Listener } from './model';
import { type OwnImage, parseOwnPattern } from './own-pattern';

/** What `image.json` may say. */
export interface OwnDescription {
  readonly listens?: readonly Listener[];
  /** Contents by absolute path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** `pattern`: the name of the folder. `scripts`: contents by program. */
export function ownImage(
  pattern: string,
  scripts: Readonly<Record<string, string>>,
  { listens = [], files = {} }: OwnDescription,
): OwnImage {
  const programs = Object.fromEntries(Object.entries(scripts).map(([name, text]) => [`/usr/bin/${name}`, text]));
  const model: ImageModel = {
    name: pattern,
    listens: () => listens,
    env: {},
    workingDir: '/',
    shells: ['sh'],
    files: () => ({ ...files, ...programs }),
    programs: async () => (await import('../network/programs')).busyboxClients(),
    // What its scripts do not answer is healthy, as of an image that nobody models.
    serveHttp: async () => ({ status: 200, reason: 'OK', headers: { 'Content-Length': '0' }, body: '' }),
  };
  return { matches: parseOwnPattern(pattern), model };
}
