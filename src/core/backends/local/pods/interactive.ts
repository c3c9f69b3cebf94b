/** A shell that somebody types at: a line at a time, with folder, variables and last status kept from one to the next. */
import type { PodContainer } from '../../../apiserver/container-runtime';
import type { ContainerInput } from '../../../client/container-backend';
import { modelOf } from '../../../kubelet/catalogue';
import type { RunWish, ShellOutcome } from '../../../kubelet/shell';
import { loadShell } from './load-shell';

export interface Talk {
  readonly container: PodContainer;
  /** Which shell it is: `sh`, `bash`. */
  readonly shell: string;
  readonly input: Extract<ContainerInput, { kind: 'typed' }>;
  stdout(bytes: Uint8Array): void;
  /** Runs one command; undefined where the container has ended. */
  run(wish: RunWish): Promise<ShellOutcome | undefined>;
}

/** Set behind each command: where it is missing, the shell has left. */
const ALIVE = 'STSCTL_STATUS';
/** Variables of the shell itself, which it makes anew. */
const OWN = [ALIVE, '?', 'SHELLOPTS', 'BASHOPTS', 'OSTYPE', 'MACHTYPE', 'HOSTTYPE', 'OPTIND'];
/** What can end a shell from within. A command that only went wrong does not. */
const LEAVES = /(^|[^\w-])(exit|logout|exec|source|eval|\.)([^\w-]|$)/;
const KILLED = 137;
const INTERRUPTED = 130;

/** Talks until the shell leaves or its input ends. Returns its exit code. */
export async function converse(talk: Talk): Promise<number> {
  const { completenessOf } = await loadShell();
  const { input } = talk;
  let state: Pick<RunWish, 'env' | 'cwd'> = {};
  let status = 0;
  let text = '';
  const say = (words: string): void => {
    if (input.tty) talk.stdout(new TextEncoder().encode(words));
  };
  for (;;) {
    const prompt = text === '' ? promptOf(talk, state) : '> ';
    const typed = await input.readLine(input.tty ? prompt : '');
    if (typed.kind === 'interrupt') {
      text = '';
      status = INTERRUPTED;
      continue;
    }
    if (typed.kind === 'end' && text === '') {
      say('\n');
      return status;
    }
    if (typed.kind === 'line') text += typed.text;
    const completeness = completenessOf(text);
    if (completeness === 'incomplete' && typed.kind === 'line') {
      text += '\n';
      continue;
    }
    if (text.trim() !== '') {
      const line = `(exit ${status})\n${text}\n${ALIVE}=$?`;
      const outcome = await talk.run({ ...state, line: completeness === 'complete' ? line : text, daemon: false });
      if (!outcome) return KILLED;
      const { env, exitCode, timedOut } = outcome;
      const isOver = !timedOut && env[ALIVE] === undefined && LEAVES.test(text);
      status = Number(env[ALIVE] ?? exitCode ?? (timedOut ? INTERRUPTED : 1));
      if (isOver) return status;
      if (env.PWD !== undefined) state = { env: without(env), cwd: env.PWD };
    }
    if (typed.kind === 'end') return status;
    text = '';
  }
}

const without = (env: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !OWN.includes(name)));

/** As the shells of the usual images prompt. */
function promptOf({ container, shell }: Talk, { env, cwd }: Pick<RunWish, 'env' | 'cwd'>): string {
  const model = modelOf(container.image);
  const folder = cwd ?? container.workingDir ?? model?.workingDir ?? '/';
  const sign = (container.runAsUser ?? 0) === 0 ? '#' : '$';
  const home = env?.HOME ?? container.env.HOME ?? '/root';
  const short = folder === home ? '~' : folder.startsWith(`${home}/`) ? `~${folder.slice(home.length)}` : folder;
  if (shell === 'bash') {
    const user = sign === '#' ? 'root' : 'I have no name!';
    return /^(centos|fedora|rockylinux|almalinux)$/.test(model?.name ?? '')
      ? `[${user}@${container.hostname} ${short === '~' ? '~' : short.split('/').at(-1) || '/'}]${sign} `
      : `${user}@${container.hostname}:${short}${sign} `;
  }
  // busybox' shell tells the folder, the one of Debian does not.
  return !model || model.shells.includes('ash') ? `${short} ${sign} ` : `${sign} `;
}
