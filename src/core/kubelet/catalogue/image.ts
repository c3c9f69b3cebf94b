/** An image's name taken apart, and what families of images have in common. */
import type { PodContainer } from '../../apiserver/container-runtime';
import type { Program, ProgramContext, ProgramResult } from '../shell/program';
import { fail } from '../shell/program';

export interface ImageName {
  /** `docker.io` where none is named. */
  readonly registry: string;
  /** Without registry and `library/`: `nginx`, `nginxinc/nginx-unprivileged`. */
  readonly repository: string;
  /** `latest` where none is named. */
  readonly tag: string;
}

/** `k8s.gcr.io/zookeeper:3.4.10@sha256:…`: registry, repository and tag; a digest says nothing. */
export function parseImage(image: string): ImageName {
  const [name = ''] = image.split('@');
  const slash = name.indexOf('/');
  const host = slash < 0 ? '' : name.slice(0, slash);
  const isHost = /[.:]/.test(host) || host === 'localhost';
  const path = isHost ? name.slice(slash + 1) : name;
  const colon = path.lastIndexOf(':');
  const repository = (colon < 0 ? path : path.slice(0, colon)).replace(/^library\//, '');
  const registry = isHost ? host.replace(/^(index|registry-1)\.docker\.io$/, 'docker.io') : 'docker.io';
  return { registry, repository, tag: colon < 0 ? 'latest' : path.slice(colon + 1) };
}

export const isAlpine = ({ tag }: ImageName): boolean => /alpine/.test(tag);

/** The numbers that a tag begins with, or those of the newest one known. */
export const versionOf = ({ tag }: ImageName, newest: string): string => /^v?(\d+(?:\.\d+)*)/.exec(tag)?.[1] ?? newest;

/** Whether a container runs its image's daemon: by itself, or because its command names it. */
export function runsDaemon({ argv }: PodContainer, daemons: readonly string[]): boolean {
  if (argv.length === 0) return true;
  const words = argv.join(' ').split(/[\s;&|()]+/);
  return words.some((word) => daemons.includes(word.replace(/^.*\//, '').replaceAll(/["']/g, '')));
}

/**
 * Files for programs that lie elsewhere than in /bin. The shell knows a program by an empty file of its name in /usr/bin;
 * in other folders a line leads there.
 */
export function programFiles(paths: readonly string[]): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const path of paths) {
    const home = `/usr/bin/${path.replace(/^.*\//, '')}`;
    files[home] = '';
    if (path !== home) files[path] = `#!/bin/sh\nexec ${home} "$@"\n`;
  }
  return files;
}

/** The shell hands a script no more than nine words, so programs are looked for in /usr/bin before the lines that lead there. */
export const PATH = '/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/sbin:/bin';

/** An entrypoint script that puts the daemon before options and runs anything else as it is. */
export const entrypoint = (
  daemon: string,
  prepare?: (context: ProgramContext) => ProgramResult | undefined,
): Program => ({
  name: 'docker-entrypoint.sh',
  run: async (args, context) => {
    const [first] = args;
    const words = first === undefined ? [daemon] : first.startsWith('-') ? [daemon, ...args] : [...args];
    const refused = words[0] === daemon ? prepare?.(context) : undefined;
    if (refused) return refused;
    if (words[0] === undefined) return fail('docker-entrypoint.sh: no command\n');
    return context.exec(words.map(quoted).join(' '));
  },
});

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
