/**
 * Patterns with `*` for any characters, matched without backtracking: a text is compared at most once with each part of the pattern
 * from each of its places.
 */

/** What stands for one character, or `*` for any number of them. */
export type WildcardPart = '*' | ((character: string) => boolean);

/** Whether the whole text is what the parts say. Takes as many steps as the text has characters times the parts, at most. */
export function matchesParts(parts: readonly WildcardPart[], text: string): boolean {
  let at = 0;
  let part = 0;
  // Where to go on from when the part behind the last star does not fit.
  let star = -1;
  let from = 0;
  while (at < text.length) {
    const wanted = parts[part];
    if (wanted === '*') {
      star = part++;
      from = at;
    } else if (wanted?.(text[at]!)) {
      at++;
      part++;
    } else if (star >= 0) {
      part = star + 1;
      at = ++from;
    } else return false;
  }
  while (parts[part] === '*') part++;
  return part === parts.length;
}

/** Whether the whole text is what the pattern says, in which `*` stands for any characters and every other for itself. */
export function matchesWildcard(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
