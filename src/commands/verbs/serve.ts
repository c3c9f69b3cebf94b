/** `stsctl serve`. */
import { CommandError } from '../../core/client/errors';
import { parseDuration } from '../../core/meta/duration';
import type { ServingPort } from '../host';
import { parseGates } from '../session';
import { usageError } from '../targets';
import type { Context, Verb } from '../verb';
import { serverVersion } from '../version';

export const verb: Verb = {
  usage: 'serve [--port N] [--kubeconfig-out FILE] [--clock wall|virtual] [--audit-log FILE]',
  long:
    'Offers the simulated cluster as the Kubernetes API on this machine, until it is interrupted.\n\n' +
    'Clients find address and token in a kubeconfig file that only its owner can read; without the token nobody is let in. ' +
    'The cluster stays in the state file: other commands can be used beside the server, and each sees what the other did.\n\n' +
    'Other machines can be let in with --listen, which takes a certificate of yours; they need the token as well.\n\n' +
    'On the wall clock the cluster lives in real time. On the virtual clock time jumps from one event to the next as soon as ' +
    'clients had a moment to react: --pace while somebody watches, --idle while nobody does.',
  examples: `# Serve the cluster on any free port, for "kubectl --kubeconfig stsctl.kubeconfig get pods" in another shell
stsctl serve --kubeconfig-out stsctl.kubeconfig

# Serve it on a fixed port, with time passing as fast as it can
stsctl serve --port 36443 --clock virtual

# Write down who asked for what, in the form of the audit log of a cluster
stsctl serve --audit-log audit.log

# Let other machines in
stsctl serve --listen 0.0.0.0 --tls-cert-file server.crt --tls-private-key-file server.key`,
  flags: [
    { name: 'port', type: 'int', default: '0', help: 'The port; 0 takes any that is free.' },
    {
      name: 'listen',
      type: 'string',
      default: '127.0.0.1',
      help: 'The address to listen on. One that other machines can reach needs --tls-cert-file and --tls-private-key-file.',
    },
    {
      name: 'tls-cert-file',
      type: 'string',
      default: '',
      help: 'The certificate of the server, in PEM, with the chain behind it; one of its own unless told.',
    },
    { name: 'tls-private-key-file', type: 'string', default: '', help: 'The key that belongs to --tls-cert-file.' },
    {
      name: 'audit-log',
      type: 'string',
      default: '',
      help: 'A file to add an event of audit.k8s.io/v1 to for each request, a line each; "-" for standard output.',
    },
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
      default: '500ms',
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
  const address = flags.string('listen');
  const own = ownCredentials(context, address);
  const clock = clockFlag(flags.string('clock'));
  const state = flags.string('state') || undefined;
  const gates = gatesOf(context);
  const paceMs = pause(context, 'pace');
  const idleMs = flags.string('idle') === 'never' ? Number.POSITIVE_INFINITY : pause(context, 'idle');
  const kubeconfig = flags.string('kubeconfig-out') || serving.kubeconfigPath(state);
  const report = (error: unknown): void => {
    host.stderr.write(`stsctl serve: ${error instanceof Error ? error.message : String(error)}\n`);
  };
  const audit = auditSink(serving, flags.string('audit-log'), report);
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
    const { startServer, selfSigned, isValid, newToken, troubleWith } = await import('../../core/server');
    const known = knownSecrets(serving, secretsPath(kubeconfig));
    const secrets =
      known && isValid(known, serving.now()) ? known : { token: newToken(), ...selfSigned(serving.now()) };
    const credentials = own ?? secrets;
    const trouble = own && troubleWith(own);
    if (trouble) throw new CommandError(`cannot use ${flags.string('tls-cert-file')}: ${trouble}`);
    const server = await startServer({
      backend,
      port,
      address,
      audit,
      token: secrets.token,
      credentials,
      host: { now: serving.now, after: serving.after, report },
      version: serverVersion(host.platform),
      explanations: () => host.asset('explain.json'),
      parseYaml: async (text) => (await import('../manifests/yaml')).parseYaml(text),
    }).catch((error: unknown) => {
      throw portError(error, port, address);
    });
    save(serving, secretsPath(kubeconfig), `${JSON.stringify(secrets, undefined, 2)}\n`);
    const path = save(serving, kubeconfig, kubeconfigText(server.url, { ...secrets, ...credentials }));
    io.out(`serving the Kubernetes API at ${server.url}\nexport KUBECONFIG=${path}\n`);
    await io.flush();
    await stopped;
    await server.close();
  } finally {
    await backend.close();
  }
}

/**
 * The certificate and key that the user named; undefined for those that the server makes. Throws CommandError, above all for
 * an address that others can reach without them.
 */
function ownCredentials({ flags, host }: Context, address: string) {
  const [certificate, key] = [flags.string('tls-cert-file'), flags.string('tls-private-key-file')];
  if (!isAddress(address)) throw new CommandError(`invalid address ${JSON.stringify(address)}: must be an IP address`);
  if ((certificate === '') !== (key === ''))
    throw new CommandError('--tls-cert-file and --tls-private-key-file must be given together');
  if (certificate === '' && !isLoopback(address))
    throw new CommandError(
      `--listen ${address} lets other machines in: name a certificate for it with --tls-cert-file and --tls-private-key-file`,
    );
  const read = (name: string): string => {
    try {
      return new TextDecoder().decode(host.files.read(name));
    } catch (error) {
      throw new CommandError(`cannot read ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return certificate === '' ? undefined : { certificate: read(certificate), key: read(key) };
}

function auditSink(serving: ServingPort, path: string, report: (error: unknown) => void) {
  if (path === '') return undefined;
  let add: (line: string) => void;
  try {
    add = serving.appendPrivate(path);
  } catch (error) {
    throw new CommandError(`cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return (event: object): void => {
    try {
      add(JSON.stringify(event));
    } catch (error) {
      report(error);
    }
  };
}

const isLoopback = (address: string): boolean => /^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(address);
const isAddress = (address: string): boolean =>
  /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]*|localhost)$/i.test(address);

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

function portError(error: unknown, port: number, address: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return new CommandError(`port ${port} is taken: choose another with --port`);
  if (code === 'EADDRNOTAVAIL') return new CommandError(`${address} is no address of this machine`);
  if (code === 'EACCES') return new CommandError(`port ${port} may not be used: choose one above 1023`);
  return error;
}
