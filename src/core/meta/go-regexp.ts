/**
 * Go's regular expressions (RE2's syntax). They are matched in time linear in the text, whatever the expression is: those that come with
 * foreign objects can't be made to run for ever.
 */
import { RE2JS } from 're2js';

/** The parser takes its time over more, characters. */
const MAX_LENGTH = 10_000;
const MAX_KNOWN = 500;

let known: Map<string, RE2JS | Error> | undefined;

/** What is wrong with an expression, as regexp.Compile says it; undefined where nothing is. */
export function goRegExpError(pattern: string): string | undefined {
  const compiled = compile(pattern);
  return compiled instanceof Error ? compiled.message : undefined;
}

/** Whether the expression matches somewhere in the text; undefined for one that goRegExpError complains of. */
export function goRegExpMatches(pattern: string, text: string): boolean | undefined {
  const compiled = compile(pattern);
  return compiled instanceof Error ? undefined : compiled.matcher(text).find();
}

function compile(pattern: string): RE2JS | Error {
  known ??= new Map();
  let compiled = known.get(pattern);
  if (compiled === undefined) {
    compiled = parse(pattern);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(pattern, compiled);
  }
  return compiled;
}

function parse(pattern: string): RE2JS | Error {
  if (pattern.length > MAX_LENGTH) return new Error('error parsing regexp: expression too large');
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
