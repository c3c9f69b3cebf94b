/**
 * tar, over the one of the shell's library: members of an archive never begin with a slash, so that it can be unpacked
 * anywhere (as GNU tar without -P).
 */
import type { ProgramContext, ProgramResult } from '../program';

/** Options whose value is the next word. */
const VALUED = 'fCTXbgKNLFV';
const LONG_VALUED = /^--(file|directory|files-from|exclude-from|exclude|transform|strip-components)$/;
const NOTICE = "tar: Removing leading `/' from member names\n";

export async function tar(args: readonly string[], context: ProgramContext): Promise<ProgramResult> {
  const words = withoutRoot(args);
  const result = await context.original(words ?? args);
  return words ? { ...result, stderr: `${NOTICE}${result.stderr}` } : result;
}

/** The words that pack the same files as members of the root; undefined where nothing is packed, or nothing by its full path. */
function withoutRoot(args: readonly string[]): readonly string[] | undefined {
  const kept: string[] = [];
  const members: string[] = [];
  let creates = false;
  let keepsSlash = false;
  let isOver = false;
  // Values of the options so far that are still to come.
  const due: string[] = [];
  args.forEach((word, i) => {
    const option = due.shift();
    if (option !== undefined) kept.push(option === 'C' ? '/' : word);
    else if (isOver) members.push(word);
    else if (word === '--') isOver = true;
    else if (word.startsWith('--')) {
      if (word === '--create') creates = true;
      if (word === '--absolute-names') keepsSlash = true;
      if (LONG_VALUED.test(word)) due.push(word === '--directory' ? 'C' : word);
      kept.push(word.startsWith('--directory=') ? '--directory=/' : word);
    } else if (i === 0 || (word.startsWith('-') && word !== '-')) {
      if (word.includes('c')) creates = true;
      if (word.includes('P')) keepsSlash = true;
      for (const letter of word) if (VALUED.includes(letter)) due.push(letter);
      kept.push(word);
    } else members.push(word);
  });
  const isFull = members.length > 0 && members.every((member) => member.startsWith('/'));
  if (!creates || keepsSlash || !isFull) return undefined;
  return [...kept, '-C', '/', ...members.map((member) => member.replace(/^\/+/, '') || '.')];
}
