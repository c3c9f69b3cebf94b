/** `redis-server` and `redis-cli`. */
import { fail, ok, type Program, type ProgramContext, type ProgramResult } from '../../shell/program';
import { entrypoint } from '../image';
import { connectTo, type Target } from './connect';
import { createCluster, describe, parseTarget, VERDICT } from './create';
import { error, type Reply, render } from './reply';
import { RedisServer, rejoin } from './server';
import { settings } from './settings';
import { countSlots, SLOTS } from './slots';

export async function redisPrograms(
  names: readonly string[],
  version: string,
  isSmall: boolean,
): Promise<readonly Program[]> {
  const { busyboxClients, getent } = await import('../../network/programs');
  const own = names.flatMap((name) => [server(`${name}-server`, version), cli(`${name}-cli`, version)]);
  return [...own, entrypoint(`${names[0]}-server`), getent, ...(isSmall ? busyboxClients() : [])];
}

const server = (name: string, version: string): Program => ({
  name,
  run: async (args, context) => {
    if (args.includes('--version') || args.includes('-v')) {
      return ok(`Redis server v=${version} sha=00000000:0 malloc=jemalloc bits=64\n`);
    }
    const { container, fs, network } = context;
    const { file } = settings(args, container);
    if (file !== undefined && !(await fs.exists(file))) {
      return fail(`Fatal error, can't open config file '${file}': No such file or directory\n`);
    }
    const text = file === undefined ? undefined : await fs.readFile(file);
    const own = settings(args, container, text);
    const stamp = new Date(context.now()).toISOString();
    context.print(`1:C ${stamp.slice(0, 19).replace('T', ' ')} # ${name} is starting\n`);
    if (own.isCluster) {
      const running = RedisServer.own(
        container,
        own,
        { fs, log: () => undefined },
        { network, now: context.now() },
        version,
      );
      await rejoin(running);
    }
    context.print(`1:M ${stamp.slice(0, 19).replace('T', ' ')} * Ready to accept connections\n`);
    return context.runsOn();
  },
});

interface Invocation {
  readonly target: Target;
  readonly password: string | undefined;
  /** Follow MOVED to the node that it names. */
  readonly follows: boolean;
  readonly formatted: boolean;
  readonly cluster: boolean;
  readonly warned: boolean;
  readonly words: readonly string[];
}

/** redis-cli's options end at the first word that is none. */
function read(args: readonly string[], { env }: ProgramContext): Invocation | string {
  let [host, port, password, follows, cluster] = ['127.0.0.1', 6379, env.get('REDISCLI_AUTH'), false, false];
  let formatted = env.has('TERM');
  let warned = false;
  let isQuiet = false;
  let i = 0;
  for (; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '-h') host = args[++i] ?? '';
    else if (arg === '-p') port = Number(args[++i]);
    else if (arg === '-a' || arg === '--pass') {
      password = args[++i];
      warned = true;
    } else if (arg === '--user' || arg === '-n' || arg === '-r' || arg === '-i' || arg === '-t') i++;
    else if (arg === '-u') {
      const match = /^rediss?:\/\/(?:[^:@]*:([^@]*)@)?([^:/]+)(?::(\d+))?/.exec(args[++i] ?? '');
      if (!match) return 'Invalid URI scheme\n';
      host = match[2] ?? host;
      port = Number(match[3] ?? port);
      password = match[1] ?? password;
    } else if (arg === '-c') follows = true;
    else if (arg === '--raw') formatted = false;
    else if (arg === '--no-raw') formatted = true;
    else if (arg === '--no-auth-warning') isQuiet = true;
    else if (arg === '-2' || arg === '-3' || arg === '-e') continue;
    else if (arg === '--cluster') {
      cluster = true;
      i++;
      break;
    } else if (arg.startsWith('-')) return `Unrecognized option or bad number of args for: '${arg}'\n`;
    else break;
  }
  return {
    target: { host, port },
    password,
    follows,
    formatted,
    cluster,
    warned: warned && !isQuiet,
    words: args.slice(i),
  };
}

const cli = (name: string, version: string): Program => ({
  name,
  run: async (args, context) => {
    if (args[0] === '-v' || args[0] === '--version') return ok(`${name} ${version}\n`);
    const invocation = read(args, context);
    if (typeof invocation === 'string') return fail(invocation);
    const warning = invocation.warned
      ? "Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.\n"
      : '';
    const { stdout, stderr, exitCode } = invocation.cluster
      ? await manage(invocation, context)
      : await talk(invocation, context);
    return { stdout, stderr: warning + stderr, exitCode };
  },
});

/** One command of the command line, or one of each line of standard input. */
async function talk(invocation: Invocation, context: ProgramContext): Promise<ProgramResult> {
  const { target, password, words } = invocation;
  const server = await connectTo(target, password, context);
  if (typeof server === 'string') return fail(`${server}\n`);
  const lines =
    words.length > 0
      ? [words]
      : context.stdin
          .split('\n')
          .map(split)
          .filter((line) => line.length > 0);
  let stdout = '';
  let isWrong = false;
  for (const line of lines) {
    if (/^(quit|exit)$/i.test(line[0] ?? '')) break;
    const { text, reply } = await send(server, line, invocation);
    stdout += text + render(reply, invocation.formatted);
    isWrong = reply.kind === 'error' && words.length > 0;
  }
  // A password that does not fit is told of; redis-cli goes on all the same.
  const wrong =
    password !== undefined && server.settings.password !== undefined && password !== server.settings.password;
  const stderr = wrong ? 'AUTH failed: WRONGPASS invalid username-password pair or user is disabled.\n' : '';
  return { stdout, stderr, exitCode: isWrong ? 1 : 0 };
}

const MAX_REDIRECTS = 16;

async function send(server: RedisServer, line: readonly string[], { follows, formatted }: Invocation) {
  let text = '';
  let at = server;
  for (let i = 0; i < MAX_REDIRECTS; i++) {
    const reply: Reply = await at.execute(line);
    const moved = reply.kind === 'error' ? /^MOVED (\d+) (.+):(\d+)$/.exec(reply.text) : null;
    if (!follows || !moved) return { text, reply };
    const [, slot, host = '', port] = moved;
    if (formatted) text += `-> Redirected to slot [${slot}] located at ${host}:${port}\n`;
    const next = await at.at(host, Number(port));
    if (!next) return { text, reply: error(`Could not connect to Redis at ${host}:${port}: Connection refused`) };
    at = next;
  }
  return { text, reply: error('ERR too many redirections') };
}

/** Words of a line, with quotes. */
function split(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double?.replaceAll(/\\(.)/g, '$1') ?? single ?? bare ?? '',
  );
}

/** `--cluster create|info|check`. */
async function manage({ words, password, target }: Invocation, context: ProgramContext): Promise<ProgramResult> {
  const [action, ...rest] = words;
  const at = rest.indexOf('--cluster-replicas');
  const replicas = at < 0 ? 0 : Number(rest[at + 1]);
  const named = rest.filter((word, i) => !word.startsWith('-') && !(at >= 0 && i === at + 1) && rest[i - 1] !== '-a');
  const inner = rest.indexOf('-a');
  const secret = inner >= 0 ? rest[inner + 1] : password;
  if (!Number.isInteger(replicas) || replicas < 0) return fail('Invalid number of replicas\n');
  if (action === 'create') {
    if (named.length === 0) return fail('[ERR] Wrong number of arguments for specified --cluster sub command\n');
    return createCluster(named, { replicas, yes: rest.includes('--cluster-yes'), password: secret }, context);
  }
  if (action !== 'check' && action !== 'info') {
    return fail(`Unknown --cluster subcommand\n`);
  }
  const [first = ''] = named;
  const chosen = parseTarget(first) ?? (first === '' ? target : undefined);
  if (!chosen)
    return fail(
      `Invalid arguments: you need to pass either a valid address (ie. 120.0.0.1:7000) or space separated IP and port (ie. 120.0.0.1 7000)\n`,
    );
  const server = await connectTo(chosen, secret, context);
  if (typeof server === 'string') return fail(`${server}\n`);
  if (!server.settings.isCluster) return fail(`[ERR] Node ${first} is not configured as a cluster node.\n`);
  return report(server, action, first || `${chosen.host}:${chosen.port}`);
}

async function report(server: RedisServer, action: string, name: string): Promise<ProgramResult> {
  const nodes = await server.nodes();
  const masters = nodes.filter(({ master }) => master === undefined);
  let text = '';
  let keys = 0;
  for (const node of masters) {
    const there = await server.at(node.ip, node.port);
    const own = there ? Object.keys(await there.keys()).length : 0;
    keys += own;
    const replicas = nodes.filter(({ master }) => master === node.id).length;
    text += `${node.ip}:${node.port} (${node.id.slice(0, 8)}...) -> ${own} keys | ${countSlots(node.slots)} slots | ${replicas} slaves.\n`;
  }
  text += `[OK] ${keys} keys in ${masters.length} masters.\n${(keys / SLOTS).toFixed(2)} keys per slot on average.\n`;
  if (action === 'info') return ok(text);
  text += `>>> Performing Cluster Check (using node ${name})\n`;
  for (const node of nodes) {
    const replicas = nodes.filter(({ master }) => master === node.id).length;
    text += describe(node, node.myself ? name : `${node.ip}:${node.port}`, replicas);
  }
  const covered = nodes.reduce((sum, { slots }) => sum + countSlots(slots), 0);
  if (covered === SLOTS) return ok(text + VERDICT);
  const bad = VERDICT.replace('[OK] All 16384 slots covered.', '[ERR] Not all 16384 slots are covered by nodes.\n');
  return { stdout: text + bad, stderr: '', exitCode: 1 };
}
