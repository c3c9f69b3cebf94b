/**
 * Names of files as text. Most are UTF-8; one that is not keeps its bytes, as one character each behind a mark that no valid name
 * can hold, so that it is found again and put back under the very same name.
 */
import { join } from 'node:path';

/** Half a character: nothing that was read as UTF-8 holds one. */
const MARK = '\udcff';

export function nameOfBytes(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  const raw = bytes.toString('latin1');
  return !text.includes('\ufffd') || rawOf(text) === raw ? text : MARK + raw;
}

/** The bytes of a name, a character each. */
const rawOf = (name: string): string =>
  name.startsWith(MARK) ? name.slice(1) : Buffer.from(name, 'utf8').toString('latin1');

/** Where a path of such names is below a folder, for the system. */
export function placeOf(root: string, path: string): string | Buffer {
  if (path === '') return root;
  if (!path.includes(MARK)) return join(root, path);
  return Buffer.from(`${rawOf(root)}/${path.split('/').map(rawOf).join('/')}`, 'latin1');
}

/** The same for whoever reads it: in quotes where it holds what no line or terminal should. */
export const readableName = (path: string): string =>
  /[\p{Cc}\p{Cs}"\\]/u.test(path) ? JSON.stringify(path.replaceAll(MARK, '')).replaceAll('\x7f', '\\u007f') : path;
