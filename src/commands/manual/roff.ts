/** Text as man(7) macros: what a page is written with. */

/** Text that stands for itself, wherever it stands. */
export const roff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('~', '\\(ti')
    .replaceAll('^', '\\(ha')
    .replaceAll('"', '\\(dq')
    .replace(/^\./gm, '\\&.');

export const section = (name: string, body: string): string => (body === '' ? '' : `.SH ${name}\n${body}`);

/** Lines that keep their breaks and blanks, indented. */
export const verbatim = (text: string): string => `.RS 4\n.nf\n${roff(text.replace(/\n+$/, ''))}\n.fi\n.RE\n`;

/** A term and, indented below it, what it is. */
export const item = (term: string, text: string): string => `.TP\n${term}\n${paragraphs(text, '.IP')}`;

/** Paragraphs between blank lines; one with an indented line keeps its lines. */
export function paragraphs(text: string, between = '.PP'): string {
  return text
    .trimEnd()
    .split(/\n{2,}/)
    .map((block, i) => `${i > 0 ? `${between}\n` : ''}${/^[ \t]/m.test(block) ? kept(block) : `${roff(block)}\n`}`)
    .join('');
}

/** Indented lines as they are; what stands before them is text. */
function kept(block: string): string {
  const lines = block.split('\n');
  const first = lines.findIndex((line) => /^[ \t]/.test(line));
  const before = lines.slice(0, first).join('\n');
  return `${before && `${roff(before)}\n`}${verbatim(lines.slice(first).join('\n'))}`;
}
