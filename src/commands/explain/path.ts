/** The word that `explain` takes: a kind and the path of fields inside it, written as a JSONPath of names alone. */
import { CommandError } from '../../core/client/errors';

/**
 * The word cut at its dots; a dot at the end is not looked at (as SplitAndParseResourceRequest).
 *
 * @throws CommandError for what JSONPath knows but a path of fields must not hold: indexes, wildcards, `..`
 */
export function pathOf(word: string): readonly string[] {
  if (/^\.?$/.test(word)) throw new CommandError('a resource must be present, got: /, Resource=');
  if (/\[[^\]]*$/.test(word)) throw new CommandError('unterminated array');
  if (/^\.|\[|\*|\.\.[^.]/.test(word)) throw new CommandError('invalid jsonpath syntax, first node must be field node');
  return word.replace(/\.$/, '').split('.');
}
