/** Programs about the container itself that the shell's library lacks or answers for itself: who, where, how much. */
import type { PodContainer } from '../../../apiserver/container-runtime';
import { toTime } from '../../../meta/time';
import type { DatedFs } from '../dated';
import { fail, ok, type Program, type ProgramContext, type ProgramResult } from '../program';
import { dd } from './dd';
import { ls } from './ls';
import { tar } from './tar';

type Run = (args: readonly string[], context: ProgramContext) => Promise<ProgramResult> | ProgramResult;

const program = (name: string, run: Run): Program => ({ name, run: async (args, context) => run(args, context) });

const KERNEL = '6.1.0';

/** Their names. */
export const SYSTEM_PROGRAMS: readonly string[] = [
  'hostname',
  'whoami',
  'id',
  'uname',
  'nproc',
  'sync',
  'chown',
  'chgrp',
  'umask',
  'ulimit',
  'ps',
  'kill',
  'mktemp',
  'uptime',
  'dd',
];

export function systemPrograms(container: PodContainer, dated: DatedFs): readonly Program[] {
  const uid = container.runAsUser ?? 0;
  const user = uid === 0 ? 'root' : undefined;
  return [
    program('hostname', (args, context) => hostname(args, context)),
    program('whoami', () => (user ? ok(`${user}\n`) : fail(`whoami: unknown uid ${uid}\n`))),
    program('id', (args) => id(args, uid, user)),
    program('uname', (args) => uname(args, container.hostname)),
    program('nproc', () => ok('2\n')),
    program('sync', () => ok()),
    program('chown', (args, context) => changeOwner('chown', args, context)),
    program('chgrp', (args, context) => changeOwner('chgrp', args, context)),
    program('umask', (args) => (args.length === 0 ? ok('0022\n') : ok())),
    program('ulimit', () => ok('unlimited\n')),
    program('ps', (_, context) => ps(context)),
    program('kill', (args) => kill(args)),
    program('mktemp', (args, context) => mktemp(args, context)),
    program('sleep', (args, context) => sleep(args, context)),
    program('tail', (args, context) => tail(args, context)),
    program('date', (args, context) => date(args, context)),
    program('ls', (args, context) => dated.whileListing(() => ls(args, context))),
    program('touch', touch),
    program('tar', tar),
    program('dd', dd),
    program('uptime', (_, context) =>
      ok(` ${toTime(context.now()).slice(11, 19)} up 1 day,  load average: 0.00, 0.00, 0.00\n`),
    ),
  ];
}

function hostname(args: readonly string[], { container, network }: ProgramContext): ProgramResult {
  const [option] = args;
  if (option === undefined || option === '-s') return ok(`${container.hostname}\n`);
  if (option === '-i' || option === '-I') return ok(`${container.podIP}\n`);
  if (option === '-f' || option === '-d') {
    const [record] = network.lookup(container.podIP, 'PTR').records;
    const name = record?.value ?? container.hostname;
    return ok(`${option === '-f' ? name : name.split('.').slice(1).join('.')}\n`);
  }
  return fail('hostname: you must be root to change the host name\n');
}

function id(args: readonly string[], uid: number, user: string | undefined): ProgramResult {
  const [option] = args;
  if (option === '-u' || option === '-g' || option === '-G') return ok(`${uid}\n`);
  if (option === '-un' || option === '-gn') return user ? ok(`${user}\n`) : fail(`id: unknown ID ${uid}\n`);
  const name = user ? `(${user})` : '';
  return ok(`uid=${uid}${name} gid=${uid}${name} groups=${uid}${name}\n`);
}

function uname(args: readonly string[], node: string): ProgramResult {
  const parts: Readonly<Record<string, string>> = {
    s: 'Linux',
    n: node,
    r: KERNEL,
    v: '#1 SMP',
    m: 'x86_64',
    o: 'GNU/Linux',
  };
  const letters = args.join('').replaceAll('-', '') || 's';
  const wanted = letters.includes('a') ? 'snrvmo' : letters;
  if (![...wanted].every((letter) => letter in parts)) return fail(`uname: invalid option -- '${letters}'\n`);
  return ok(`${[...wanted].map((letter) => parts[letter]).join(' ')}\n`);
}

/** Owners are not kept: the files are the user's own. What does not exist is said. */
async function changeOwner(name: string, args: readonly string[], context: ProgramContext): Promise<ProgramResult> {
  const [owner, ...paths] = args.filter((arg) => !arg.startsWith('-'));
  if (owner === undefined || paths.length === 0) return fail(`${name}: missing operand\n`);
  const missing: string[] = [];
  for (const path of paths) {
    if (!(await context.fs.exists(context.fs.resolvePath(context.cwd, path)))) {
      missing.push(`${name}: cannot access '${path}': No such file or directory\n`);
    }
  }
  return missing.length > 0 ? fail(missing.join('')) : ok();
}

function ps({ container }: ProgramContext): ProgramResult {
  const command = container.argv.length > 0 ? container.argv.join(' ') : container.image.replace(/[:@].*$/, '');
  return ok(`PID   USER     TIME  COMMAND\n    1 root      0:00 ${command}\n   42 root      0:00 ps\n`);
}

function kill(args: readonly string[]): ProgramResult {
  const pid = args.findLast((arg) => /^\d+$/.test(arg));
  if (pid === undefined) return fail('kill: you need to specify whom to kill\n');
  if (pid === '1') return fail("kill: (1): the container's first process is not simulated; delete the pod instead\n");
  return fail(`kill: (${pid}): No such process\n`);
}

const SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

async function sleep(args: readonly string[], context: ProgramContext): Promise<ProgramResult> {
  if (args.length === 0) return fail('sleep: missing operand\n');
  if (args.includes('infinity') || args.includes('inf')) return context.runsOn();
  let ms = 0;
  for (const arg of args) {
    const [, number, unit = ''] = /^(\d+(?:\.\d*)?|\.\d+)([smhd]?)$/.exec(arg) ?? [];
    if (number === undefined) return fail(`sleep: invalid number '${arg}'\n`);
    ms += Number(number) * (SECONDS[unit] ?? 1) * 1000;
  }
  await context.sleep(ms);
  return ok();
}

/** The container's time, unless another one is asked for. */
function date(args: readonly string[], context: ProgramContext): Promise<ProgramResult> {
  const isOther = args.some((arg) => /^(-[a-zA-Z]*[dr]|--date|--reference)/.test(arg));
  return context.original(isOther ? args : ['-d', `@${Math.floor(context.now() / 1000)}`, ...args]);
}

/** The container's time, unless another one is asked for. */
function touch(args: readonly string[], context: ProgramContext): Promise<ProgramResult> {
  const isOther = args.some((arg) => /^(-[a-zA-Z]*[drt]|--date|--reference)/.test(arg));
  return context.original(isOther ? args : ['-d', new Date(context.now()).toISOString(), ...args]);
}

/** Following a file never ends: what is there is shown, and the program runs on. */
async function tail(args: readonly string[], context: ProgramContext): Promise<ProgramResult> {
  const follows = (arg: string) => /^-[a-zA-Z]*[fF]/.test(arg) || arg.startsWith('--follow');
  if (!args.some(follows)) return context.original(args);
  const others = args
    .map((arg) => (follows(arg) ? arg.replace(/[fF]/, '') : arg))
    .filter((arg) => !/^(-|--.*)$/.test(arg));
  const shown = await context.original(others);
  if (shown.exitCode !== 0) return shown;
  context.print(shown.stdout);
  return context.runsOn();
}

async function mktemp(args: readonly string[], context: ProgramContext): Promise<ProgramResult> {
  const isFolder = args.includes('-d');
  for (let i = 1; i < 10_000; i++) {
    const path = `/tmp/tmp.${String(i).padStart(6, '0')}`;
    if (await context.fs.exists(path)) continue;
    if (isFolder) await context.fs.mkdir(path, { recursive: true });
    else await context.fs.writeFile(path, '');
    return ok(`${path}\n`);
  }
  return fail('mktemp: too many temporary files\n');
}
