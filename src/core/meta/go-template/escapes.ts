/** html, js, urlquery and kubectl's base64decode. */
import { corruptByte } from '../base64';

const HTML: Readonly<Record<string, string>> = {
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\0': '\ufffd',
};

export const html = (text: string): string => text.replace(/["'&<>\0]/g, (c) => HTML[c]!);

export const js = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are written as escapes
  text.replace(/[\\'"<>&=\u0000-\u001f]|[^\u0000-\u007f\p{L}\p{M}\p{N}\p{P}\p{S}]/gu, (c) => {
    if (c === '\\' || c === "'" || c === '"') return `\\${c}`;
    return `\\u${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
  });

export const urlquery = (text: string): string =>
  [...new TextEncoder().encode(text)]
    .map((byte) => {
      const c = String.fromCharCode(byte);
      if (/[A-Za-z0-9\-_.~]/.test(c)) return c;
      return c === ' ' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

/** @throws Error that says at which byte the text stops being base64 */
export function base64decode(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const corrupt = corruptByte(bytes);
  if (corrupt !== undefined) throw new Error(`base64 decode failed: illegal base64 data at input byte ${corrupt}`);
  const binary = atob(text.replace(/[\r\n]/g, ''));
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(binary, (c) => c.charCodeAt(0)));
}
