/** Keeps what comes out of a cluster from steering the terminal, or from turning the direction of what stands beside it. */

/** Control characters, line separators, what changes the direction of text, and halves of characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Surrogate}/gu;

/** The text with every such character spelled out, as in `\u001b`. */
export const plain = (text: string): string =>
  text.replace(UNPRINTABLE, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** At most so many characters, the last one three dots in one where something was cut off. */
export function shortened(text: string, length: number): string {
  const characters = [...text];
  if (characters.length <= length) return text;
  return length <= 0 ? '' : `${characters.slice(0, length - 1).join('')}…`;
}
