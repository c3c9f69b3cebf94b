/**
 * The line `"sum"` of a state file: a MurmurHash3 of everything else in it, so that a bit which flipped inside a value is noticed.
 * Who edits the file takes the line out; a file without it is taken as it is.
 */
import { murmur3 } from '../../meta/murmur3';

const SEALED = /^(\{"schema":[^\n]*,\n)"sum":"([0-9a-f]{8})",\n/;

/** The text of a document that begins with `head`, a line, with the line of its sum behind that. */
export const sealed = (head: string, body: string): string =>
  `${head}${sumLine(murmur3(new TextEncoder().encode(head + body)))}${body}`;

/** The same as the bytes of its text, in pieces: encoded once, though they are summed and written. */
export function sealedBytes(head: string, body: string): Uint8Array[] {
  const bytes = new TextEncoder().encode(head + body);
  const line = new TextEncoder().encode(head).length;
  return [bytes.subarray(0, line), new TextEncoder().encode(sumLine(murmur3(bytes))), bytes.subarray(line)];
}

/** Whether a text that has a sum is the very one that it was made for. */
export function isIntact(text: string): boolean {
  const [line, head, sum] = SEALED.exec(text) ?? [];
  return line !== undefined && textOf(murmur3(new TextEncoder().encode(head + text.slice(line.length)))) === sum;
}

/** Whether a text says what it ought to be. */
export const hasSum = (text: string): boolean => SEALED.test(text);

const textOf = (sum: number): string => sum.toString(16).padStart(8, '0');

const sumLine = (sum: number): string => `"sum":"${textOf(sum)}",\n`;
