/** What a file system refuses, as programs on a terminal say it. */

const FULL = /ENOSPC: no space left on device, write '[^']*'/g;
const MARK = 'ENOSPC: ';

/** The output with the system's own words where a volume was full. */
export function inPlainWords(bytes: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(bytes);
  if (!text.includes(MARK)) return bytes;
  return new TextEncoder().encode(text.replace(FULL, 'No space left on device'));
}
