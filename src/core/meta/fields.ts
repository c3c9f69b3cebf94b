/** Field selectors ("status.phase=Running,metadata.name!=web-0"), as k8s.io/apimachinery/pkg/fields. */

export interface FieldRequirement {
  readonly field: string;
  readonly value: string;
  /** True for `!=`. */
  readonly negate: boolean;
}

/**
 * The requirements of a field selector, sorted as upstream sorts its terms. In values, a backslash takes the special meaning
 * from a comma, an equals sign or a backslash. Throws Error with the words of fields.ParseSelector.
 */
export function parseFieldSelector(text: string): FieldRequirement[] {
  const requirements: FieldRequirement[] = [];
  for (const term of splitTerms(text).sort()) {
    if (term === '') continue;
    const operator = /!=|==?/.exec(term);
    if (operator === null) throw new Error(`invalid selector: '${text}'; can't understand '${term}'`);
    requirements.push({
      field: term.slice(0, operator.index),
      value: unescapeValue(term.slice(operator.index + operator[0].length)),
      negate: operator[0] === '!=',
    });
  }
  return requirements;
}

/** Terms between commas; an escaped comma is part of its term. */
function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '\\') index++;
    else if (text[index] === ',') {
      terms.push(text.slice(start, index));
      start = index + 1;
    }
  }
  terms.push(text.slice(start));
  return terms;
}

function unescapeValue(value: string): string {
  if (!/[\\,=]/.test(value)) return value;
  let plain = '';
  for (let index = 0; index < value.length; index++) {
    const character = value[index]!;
    if (character === '\\') {
      const next = value[++index];
      if (next === undefined || !'\\,='.includes(next)) {
        throw new Error(`invalid field selector: invalid escape sequence: \\${next ?? ''}`);
      }
      plain += next;
    } else if (character === ',' || character === '=') {
      // Upstream prints the character's number here.
      throw new Error(`invalid field selector: unescaped character in value: ${character.charCodeAt(0)}`);
    } else plain += character;
  }
  return plain;
}
