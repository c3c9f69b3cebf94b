/** A command line as it is shown to people: words that a shell would take apart are quoted. */

export const commandText = (argv: readonly string[]): string => argv.map(quoted).join(' ');

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
