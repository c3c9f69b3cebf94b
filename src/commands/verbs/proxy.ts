/** `stsctl proxy`. */
import { CommandError } from '../../core/client/errors';
import type { FlagSpec } from '../flags/spec';
import type { Answering } from '../host';
import { usageError } from '../targets';
import type { Context, Verb } from '../verb';

const text = (name: string, value: string, help: string): FlagSpec => ({ name, type: 'string', default: value, help });

export const verb: Verb = {
  usage: 'proxy [--port=PORT] [--api-prefix=PREFIX] [flags]',
  long:
    'Passes requests to a port of this machine on to the API server of a real cluster, with the credentials of its context, ' +
    'until Ctrl-C. Whoever can reach the port needs no credentials.\n\n' +
    'The simulated cluster has a server of its own: see "stsctl serve".',
  examples: `# The API of the cluster "prod" at http://127.0.0.1:8001
stsctl proxy --context prod

# On any free port, below /k8s/, for reading only
stsctl proxy --context prod --port 0 --api-prefix /k8s/ --reject-methods 'POST,PUT,PATCH,DELETE'`,
  flags: [
    {
      name: 'port',
      short: 'p',
      type: 'int',
      default: '8001',
      help: 'The port to listen on; 0 takes any that is free.',
    },
    text('address', '127.0.0.1', 'The IP address to listen on.'),
    text('api-prefix', '/', 'The path below which the API is offered.'),
    text('accept-paths', '^.*', 'Regular expressions, parted by commas, of paths to let through.'),
    text(
      'reject-paths',
      '^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach',
      'Regular expressions of paths to refuse, whatever --accept-paths says.',
    ),
    text(
      'accept-hosts',
      '^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$',
      'Regular expressions of the hosts by whose name the proxy may be asked.',
    ),
    text('reject-methods', '^$', 'Regular expressions of methods to refuse, as in POST,PUT,PATCH.'),
    {
      name: 'disable-filter',
      type: 'bool',
      default: 'false',
      help: 'Let everything through. Pages of the web that you open could then reach the cluster.',
    },
    ...['www', 'unix-socket'].map(
      (name): FlagSpec => ({
        name,
        type: 'string',
        later: true,
        help: '',
        short: name === 'www' ? 'w' : 'u',
      }),
    ),
    { name: 'www-prefix', short: 'P', type: 'string', later: true, help: '' },
    { name: 'append-server-path', type: 'bool', default: 'false', help: '', later: true },
    { name: 'keepalive', type: 'duration', default: '0s', help: '', later: true },
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { args, flags, host, io } = context;
  if (args.length > 0) throw usageError(context, `Unexpected args: [${args.join(' ')}]`);
  const accepts = filterOf(context);
  const backend = await context.backend();
  const { remote } = backend;
  if (!remote)
    throw new CommandError(
      'the simulated cluster has no server to pass requests on to: offer it with "stsctl serve", or name a real cluster with --context',
    );
  const { listening } = host;
  if (!listening) throw new CommandError('no ports of this machine can be listened on from here');
  const prefix = `/${flags.string('api-prefix')}/`.replace(/\/+/g, '/');
  const address = flags.string('address');
  const answering: Answering = async (request, answer) => {
    if (!accepts(request)) return answer(403, TEXT, words('Forbidden\n'));
    if (!request.path.startsWith(prefix)) return answer(404, TEXT, words('404 page not found\n'));
    const path = `/${request.path.slice(prefix.length)}`;
    let passed: Awaited<ReturnType<typeof remote.passOn>>;
    try {
      passed = await remote.passOn({ ...request, path });
    } catch (error) {
      io.err(`error while proxying request: ${error instanceof Error ? error.message : String(error)}\n`);
      io.show();
      return answer(502, TEXT, words(''));
    }
    try {
      await answer(passed.code, passed.headers, passed.body);
    } finally {
      passed.close();
    }
  };
  const stopped = listening.stopped();
  const open = await listening.listenHttp(address, flags.int('port'), answering).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const why = code === 'EADDRINUSE' ? 'bind: address already in use' : error instanceof Error ? error.message : error;
    throw new CommandError(`listen tcp ${address}:${flags.int('port')}: ${why}`);
  });
  io.out(`Starting to serve on ${address.includes(':') ? `[${address}]` : address}:${open.port}\n`);
  await io.flush();
  await stopped;
  open.close();
}

const TEXT = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };

async function* words(text: string): AsyncIterable<Uint8Array> {
  yield new TextEncoder().encode(text);
}

/** As FilterServer: hosts without their port, paths without their query. @throws CommandError */
function filterOf({ flags }: Context): (request: Parameters<Answering>[0]) => boolean {
  const list = (name: string): readonly RegExp[] =>
    flags
      .string(name)
      .split(',')
      .map((source) => {
        try {
          return new RegExp(source);
        } catch (error) {
          throw new CommandError(`invalid --${name}: ${error instanceof Error ? error.message : String(error)}`);
        }
      });
  const [paths, rejected, hosts, methods] = ['accept-paths', 'reject-paths', 'accept-hosts', 'reject-methods'].map(
    list,
  );
  const isAny = (all: readonly RegExp[] | undefined, word: string): boolean =>
    (all ?? []).some((one) => one.test(word));
  if (flags.bool('disable-filter')) return () => true;
  return ({ method, path, headers }) => {
    const bare = path.replace(/\?.*$/, '');
    const host = String(headers.host ?? '').replace(/:\d+$/, '');
    return !isAny(rejected, bare) && !isAny(methods, method) && isAny(paths, bare) && isAny(hosts, host);
  };
}
