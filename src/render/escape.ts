/** Keeps text from steering the terminal: escape and carriage return are spelled out (as cli-runtime's WriteEscaped). */

export function escapeTerminal(text: string): string {
  if (!text.includes('\u001b') && !text.includes('\r')) return text;
  return text.replaceAll('\u001b', '^[').replaceAll('\r', '\\r');
}
