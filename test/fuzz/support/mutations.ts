/** Valid inputs made wrong: texts by cutting, doubling and planting; values by putting something hostile somewhere inside. */
import fc from 'fast-check';

/** Words that readers trip over. */
const HOSTILE = [
  '', ' ', '\t', '\n', '\r\n', '\0', '\u2028', '\ufeff', '\ud800', '😀', 'é', '"', "'", '`', '\\', '/', '%', '$', '{', '}', '[', ']', '(', ')', '<', '>',
  ',', ':', ';', '=', '!', '&', '*', '|', '#', '@', '-', '--', '---', '...', '.', '..', '../..', '~', '?', '+', '0', '-0', '1e999', '-1', '9223372036854775808',
  '99999999999999999999999999', '0x', '1e-999', 'NaN', 'Infinity', 'null', 'true', '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty',
  '\u0001', 'ǅ', '%00', '%2e%2e%2f', '$(A)', '((((((((', '[[[[[[[[', '{{{{{{{{', '}}}}}}}}', '"""', '&a *a', '<<: *a', '!!binary', '!!js/function',
] as const; // biome-ignore format: a list

type Edit =
  | { readonly kind: 'cut'; readonly at: number; readonly length: number }
  | { readonly kind: 'plant'; readonly at: number; readonly word: string; readonly times: number }
  | { readonly kind: 'double'; readonly at: number; readonly length: number; readonly to: number };

const place = fc.double({ min: 0, max: 1, noNaN: true });

const edits = (words: readonly string[]): fc.Arbitrary<Edit> =>
  fc.oneof(
    fc.record({ kind: fc.constant('cut' as const), at: place, length: fc.nat(8) }),
    fc.record({
      kind: fc.constant('plant' as const),
      at: place,
      word: fc.oneof(fc.constantFrom(...words, ...words, ...HOSTILE), fc.string({ maxLength: 3, unit: 'binary' })),
      times: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(1, 1, 2) }, { weight: 1, arbitrary: fc.nat(300) }),
    }),
    fc.record({ kind: fc.constant('double' as const), at: place, length: fc.nat(40), to: place }),
  );

function edited(text: string, edit: Edit): string {
  const at = Math.floor(edit.at * text.length);
  if (edit.kind === 'cut') return text.slice(0, at) + text.slice(at + edit.length);
  if (edit.kind === 'plant') return text.slice(0, at) + edit.word.repeat(edit.times) + text.slice(at);
  const to = Math.floor(edit.to * text.length);
  return text.slice(0, to) + text.slice(at, at + edit.length) + text.slice(to);
}

/** One of the texts after some edits, in which the words of the language come often; now and then nothing but words. */
export function textsLike(examples: fc.Arbitrary<string>, words: readonly string[]): fc.Arbitrary<string> {
  const changed = fc
    .tuple(examples, fc.array(edits(words), { maxLength: 5 }))
    .map(([text, changes]) => changes.reduce(edited, text));
  const soup = fc.array(fc.constantFrom(...words, ...HOSTILE), { maxLength: 14 }).map((parts) => parts.join(''));
  return fc.oneof({ weight: 4, arbitrary: changed }, { weight: 1, arbitrary: soup });
}

/** `{"a":{"a":…}}` or `[[…]]`, deeper than a stack of calls goes. */
export function nested(depth: number, list: boolean): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = list ? [value] : { a: value };
  return value;
}

const strange: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    -(2 ** 53),
    2 ** 31,
    '',
    [],
    {},
    [null],
    { a: null },
    [[]],
    [{}],
  ),
  fc.constantFrom<unknown>(...HOSTILE),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map((n) => (n > 2n ** 53n || n < -(2n ** 53n) ? n : Number(n))),
  fc.jsonValue({ maxDepth: 2 }),
);

const keys = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  '',
  'a',
  '$patch',
  'name',
  '../../x',
  'metadata',
  'a/b~c',
);

interface Change {
  readonly steps: readonly number[];
  readonly kind: 'replace' | 'remove' | 'add' | 'double' | 'rename' | 'swap';
  readonly value: unknown;
  readonly key: string;
}

const changes: fc.Arbitrary<Change> = fc.record({
  steps: fc.array(fc.nat(1000), { maxLength: 8 }),
  kind: fc.constantFrom('replace', 'replace', 'remove', 'add', 'double', 'rename', 'swap'),
  value: strange,
  key: keys,
});

/** Own members may be called `__proto__`. */
const put = (object: object, key: string, value: unknown): void => {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
};

/** A copy with one thing changed somewhere inside. */
function changed(value: unknown, change: Change, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return change.value;
  const names = Object.keys(value);
  const step = change.steps[depth];
  if (step === undefined || names.length === 0) return atHere(value, names, change);
  const name = names[step % names.length]!;
  const inner = (value as Record<string, unknown>)[name];
  const copy = copied(value);
  put(copy, name, changed(inner, change, depth + 1));
  return copy;
}

function copied(value: object): object {
  if (Array.isArray(value)) return value.slice();
  const copy = {};
  for (const [key, item] of Object.entries(value)) put(copy, key, item);
  return copy;
}

function atHere(value: object, names: readonly string[], { kind, key, value: planted, steps }: Change): unknown {
  const copy = copied(value) as Record<string, unknown>;
  const name = names[(steps.at(-1) ?? 0) % Math.max(1, names.length)];
  if (Array.isArray(copy)) {
    if (kind === 'remove') copy.splice(Number(name ?? 0), 1);
    else if (kind === 'double' && name !== undefined) copy.push(copy[Number(name)]);
    else if (kind === 'swap') copy.reverse();
    else if (kind === 'add') copy.push(planted);
    else return planted;
    return copy;
  }
  if (kind === 'replace') return planted;
  if (name !== undefined && kind !== 'add') {
    const inner = copy[name];
    if (kind === 'swap') put(copy, name, planted);
    else {
      if (kind !== 'double') Reflect.deleteProperty(copy, name);
      if (kind !== 'remove') put(copy, key, inner);
    }
  } else put(copy, key, planted);
  return copy;
}

/** One of the values after some changes. */
export const valuesLike = (examples: fc.Arbitrary<unknown>, most = 4): fc.Arbitrary<unknown> =>
  fc
    .tuple(examples, fc.array(changes, { maxLength: most }))
    .map(([value, all]) => all.reduce<unknown>((v, c) => changed(v, c), value));
