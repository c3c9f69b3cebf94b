/** Flags of `plan` that stand behind the planned command, where they are the command's: a note that says where they belong. */
import { commandText } from '../command-text';

/** @param failure what the command said when it was refused; @returns nothing where there is nothing to be said */
export function misplacedNote(command: readonly string[], failure: string | undefined, output: string): string {
  const [, own] = /^error: unknown flag: (--(?:until|compare))$/m.exec(failure ?? '') ?? [];
  if (own !== undefined) {
    const { value, rest } = taken(command, (word) => match(word, [own]));
    return value === undefined
      ? ''
      : `Note: ${own} is plan's own, and stands before the command: stsctl plan ${commandText([`${own}=${value}`, ...rest])}\n`;
  }
  if (failure !== undefined || output !== '') return '';
  const { value, rest } = taken(command, (word) => match(word, ['--output', '-o']));
  if (value !== 'json' && value !== 'yaml') return '';
  return `Note: -o ${value} is the command's own here; the plan as ${value}: stsctl plan ${commandText(['-o', value, ...rest])}\n`;
}

/** What stands in the same word behind one of the names; undefined where the value is the next word. */
function match(word: string, names: readonly string[]): { readonly value: string | undefined } | undefined {
  if (names.includes(word)) return { value: undefined };
  const name = names.find((one) => word.startsWith(one.startsWith('--') ? `${one}=` : one));
  return name === undefined ? undefined : { value: word.slice(name.length).replace(/^=/, '') };
}

/** The value of a flag, and the words without it: what stands behind `--` is somebody else's. */
function taken(
  words: readonly string[],
  find: (word: string) => { readonly value: string | undefined } | undefined,
): { readonly value?: string; readonly rest: readonly string[] } {
  const dash = words.indexOf('--');
  const end = dash < 0 ? words.length : dash;
  for (let i = 0; i < end; i++) {
    const found = find(words[i]);
    if (!found) continue;
    const used = found.value === undefined ? 2 : 1;
    return { value: found.value ?? words[i + 1] ?? '', rest: [...words.slice(0, i), ...words.slice(i + used)] };
  }
  return { rest: words };
}
