/** A command line as a shell has to be given it, so that it reads the same words and the same input again. */

/** Words that a shell takes as they are. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** One word, in quotes where it needs them. */
export function quoted(word: string): string {
  if (PLAIN.test(word)) return word;
  if (!word.includes("'")) return `'${word}'`;
  return /["$`\\!\n]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : `"${word}"`;
}

/** Assignments in front of a command. */
export const assignments = (env: Readonly<Record<string, string>>): string =>
  Object.entries(env)
    .map(([name, value]) => `${name}=${quoted(value)} `)
    .join('');

/** The command with what it was given as its standard input. */
export function withInput(command: string, input: Uint8Array): string {
  const text = readable(input);
  if (text === undefined) return `base64 -d <<'EOF' | ${command}\n${base64Lines(input)}EOF`;
  if (!text.endsWith('\n')) return `printf %s ${quoted(text)} | ${command}`;
  const lines = new Set(text.split('\n'));
  let end = 'EOF';
  for (let n = 1; lines.has(end); n++) end = `EOF${n}`;
  return `${command} <<'${end}'\n${text}${end}`;
}

/** The text of what can stand in a script; undefined for bytes that are no text, or that a shell would lose. */
function readable(input: Uint8Array): string | undefined {
  if (input.length === 0 || input.includes(0) || input.includes(13)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(input);
  } catch {
    return undefined;
  }
}

function base64Lines(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replace(/.{1,76}/g, '$&\n');
}
