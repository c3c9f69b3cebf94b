/** Commands that read what is typed: shells, and programs that wait for input before they do anything. */
import { everyContainer } from '../../../api/pod';
import type { Pod } from '../../../api/types';
import type { PodContainer } from '../../../apiserver/container-runtime';
import { modelOf } from '../../../kubelet/catalogue';

const SHELLS = ['sh', 'bash', 'ash', 'dash'];
/** Without a file they read their input. */
const FILTERS = ['cat', 'tee', 'sort', 'wc', 'tac', 'base64', 'md5sum'];

const nameOf = (word = ''): string => word.replace(/^.*\//, '');

/** `sh`, `bash -il`, `/bin/sh -i`: a shell that is to take lines, and which one; undefined for anything else. */
export function shellOf(argv: readonly string[]): string | undefined {
  const [program, ...options] = argv;
  const name = nameOf(program);
  if (!SHELLS.includes(name)) return undefined;
  return options.every((word) => /^(-[il]+|--login|-)$/.test(word)) ? name : undefined;
}

/** What the container runs: its command, or its image's own. */
export const commandOf = ({ argv, image }: PodContainer): readonly string[] =>
  argv.length > 0 ? argv : (modelOf(image)?.entrypoint ?? []);

/** Whether the container's command waits for somebody to attach: its stdin is kept open, and it reads it. */
export function waitsForInput(pod: Pod, container: PodContainer): boolean {
  const spec = everyContainer(pod).find(({ name }) => name === container.ref.container);
  return spec?.stdin === true && readsInput(commandOf(container));
}

function readsInput(argv: readonly string[]): boolean {
  const [first, ...rest] = argv;
  // An entrypoint script runs the words behind it.
  if (/entrypoint\.sh$/.test(first ?? '')) return readsInput(rest);
  if (shellOf(argv)) return true;
  const [program, ...words] = argv;
  const name = nameOf(program);
  if (FILTERS.includes(name)) return words.every((word) => word.startsWith('-'));
  if (name === 'mysql' || name === 'mariadb') return !words.some((word) => /^(-e|--execute)/.test(word));
  if (name === 'redis-cli')
    return words.every((word, i) => word.startsWith('-') || /^-[hpan]$/.test(words[i - 1] ?? ''));
  return false;
}
