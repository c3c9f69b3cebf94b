/** What somebody types at a shell: whether a command is complete, or goes on in the next line. */
import { parse } from 'just-bash';

export type Completeness = 'complete' | 'incomplete' | 'wrong';

/** As a shell decides between its two prompts. */
export function completenessOf(text: string): Completeness {
  if (/(^|[^\\])(\\\\)*\\$/.test(text) || /(&&|\|)\s*$/.test(text) || hasOpenDocument(text)) return 'incomplete';
  try {
    parse(text);
    return 'complete';
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    return /got EOF|unexpected EOF/.test(message) ? 'incomplete' : 'wrong';
  }
}

/** `<<WORD` whose last line has not come yet. */
function hasOpenDocument(text: string): boolean {
  const [, word] = /(?<!<)<<-?\s*(['"]?[A-Za-z_]\w*['"]?)/.exec(text) ?? [];
  if (word === undefined) return false;
  const end = word.replaceAll(/['"]/g, '');
  return !text
    .split('\n')
    .slice(1)
    .some((line) => line.trim() === end);
}
