/** Reads the worst inputs one after the other, in a process with little memory. Each line of its output tells what begins. */
import { parseDocuments } from '../../../src/commands/manifests/documents';
import { GoTemplate } from '../../../src/core/meta/go-template';
import { parseJson } from '../../../src/core/meta/json';
import { JsonPath } from '../../../src/core/meta/jsonpath';
import { parseSelector } from '../../../src/core/meta/labels';
import { applyJsonPatch } from '../../../src/core/meta/patch/json-patch';
import { mergePatch } from '../../../src/core/meta/patch/merge-patch';
import { Quantity } from '../../../src/core/meta/quantity';

const list = (length: number): number[] => Array.from({ length }, (_, i) => i);
const yaml = async (text: string): Promise<void> => {
  const { error } = await parseDocuments(new TextEncoder().encode(text));
  if (error && !('userFacing' in error) && error.constructor.name !== 'CommandError') throw error;
};
const aliases = (of: (i: number) => string, levels: number): string =>
  [`a0: &a0 {x: 1}`, ...list(levels).map((i) => `a${i + 1}: &a${i + 1} ${of(i)}`)].join('\n');
const tree = (depth: number): unknown =>
  depth === 0 ? 1 : { a: tree(depth - 1), b: tree(depth - 1), c: [tree(depth - 1)] };
const template = (text: string, data: unknown): string => GoTemplate.parse(text).execute(data);
const path = (text: string): string => JsonPath.parse(text).execute(tree(8));

const CASES: Readonly<Record<string, () => unknown>> = {
  'aliases of aliases': () => yaml(aliases((i) => `[${`*a${i},`.repeat(9)}]`, 12)),
  'merges of merges': () => yaml(aliases((i) => `{<<: [*a${i}, *a${i}], k${i}: *a${i}}`, 40)),
  'a long list by many names': () => yaml(`a: &a [${'x,'.repeat(1000)}]\nb: [${'*a,'.repeat(20_000)}]`),
  'a long text by many names': () => yaml(`a: &a "${'x'.repeat(100_000)}"\nb: [${'*a,'.repeat(20_000)}]`),
  brackets: () => yaml('['.repeat(500_000)),
  documents: () => yaml('---\na: 1\n'.repeat(20_000)),
  'JSON in JSON': () => parseJson(`${'['.repeat(500_000)}`),
  'a number': () => parseJson('9'.repeat(200_000)),
  'an exponent': () => [Quantity.parse('1e18'), Quantity.parse('1e999999999')],
  digits: () => Quantity.parse(`0.${'0'.repeat(500_000)}1`),
  'a selector': () => parseSelector(`a in (${'b,'.repeat(200_000)}c)`),
  'a text that doubles': () =>
    template('{{$x := "aaaaaaaa"}}{{range .}}{{$x = print $x $x}}{{end}}{{len $x}}', list(40)),
  'a text that doubles and is printed': () =>
    template('{{$x := "aaaaaaaa"}}{{range .}}{{$x = print $x $x}}{{$x}}{{end}}', list(40)),
  'ranges in ranges': () => template(`${'{{range $}}'.repeat(8)}x${'{{end}}'.repeat(8)}`, list(100)),
  'a wide number': () => template('{{printf "%999999999d" 1}}{{printf "%.999999999f" 1.0}}', {}),
  'a path down and down': () => path('{..*..*..*..*}'),
  'a path down by name': () => path(`{${'..a'.repeat(20)}}`),
  'all of all of all': () => path(`{${'[*]'.repeat(30)}}{${'.*'.repeat(30)}}`),
  unions: () => path(`{['${"a','".repeat(2000)}a']}`),
  'a slice': () => JsonPath.parse('{[0:999999999999:1]}').execute(list(10)),
  'copies of copies': () =>
    applyJsonPatch(
      { a: ['x'.repeat(100)] },
      list(9000).map(() => ({ op: 'copy', from: '/a', path: '/a/-' })),
    ),
  'a far place in a list': () => applyJsonPatch({ a: [] }, [{ op: 'add', path: '/a/999999999', value: 1 }]),
  'a deep merge': () => {
    const deep = parseJson(`${'{"a":'.repeat(900)}1${'}'.repeat(900)}`);
    return mergePatch(deep, deep);
  },
};

/** Errors that only a mistake in the program throws. */
const BUGS = ['TypeError', 'RangeError', 'ReferenceError'];

for (const [name, read] of Object.entries(CASES)) {
  process.stdout.write(`${name}\n`);
  try {
    await read();
  } catch (error) {
    if (!(error instanceof Error) || error.message === '' || BUGS.includes(error.constructor.name)) throw error;
  }
}
process.stdout.write('done\n');
