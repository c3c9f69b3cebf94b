/** A server's settings, out of its command and the configuration file that it names. */
import type { PodContainer } from '../../../apiserver/container-runtime';

export interface Settings {
  /** The configuration file that the command names, absolute. */
  readonly file: string | undefined;
  readonly port: number;
  readonly isCluster: boolean;
  /** The folder of the data. */
  readonly dir: string;
  /** Where the cluster's state is, absolute. */
  readonly nodesFile: string;
  readonly password: string | undefined;
  readonly announced: string | undefined;
  /** The primary that it follows: host and port. */
  readonly replicaOf: readonly [string, number] | undefined;
  /** Every setting by its name, as `CONFIG GET` shows it. */
  readonly all: Readonly<Record<string, string>>;
}

/** Of a running server. The file's text comes from its mounts; `text` where somebody has read it from elsewhere. */
export function settingsOf(container: PodContainer, text?: string): Settings {
  return settings(serverWords(container.argv), container, text);
}

/** The words that follow the server's name in a command, also in one that a shell runs. */
function serverWords(argv: readonly string[]): readonly string[] {
  const words = argv.length > 1 && argv.some((word) => /\s/.test(word)) ? argv.join(' ').split(/[\s"']+/) : argv;
  const at = words.findIndex((word) => /(^|\/)(redis|valkey)-server$/.test(word));
  if (at >= 0) return words.slice(at + 1);
  return words.filter((word) => !/docker-entrypoint\.sh$/.test(word));
}

export function settings(words: readonly string[], container: PodContainer, text?: string): Settings {
  const [first] = words;
  const dirOf = container.workingDir ?? '/data';
  const file = first !== undefined && !first.startsWith('-') && /[./]/.test(first) ? absolute(first, dirOf) : undefined;
  const all: Record<string, string> = {};
  if (file !== undefined) Object.assign(all, lines(text ?? provided(container, file) ?? ''));
  Object.assign(all, flags(words.slice(file === undefined ? 0 : 1)));
  const dir = absolute(all.dir ?? dirOf, dirOf);
  const [primary, primaryPort] = (all.replicaof ?? all.slaveof ?? '').split(/\s+/);
  return {
    file,
    port: Number(all.port ?? 6379),
    isCluster: all['cluster-enabled'] === 'yes',
    dir,
    nodesFile: absolute(all['cluster-config-file'] ?? 'nodes.conf', dir),
    password: all.requirepass || undefined,
    announced: all['cluster-announce-ip'] || undefined,
    replicaOf: primary && primary !== 'no' ? [primary, Number(primaryPort ?? 6379)] : undefined,
    all,
  };
}

const absolute = (path: string, folder: string): string =>
  path.startsWith('/') ? path : `${folder.replace(/\/$/, '')}/${path.replace(/^\.\//, '')}`;

/** The text of a file that the API provides through a mount. */
function provided({ mounts }: PodContainer, path: string): string | undefined {
  for (const mount of mounts) {
    if (mount.source.kind !== 'provided') continue;
    for (const file of mount.source.files) {
      const whole = mount.subPath === file.path ? mount.path : `${mount.path}/${file.path}`;
      if (whole === path)
        return typeof file.content === 'string' ? file.content : new TextDecoder().decode(file.content);
    }
  }
  return undefined;
}

function lines(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const [, name, value] = /^\s*([\w-]+)\s+(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) found[name.toLowerCase()] = value.replace(/^"(.*)"$/, '$1');
  }
  return found;
}

/** `--name value…` */
function flags(words: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  let name: string | undefined;
  for (const word of words) {
    if (word.startsWith('--')) {
      name = word.slice(2).toLowerCase();
      found[name] = '';
    } else if (name !== undefined) found[name] = found[name] === '' ? word : `${found[name]} ${word}`;
  }
  return found;
}
