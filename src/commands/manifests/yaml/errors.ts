/** What a YAML text is refused with: libyaml's words, and the line as go-yaml counts it. */
import { CommandError } from '../../../core/client/errors';

/** A document that is no YAML, or whose content has no JSON form. The message begins behind `error parsing FILE: `. */
export class YamlError extends CommandError {
  constructor(problem: string) {
    super(`error converting YAML to JSON: ${problem}`);
  }
}

/** go-yaml names no line for what is wrong in the first one. */
const place = (line: number): string => (line > 0 ? `line ${line}: ` : '');

/** Of the scanner, which counts lines from one; `line` is counted from zero. */
export const scanError = (line: number, problem: string): YamlError =>
  new YamlError(`yaml: ${place(line === 0 ? 0 : line + 1)}${problem}`);

/** Of the parser, which counts them from zero. */
export const parseError = (line: number, problem: string): YamlError => new YamlError(`yaml: ${place(line)}${problem}`);

/** Of what comes after parsing, where lines are forgotten. */
export const decodeError = (problem: string): YamlError => new YamlError(`yaml: ${problem}`);
