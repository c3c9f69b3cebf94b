/** Keeps text from steering the terminal: escape and carriage return are spelled out (as cli-runtime's WriteEscaped). */

export function escapeTerminal(text: string): string {
  if (!text.includes('\u001b') && !text.includes('\r')) return text;
  return text.replaceAll('\u001b', '^[').replaceAll('\r', '\\r');
}

/** The same of a text that stands in a line or a table: white space of any kind is one blank. */
export const onOneLine = (text: string): string =>
  escapeTerminal(text)
    .trim()
    .replaceAll(/[\t\n\v\f ]+/g, ' ');
