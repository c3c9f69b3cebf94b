/** `stsctl serve`. */
import { CommandError } from '../../core/client/errors';
import { parseDuration } from '../../core/meta/duration';
import type { ServingPort } from '../host';
import { parseGates } from '../session';
import { usageError } from '../targets';
import type { Context, Verb } from '../verb';
import { versionInfo } from '../version';

export const verb: Verb = {
  usage: 'serve [--port N] [--kubeconfig-out FILE] [--clock wall|virtual]',
  long:
    'Offers the simulated cluster as the Kubernetes API on this machine, until it is interrupted.\n\n' +
    'Clients find address and token in a kubeconfig file that only its owner can read; without the token nobody is let in. ' +
    'The cluster stays in the state file: other commands can be used beside the server, and each sees what the other did.\n\n' +
    'On the wall clock the cluster lives in real time. On the virtual clock time jumps from one event to the next as soon as ' +
    'clients had a moment to react: --pace while somebody watches, --idle while nobody does.',
  examples: `# Serve the cluster on any free port, for "kubectl --kubeconfig stsctl.kubeconfig get pods" in another shell
stsctl serve --kubeconfig-out stsctl.kubeconfig

# Serve it on a fixed port, with time passing as fast as it can
stsctl serve --port 36443 --clock virtual`,
  flags: [
    { name: 'port', type: 'int', default: '0', help: 'The port on 127.0.0.1; 0 takes any that is free.' },
    {
      name: 'kubeconfig-out',
      type: 'string',
      default: '',
      help: 'Where to write the kubeconfig; beside the state file unless told. One of an earlier run stays valid.',
    },
    { name: 'clock', type: 'string', default: '', help: 'wall or virtual; as the cluster has it unless told.' },
    {
      name: 'pace',
      type: 'string',
      default: '20ms',
      help: 'On the virtual clock: how long clients that watch are given to react before time jumps on.',
    },
    {
      name: 'idle',
      type: 'string',
      default: '200ms',
      help: 'On the virtual clock: how long nobody asks for anything before time jumps on; "never" lets it stand still.',
    },
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { args, flags, host, io } = context;
  if (args.length > 0) throw usageError(context, `Unexpected args: [${args.join(' ')}]`);
  const { serving } = host;
  if (!serving) throw new CommandError('no server can run here');
  const port = flags.int('port');
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new CommandError(`invalid port ${flags.string('port')}: must be between 0 and 65535`);
  const clock = clockFlag(flags.string('clock'));
  const state = flags.string('state') || undefined;
  const gates = gatesOf(context);
  const paceMs = pause(context, 'pace');
  const idleMs = flags.string('idle') === 'never' ? Number.POSITIVE_INFINITY : pause(context, 'idle');
  const kubeconfig = flags.string('kubeconfig-out') || serving.kubeconfigPath(state);
  const report = (error: unknown): void => {
    host.stderr.write(`stsctl serve: ${error instanceof Error ? error.message : String(error)}\n`);
  };
  const stopped = serving.stopped();
  const backend = await serving.open({
    ...(state && { state }),
    ...(gates && { gates }),
    ...(clock && { clock }),
    paceMs,
    idleMs,
    onTrouble: report,
  });
  try {
    const { startServer, selfSigned, isValid, newToken } = await import('../../core/server');
    const known = knownSecrets(serving, secretsPath(kubeconfig));
    const secrets =
      known && isValid(known, serving.now()) ? known : { token: newToken(), ...selfSigned(serving.now()) };
    const server = await startServer({
      backend,
      port,
      token: secrets.token,
      credentials: secrets,
      host: { now: serving.now, after: serving.after, report },
      version: versionInfo(),
      explanations: () => host.asset('explain.json'),
      parseYaml: async (text) => (await import('../manifests/yaml')).parseYaml(text),
    }).catch((error: unknown) => {
      throw portError(error, port);
    });
    save(serving, secretsPath(kubeconfig), `${JSON.stringify(secrets, undefined, 2)}\n`);
    const path = save(serving, kubeconfig, kubeconfigText(server.url, secrets));
    io.out(`serving the Kubernetes API at ${server.url}\nexport KUBECONFIG=${path}\n`);
    await io.flush();
    await stopped;
    await server.close();
  } finally {
    await backend.close();
  }
}

function clockFlag(text: string): 'wall' | 'virtual' | undefined {
  if (text === '') return undefined;
  if (text === 'wall' || text === 'virtual') return text;
  throw new CommandError(`unknown clock ${JSON.stringify(text)}: expected wall or virtual`);
}

function pause({ flags }: Context, name: string): number {
  const text = flags.string(name);
  try {
    const ms = parseDuration(text);
    if (ms >= 0) return ms;
  } catch {
    // Said below.
  }
  throw new CommandError(`invalid value ${JSON.stringify(text)} for --${name}: must be a duration such as 20ms`);
}

function gatesOf({ flags, host }: Context): Readonly<Record<string, boolean>> | undefined {
  const given = flags.changed('feature-gates') ? flags.list('feature-gates') : undefined;
  const gates = given ?? (host.env.STSCTL_FEATURE_GATES ?? '').split(',').filter((gate) => gate !== '');
  return gates.length > 0 ? parseGates(gates) : undefined;
}

/** What clients know the server by, and it them. */
interface Secrets {
  readonly token: string;
  readonly certificate: string;
  readonly key: string;
}

const secretsPath = (kubeconfig: string): string => `${kubeconfig}.server`;

/** The secrets of an earlier run: clients that have its kubeconfig need no new one. */
function knownSecrets(serving: ServingPort, path: string): Secrets | undefined {
  try {
    const value: unknown = JSON.parse(serving.readPrivate(path) ?? 'null');
    if (typeof value !== 'object' || value === null) return undefined;
    const { token, certificate, key } = value as Partial<Record<string, unknown>>;
    const isWhole = typeof token === 'string' && token.length >= 43;
    return isWhole && typeof certificate === 'string' && typeof key === 'string'
      ? { token, certificate, key }
      : undefined;
  } catch {
    return undefined;
  }
}

function save(serving: ServingPort, path: string, text: string): string {
  try {
    return serving.writePrivate(path, text);
  } catch (error) {
    throw new CommandError(`cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const kubeconfigText = (url: string, { token, certificate }: Secrets): string => `apiVersion: v1
kind: Config
clusters:
- name: stsctl
  cluster:
    server: ${url}
    certificate-authority-data: ${btoa(certificate)}
users:
- name: stsctl
  user:
    token: ${token}
contexts:
- name: stsctl
  context:
    cluster: stsctl
    user: stsctl
current-context: stsctl
`;

function portError(error: unknown, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return new CommandError(`port ${port} is taken: choose another with --port`);
  if (code === 'EACCES') return new CommandError(`port ${port} may not be used: choose one above 1023`);
  return error;
}
