/** What the --raw flags share: a path of the API, asked as a client over HTTP would ask. */
import { CommandError } from '../core/client/errors';
import type { OneRequest } from '../core/server/once';
import { notYet } from './flags/spec';
import type { Context } from './verb';
import { serverVersion } from './version';

/** @throws CommandError for what is no path of a URL */
export function checkPath(path: string): void {
  if (!path.startsWith('/'))
    throw new CommandError(`--raw must be a valid URL path: parse ${JSON.stringify(path)}: invalid URI for request`);
  const wrong = /%(?![0-9a-f]{2}).{0,2}/i.exec(path.split('?')[0]!);
  if (wrong)
    throw new CommandError(
      `--raw must be a valid URL path: parse ${JSON.stringify(path)}: invalid URL escape ${JSON.stringify(wrong[0])}`,
    );
}

/** Prints what the path of --raw answers. @throws CommandError for a watch, ApiError as the server refuses */
export async function answerRaw(context: Context, method: OneRequest['method'], body?: string): Promise<void> {
  const { flags, host, io } = context;
  const url = flags.string('raw');
  if (method === 'GET' && asksToWatch(url)) throw notYet('--raw with a watch', 'use "get -w"');
  const backend = await context.backend();
  if (backend.remote)
    return io.out(await backend.remote.raw({ method, path: url, ...(body !== undefined && { body }) }));
  const { answerOnce } = await import('../core/server/once');
  const text = await answerOnce(backend, {
    method,
    url,
    ...(body !== undefined && { body }),
    userAgent: 'kubectl',
    version: serverVersion(host.platform),
    explanations: () => host.asset('explain.json'),
    parseYaml: async (source) => (await import('./manifests/yaml')).parseYaml(source),
  });
  io.out(text);
}

function asksToWatch(url: string): boolean {
  const [path = '', query = ''] = url.split('?', 2);
  const watch = new URLSearchParams(query).get('watch');
  const isAsked = watch !== null && watch !== 'false' && watch !== '0';
  return isAsked || /^\/(?:api\/[^/]+|apis\/[^/]+\/[^/]+)\/watch\//.test(path);
}
