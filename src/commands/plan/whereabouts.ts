/** The commands that a plan advises, so that they go where the plan was made: to the same cluster, or state file. */
import { commandText } from '../command-text';

/** Global flags that say which cluster is meant. */
const WHERE: readonly string[] = ['cluster', 'context', 'kubeconfig', 'server', 'state', 'user'];

/** Every line of advice with the flags that say where, as `words` had them. */
export function goingThere(text: string, words: readonly string[]): string {
  const flags = whereFlags(words);
  return flags.length === 0 ? text : text.replace(/^( +stsctl) /gm, (_, head) => `${head} ${commandText(flags)} `);
}

function whereFlags(words: readonly string[]): string[] {
  const found: string[] = [];
  for (let i = 0; i < words.length && words[i] !== '--'; i++) {
    const [, name, value] = /^--([a-z]+)(?:=(.*))?$/s.exec(words[i]) ?? [];
    if (name === undefined || !WHERE.includes(name)) continue;
    found.push(`--${name}=${value ?? words[++i] ?? ''}`);
  }
  return found;
}
