import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDocuments } from '../../src/commands/manifests/documents';
import { type FileItem, readManifests } from '../../src/commands/manifests/read';
import { classify } from '../../src/commands/manifests/scalars';
import { CommandError } from '../../src/core/client/errors';
import { memoryFiles } from '../support/cli';

const parse = async (text: string | Uint8Array) => {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const { values, error } = await parseDocuments(bytes);
  return error ? { values, error: error.message } : { values };
};

const one = async (text: string): Promise<unknown> => (await parse(`v: ${text}\n`)).values[0];

describe('scalars', () => {
  // What kubectl 1.36 made of each of these in a ConfigMap.
  const read: [string, unknown][] = [
    ['0777', 511],
    ['0777_0', 4088],
    ['0o17', 15],
    ['0x1F', 31],
    ['0X1F', 31],
    ['0b101', 5],
    ['0b1_0', 2],
    ['-0b11', -3],
    ['+0x1F', 31],
    ['-0777', -511],
    ['1_000', 1000],
    ['1_', 1],
    ['0x_1', 1],
    ['_1', '_1'],
    ['00', 0],
    ['08', 8],
    ['09', 9],
    ['0o8', '0o8'],
    ['0b2', '0b2'],
    ['0x', '0x'],
    ['-0', 0],
    ['+12', 12],
    ['1e3', 1000],
    ['1E-2', 0.01],
    ['1e', '1e'],
    ['.5', 0.5],
    ['+.5', 0.5],
    ['-.5', -0.5],
    ['5.', 5],
    ['1.0', 1],
    ['0777.5', 777.5],
    ['1_000.5', 1000.5],
    ['1e400', '1e400'],
    ['0.1e-400', 0],
    ['1.2.3', '1.2.3'],
    ['0x1p4', '0x1p4'],
    ['1:30', '1:30'],
    ['190:20:30', '190:20:30'],
    ['2026-01-01', '2026-01-01'],
    ['2001-12-14t21:59:43.10-05:00', '2001-12-14t21:59:43.10-05:00'],
    ['y', true],
    ['Y', true],
    ['yes', true],
    ['YES', true],
    ['yEs', 'yEs'],
    ['on', true],
    ['true', true],
    ['tRUE', 'tRUE'],
    ['n', false],
    ['No', false],
    ['OFF', false],
    ['~', null],
    ['Null', null],
    ['', null],
    ['=', '='],
    ['nan', 'nan'],
    ['Infinity', 'Infinity'],
    ['"12"', '12'],
    ["'yes'", 'yes'],
    ['!!str 12', '12'],
    ['!!int "12"', 12],
    ['!!float 3', 3],
    ['!!binary aGVsbG8=', 'hello'],
    ['!foo bar', 'bar'],
    ['!!timestamp 2026-01-01', '2026-01-01'],
    ['!!set {a, b}', { a: null, b: null }],
  ];
  test.each(read)('%s', async (text, value) => expect(await one(text)).toEqual({ v: value }));

  test.each([
    ['.inf', '+Inf'],
    ['-.inf', '-Inf'],
    ['.NaN', 'NaN'],
  ])('%s has no JSON form', async (text, name) => {
    expect(await parse(`v: ${text}\n`)).toEqual({
      values: [],
      error: `error converting YAML to JSON: json: unsupported value: ${name}`,
    });
  });

  test('keys become text', async () => {
    const text = '1: a\n1.5: b\ntrue: c\n0x10: d\n1e30: e\n010: f\n2026-01-01: g\n"": h\n';
    expect((await parse(text)).values).toEqual([
      { '1': 'a', '1.5': 'b', true: 'c', '16': 'd', '1e+30': 'e', '8': 'f', '2026-01-01': 'g', '': 'h' },
    ]);
    expect((await parse('~: x\n')).error).toContain('unsupported map key of type');
  });

  test('never throws and never answers NaN', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.+-_eExXoObBinfaNAyY~:') }), (text) => {
        const scalar = classify(text);
        return (
          !('value' in scalar) || typeof scalar.value !== 'number' || /nan/i.test(text) || !Number.isNaN(scalar.value)
        );
      }),
    );
  });
});

describe('documents', () => {
  test('several, with comments, blank ones and separators that say more', async () => {
    const text = '# only a comment\n---\na: 1\n--- # second\nb: 2\n---\n\n---\nnull\n---   \n{"c": 3}\n';
    expect(await parse(text)).toEqual({ values: [{ a: 1 }, { b: 2 }, { c: 3 }] });
  });

  test('JSON values one after another, or one and then YAML', async () => {
    expect(await parse('{"a":1}{"b":2}\n {"c":"}"}\n')).toEqual({ values: [{ a: 1 }, { b: 2 }, { c: '}' }] });
    expect(await parse('{"a":"}"}\n---\nd: 4\n')).toEqual({ values: [{ a: '}' }, { d: 4 }] });
    expect(await parse('{a: 1, b: yes}\n')).toEqual({ values: [{ a: 1, b: true }] });
  });

  test('carriage returns, byte order marks, UTF-16, merge keys, anchors, double keys', async () => {
    expect(await parse('a: 1\r\n---\r\nb: 2\r\n')).toEqual({ values: [{ a: 1 }, { b: 2 }] });
    expect(await parse('\ufeffa: 1\n')).toEqual({ values: [{ a: 1 }] });
    expect(await parse(new Uint8Array([0xff, 0xfe, 0x61, 0, 0x3a, 0, 0x20, 0, 0x31, 0]))).toEqual({
      values: [{ a: 1 }],
    });
    expect(await parse('x: &x {a: 1, b: 2}\nz:\n  <<: *x\n  b: 3\n')).toEqual({
      values: [{ x: { a: 1, b: 2 }, z: { a: 1, b: 3 } }],
    });
    expect(await parse('a: 1\na: 2\n')).toEqual({ values: [{ a: 2 }] });
  });

  // kubectl 1.36 reads each of these the same way, without a word.
  test.each<[string, unknown]>([
    ['a: 1\na: 2\na: 3\n', { a: 3 }],
    ['a: {x: 1}\na: {z: 2}\n', { a: { z: 2 } }],
    ['a: 1\na: null\n', { a: null }],
    ['a: {b: null, b: 1, c: 1, c: {k: v}}\n', { a: { b: 1, c: { k: 'v' } } }],
    ['true: 1\n"true": 2\n', { true: 2 }],
    ['{"a":{"x":1},"a":{"z":2},"b":1,"\\u0062":2}', { a: { z: 2 }, b: 2 }],
    ['{"a":9007199254740993,"a":1,"b":[{"c":1234567890123456,"c":2}]}', { a: 1, b: [{ c: 2 }] }],
    ['a: 9007199254740993\na: 1\n', { a: 1 }],
    ['z: {<<: {a: 9007199254740993}, a: 1}\n', { z: { a: 1 } }],
    ['z:\n  b: 3\n  <<: {a: 1, b: 2}\n', { z: { a: 1, b: 2 } }],
    ['z:\n  b: 3\n  <<: {a: 1, b: 2}\n  b: 4\n', { z: { a: 1, b: 4 } }],
    ['z:\n  <<: {a: 1, b: 2}\n  <<: {b: 5, c: 6}\n  d: 3\n', { z: { a: 1, b: 5, c: 6, d: 3 } }],
    ['z:\n  a: 7\n  <<: [{a: 1, b: 2}, {b: 5, c: 6}]\n', { z: { a: 1, b: 2, c: 6 } }],
    ['z: {<<: {a: 1, <<: {a: 4, d: 6}}}\n', { z: { a: 4, d: 6 } }],
    ["z: {'<<': {a: 3}, v: <<, w: [<<]}\n", { z: { '<<': { a: 3 }, v: '<<', w: ['<<'] } }],
  ])('a repeated key: %j', async (text, value) => expect(await parse(text)).toEqual({ values: [value] }));

  test('a merge of anything but maps', async () => {
    const error = 'error converting YAML to JSON: yaml: map merge requires map or sequence of maps as the value';
    expect(await parse('z: {<<: 3}\n')).toEqual({ values: [], error });
    expect(await parse('z: {<<: [{a: 1}, 3]}\n')).toEqual({ values: [], error });
  });

  test('a merge bomb is refused in no time', async () => {
    const level = (i: number): string =>
      `m${i}: &m${i} {k${i}: 1, <<: [${Array(20)
        .fill(`*m${i - 1}`)
        .join(', ')}]}\n`;
    const { error } = await parse(`m0: &m0 {k: 1}\n${Array.from({ length: 12 }, (_, i) => level(i + 1)).join('')}`);
    expect(error).toBe('error converting YAML to JSON: yaml: document contains excessive aliasing');
  });

  test.each<[string, unknown]>([
    ['spec: {runAsUser: 9007199254740993}\n', { spec: { runAsUser: 9007199254740993n } }],
    ['{"a":[1,{"b.c":9007199254740993}]}', { a: [1, { 'b.c': 9007199254740993n }] }],
    ['{"a":-9223372036854775808}', { a: -9223372036854775808n }],
    ['{a: 9_223_372_036_854_775_807}', { a: 9223372036854775807n }],
    ['a: 0x20000000000001\n', { a: 9007199254740993n }],
    ['a: -0b100000000000000000000000000000000000000000000000000001\n', { a: -9007199254740993n }],
    ['9007199254740993\n', 9007199254740993n],
  ])('an integer beyond 2^53 is kept: %j', async (text, value) =>
    expect(await parse(text)).toEqual({ values: [value] }),
  );

  test('large numbers that stay what they are to kubectl', async () => {
    const yaml =
      'a: 9007199254740992\nb: -9007199254740994\nc: 9223372036854775808\nd: 18446744073709551616\ne: 9007199254740993.0\n' +
      'f: !!float 9007199254740993\ng: 1e20\nh: 0x1ffffffffffffffff\ni: 077777777777777777777777\nj: "9007199254740993"\n' +
      'k: 1000000000000000000\n9007199254740993: l\n';
    expect((await parse(yaml)).values).toEqual([
      {
        a: 9007199254740992,
        b: -9007199254740994,
        c: 2 ** 63,
        d: 2 ** 64,
        e: 9007199254740992,
        f: 9007199254740992,
        g: 1e20,
        h: '0x1ffffffffffffffff',
        i: 7.777777777777777e22,
        j: '9007199254740993',
        k: 1e18,
        '9007199254740993': 'l',
      },
    ]);
    const json =
      '{"a":9007199254740992, "9007199254740993": "\\"9007199254740993, \\\\", "b" : [-9223372036854775809, 9007199254740993.0,\n' +
      '1e20, true, null, {}, [], 0.1234567890123456789]}';
    expect((await parse(json)).values).toEqual([JSON.parse(json)]);
  });

  test.each<[string, string]>([
    ['x: 1\n--- foo\na: 1', 'invalid Yaml document separator: foo'],
    ['a: 1\n__proto__:\n  polluted: true\n', 'error converting YAML to JSON: the key "__proto__" is not allowed'],
    ['{"a": {"__proto__": {"polluted": true}}}', 'the key "__proto__" is not allowed'],
    ['&a a: 1\nb: *c\n', "error converting YAML to JSON: yaml: unknown anchor 'c' referenced"],
    ['a: &a\n  b: *a\n', "error converting YAML to JSON: yaml: anchor 'a' value contains itself"],
    ['a\0b: 1', 'error converting YAML to JSON: yaml: control characters are not allowed'],
    ['{"a":1', 'unexpected EOF'],
  ])('%j is refused', async (text, message) => {
    expect((await parse(text)).error).toBe(message);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('what comes before a broken document counts', async () => {
    const { values, error } = await parse('a: 1\n---\nb: [\n---\nc: 3\n');
    expect(values).toEqual([{ a: 1 }]);
    expect(error).toMatch(/^error converting YAML to JSON: yaml: /);
  });

  test('tabs are told from other mistakes', async () => {
    const { error } = await parse('a:\n  b: 1\n\tc: 2\n');
    expect(error).toBe('error converting YAML to JSON: yaml: line 3: found a tab character that violates indentation');
  });

  test('an alias bomb is refused in no time', async () => {
    const names = 'abcdefghij';
    const lines = [...names].map((name, i) =>
      i === 0
        ? 'a: &a [x, x, x, x, x, x, x, x, x]'
        : `${name}: &${name} [${Array(9)
            .fill(`*${names[i - 1]}`)
            .join(', ')}]`,
    );
    expect((await parse(lines.join('\n'))).error).toBe(
      'error converting YAML to JSON: yaml: document contains excessive aliasing',
    );
  });

  test('aliases in ordinary numbers are fine', async () => {
    const text = `base: &b {a: 1}\nlist:\n${'- *b\n'.repeat(500)}`;
    expect((await parse(text)).values).toHaveLength(1);
  });

  test('deep nesting is an error, not a crash', async () => {
    expect((await parse(`${'['.repeat(5000)}`)).error).toBeTypeOf('string');
    expect((await parse(`${'{"a":'.repeat(20000)}1${'}'.repeat(20000)}`)).error).toBeTypeOf('string');
  });

  test('no input hangs or throws anything but words for the user', async () => {
    const piece = fc.constantFrom(
      'a: ',
      '- ',
      '\n',
      '  ',
      '\t',
      '---\n',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '&a ',
      '*a',
      '|\n',
      '>-\n',
      '!!int ',
      '<<: ',
      '#',
      ',',
      ':',
      '? ',
      '%',
      '\u0000',
      '中',
      '1',
      '...\n',
      '{"a":1}',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
        const { values, error } = await parseDocuments(new TextEncoder().encode(pieces.join('')));
        expect(error === undefined || error instanceof CommandError).toBe(true);
        JSON.stringify(values);
      }),
      { numRuns: 2000 },
    );
  });

  test('whatever JSON writes is read back the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.string().filter((k) => k !== '__proto__'),
          fc.jsonValue({ noUnicodeString: false }),
        ),
        async (value) => {
          const plain: unknown = JSON.parse(JSON.stringify(value), (k, v) => (k === '__proto__' ? undefined : v));
          expect(await parse(JSON.stringify(plain))).toEqual({ values: [plain] });
        },
      ),
    );
  });
});

describe('readManifests', () => {
  const cm = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
  const read = async (
    files: Record<string, string | Uint8Array>,
    filenames: string[],
    options: { recursive?: boolean; stdin?: string; checkHeaders?: boolean } = {},
  ) => {
    const host = {
      files: memoryFiles(new Map(Object.entries(files))),
      readStdin: async () => new TextEncoder().encode(options.stdin ?? ''),
    };
    const { items, single } = await readManifests(host, {
      filenames,
      recursive: options.recursive ?? false,
      checkHeaders: options.checkHeaders ?? false,
    });
    return { single, items: items.map(show) };
  };
  const show = (item: FileItem): string =>
    'error' in item
      ? `! ${item.error.message}`
      : `${item.source}: ${item.manifest.kind}/${item.manifest.metadata.name}`;

  const tree = {
    'd/b.yaml': cm('b'),
    'd/a.json': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}',
    'd/readme.txt': 'hi',
    'd/sub/c.yml': cm('c'),
  };

  test('a folder in lexical order, without what is no manifest', async () => {
    expect(await read(tree, ['d'])).toEqual({
      single: false,
      items: ['d/a.json: ConfigMap/a', 'd/b.yaml: ConfigMap/b'],
    });
    expect((await read(tree, ['d/'], { recursive: true })).items).toEqual([
      'd/a.json: ConfigMap/a',
      'd/b.yaml: ConfigMap/b',
      'd/sub/c.yml: ConfigMap/c',
    ]);
    expect((await read(tree, ['d/*.yaml', 'd/sub/c.yml'])).items).toEqual([
      'd/b.yaml: ConfigMap/b',
      'd/sub/c.yml: ConfigMap/c',
    ]);
    expect((await read({ 'a.yaml': cm('a') }, ['.'])).items).toEqual(['a.yaml: ConfigMap/a']);
  });

  test('standard input', async () => {
    expect(await read({}, ['-'], { stdin: cm('x') })).toEqual({ single: false, items: ['STDIN: ConfigMap/x'] });
  });

  test('lists become their items', async () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n`;
    expect((await read({ 'l.yaml': list }, ['l.yaml'])).items).toEqual(['l.yaml: ConfigMap/a']);
    const typed = 'apiVersion: v1\nkind: PodList\nitems: [{metadata: {name: p}}]\n';
    expect((await read({ 'l.yaml': typed }, ['l.yaml'])).items).toEqual(['l.yaml: Pod/p']);
  });

  test.each<[string, string, string]>([
    [
      '- a\n',
      'unable to decode "f.yaml": json: cannot unmarshal array into Go value of type unstructured.detector',
      'invalid object to validate',
    ],
    [
      'just text\n',
      'unable to decode "f.yaml": json: cannot unmarshal string into Go value of type unstructured.detector',
      'invalid object to validate',
    ],
    [
      '42\n',
      'unable to decode "f.yaml": json: cannot unmarshal number into Go value of type unstructured.detector',
      'invalid object to validate',
    ],
    [
      'a: b\n',
      `unable to decode "f.yaml": Object 'Kind' is missing in '{"a":"b"}'`,
      '[apiVersion not set, kind not set]',
    ],
    [
      'apiVersion: v1\n',
      `unable to decode "f.yaml": Object 'Kind' is missing in '{"apiVersion":"v1"}'`,
      'kind not set',
    ],
    [
      'apiVersion: 1\nkind: X\n',
      'unable to decode "f.yaml": json: cannot unmarshal number into Go struct field metadataOnlyObject.TypeMeta.apiVersion of type string',
      "apiVersion isn't string type",
    ],
  ])('%j', async (text, plain, checked) => {
    expect((await read({ 'f.yaml': text }, ['f.yaml'])).items).toEqual([`! ${plain}`]);
    expect((await read({ 'f.yaml': text }, ['f.yaml'], { checkHeaders: true })).items).toEqual([
      `! error validating "f.yaml": error validating data: ${checked}; if you choose to ignore these errors, turn validation off with --validate=false`,
    ]);
  });

  test.each<[string, string]>([
    [
      'metadata: hello',
      'json: cannot unmarshal string into Go struct field metadataOnlyObject.metadata of type v1.ObjectMeta',
    ],
    [
      'metadata: {name: 12}',
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string',
    ],
    ['metadata: {name: y}', 'json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.name of type string'],
    [
      'metadata: {labels: {a: 1}}',
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
    ],
  ])('%s', async (metadata, message) => {
    expect((await read({ 'f.yaml': `apiVersion: v1\nkind: ConfigMap\n${metadata}\n` }, ['f.yaml'])).items).toEqual([
      `! unable to decode "f.yaml": ${message}`,
    ]);
  });

  test.each<[string[], string]>([
    [['missing.yaml'], 'the path "missing.yaml" does not exist'],
    [['empty'], 'error reading [empty]: recognized file extensions are [.json .yaml .yml]'],
    [
      ['https://example.com/web.yaml'],
      'stsctl does not read manifests from the network: save https://example.com/web.yaml to a file and pass that with -f',
    ],
  ])('%j', async (names, message) => {
    await expect(read({ 'empty/x.txt': '' }, names)).rejects.toThrow(new CommandError(message));
  });

  test('more than 16 MiB is refused by its size, unread', async () => {
    const big = new Uint8Array(50 * 1024 * 1024);
    expect((await read({ 'big.yaml': big }, ['big.yaml'])).items).toEqual([
      '! "big.yaml" holds 50.0 MiB; a manifest may be at most 16 MiB',
    ]);
    expect((await read({}, ['-'], { stdin: 'x'.repeat(17 * 1024 * 1024) })).items).toEqual([
      '! standard input holds more than 16 MiB; a manifest may be at most 16 MiB',
    ]);
  });

  test('a binary file is refused', async () => {
    const { items } = await read({ 'b.yaml': new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0]) }, ['b.yaml']);
    expect(items).toEqual([
      '! error parsing b.yaml: error converting YAML to JSON: yaml: control characters are not allowed',
    ]);
  });
});
