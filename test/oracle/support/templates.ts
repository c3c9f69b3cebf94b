/** Random JSONPath and Go templates, and random objects that have what they ask for. */
import fc from 'fast-check';
import type { JsonObject } from '../../../src/core/meta/objects';

const scalar = fc.oneof(
  fc.constantFrom('a', 'b', 'x y', '', 'é', '<&>', '10', '%d', "it's"),
  fc.integer({ min: -3, max: 12 }),
  fc.constantFrom(1000000, 123456789012, -1),
  fc.constantFrom(1.5, 0.25, 1234567.5, 1e21, 1e-7, 3.0),
  fc.boolean(),
);
const row = fc.record(
  {
    name: fc.constantFrom('a', 'b', 'c', 'a b'),
    v: fc.oneof(fc.integer({ min: -2, max: 3 }), fc.integer({ min: -2, max: 3 }), scalar),
    t: fc.array(fc.oneof(fc.nat(3), scalar), { maxLength: 3 }),
    on: fc.boolean(),
    f: fc.constantFrom(1.5, 2, -0.5),
    sub: fc.record({ name: fc.constantFrom('a', 'z'), n: fc.nat(2) }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);

/** An object of no known kind. */
export const someObject: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      rows: fc.array(row, { maxLength: 4 }),
      names: fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 4 }),
      mixed: fc.array(fc.oneof(scalar, fc.constant(null), row), { maxLength: 3 }),
      one: fc.record({ only: scalar }),
      s: fc.constantFrom('text', '', 'héllo', '<b>"&\'', 'a,b'),
      n: fc.oneof(scalar, fc.integer()),
      z: fc.constant(null),
      e: fc.constantFrom({}, []),
      deep: fc.record({ a: fc.record({ name: scalar, b: row }) }),
      'esc.aped/x': scalar,
    },
    { requiredKeys: ['rows', 'names'] },
  )
  .map((object) => ({
    apiVersion: 'v1',
    kind: 'Foo',
    metadata: { name: 'foo', labels: { x: 'y' } },
    ...(object as JsonObject),
  }));

const filterSide = fc.constantFrom(
  ...[
    '@.v',
    '@.name',
    '@',
    '@.f',
    '@.t[0]',
    '@.on',
    '@.sub.n',
    '@.nope',
    '.v',
    '1',
    '2.0',
    '-1',
    '"a"',
    "'b'",
    '"a b"',
  ],
  ...['true', 'false', '1.5', '@.t', '@.sub', '$.n', '"x)"', ''],
);
const filter = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(filterSide, fc.constantFrom('==', '!=', '<', '<=', '>', '>='), filterSide) },
  { weight: 1, arbitrary: fc.tuple(filterSide, fc.constant(''), fc.constant('')) },
  { weight: 1, arbitrary: fc.tuple(filterSide, fc.constantFrom(' == ', '=', '===', ' > ', '<>', '=~'), filterSide) },
);
const start = fc.constantFrom(
  ...['.rows', '.rows', '.rows', '.names', '.mixed', '.one', '.deep', '.s', '.n', '.z', '.e', '.nope', '.metadata'],
  ...['.kind', "['rows']", '.metadata.labels', '.esc\\.aped/x', "['esc\\.aped/x']", '', '$', '@', '$.rows', '@.names'],
);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...[
        '[*]',
        '[0]',
        '[1]',
        '[-1]',
        '[-2]',
        '[1:]',
        '[:2]',
        '[0:3:2]',
        '[-2:]',
        '[0,1]',
        '[]',
        '[:]',
        '[9]',
        '[2:1]',
      ],
      ...['[::2]', '[::0]', '[::-1]', '[0:9]', '[-9:]', '[0, 1]', '[1.5]', '[a]', '[-9]'],
    ),
  },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...['.name', '.v', '.t', '.t[0]', '.t[*]', '.sub.name', '.sub', '.a.b', '.only', '.x', '.nope', '.on', '.f'],
      ...["['name']", "['name','v']", "['v', 'name']", '..name', '.*', '..t[0]', '..v'],
    ),
  },
  { weight: 3, arbitrary: filter.map((parts) => `[?(${parts.join('')})]`) },
);
const path = fc.tuple(start, fc.array(step, { maxLength: 3 })).map(([first, rest]) => first + rest.join(''));
const inRange = fc.constantFrom(
  ...['{.name}', '{.v}', '{@}', '{.t[0]}', '{.nope}', ' ', '{"\\n"}', '{.sub.n}', '{$.n}', ','],
);

/** A template of a few expressions, now and then a malformed one. */
export const jsonPathTemplate: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 10, arbitrary: path.map((text) => `{${text}}`) },
      {
        weight: 3,
        arbitrary: fc.constantFrom('text', ' ', '{"\\t"}', "{'q'}", '{"a\\"b"}', '{1}', '{true}', '{-1.5}', '{}'),
      },
      {
        weight: 4,
        arbitrary: fc
          .tuple(path, fc.array(inRange, { maxLength: 3 }))
          .map(([over, body]) => `{range ${over}}${body.join('')}{end}`),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(path, path, inRange)
          .map(([over, inner, body]) => `{range ${over}}{range ${inner}}${body}{end};{end}`),
      },
      { weight: 1, arbitrary: fc.tuple(path, path).map(([one, two]) => `{${one} ${two}}`) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          ...[
            '{',
            '}',
            '{.rows[',
            '{range .rows[*]}',
            '{end}',
            '{.rows[?(@.v}',
            "{'x}",
            '{"x',
            '{.a}}',
            '{{.n}}',
            '{#}',
          ],
          ...[
            '{.rows[0:1:2:3]}',
            '{range}',
            '{.rows[?(@.v==1)].name',
            '{,}',
            '{.n,.s}',
            '{..}',
            '{...name}',
            '{*}',
            '{.rows.0}',
          ],
        ),
      },
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => parts.join(''));

const operand = fc.constantFrom(
  ...[
    '.',
    '$',
    '.rows',
    '.names',
    '.mixed',
    '.one.only',
    '.deep.a',
    '.s',
    '.n',
    '.z',
    '.e',
    '.nope',
    '.nope.x',
    '.kind',
  ],
  ...['$.n', '(index .names 0)', '(len .rows)', '.one', '$x', '.s.t', '.names.x', '(.deep).a.name', '.metadata.labels'],
  ...['1', '-2', '1.5', 'true', 'nil', "'x'", '"a b"', '"%v"', '`raw`', '0x1F', '1e3', '"é"', '1i', '0b11', '"\\n"'],
);
const functionName = fc.constantFrom(
  ...[
    'print',
    'println',
    'len',
    'not',
    'and',
    'or',
    'eq',
    'ne',
    'lt',
    'le',
    'gt',
    'ge',
    'index',
    'slice',
    'html',
    'js',
  ],
  ...[
    'urlquery',
    'exists',
    'base64decode',
    'call',
    'printf "%v|%d"',
    'printf "%5s|%-5v|%q"',
    'printf "%t %T"',
    'nosuch',
  ],
  ...[
    'printf "%x %08.3f"',
    'printf "%+v %#v"',
    'printf "%c %U"',
    'printf "%*d"',
    'printf "%e %g %G"',
    'printf "%[2]v %[1]v"',
  ],
);
const command = fc
  .tuple(functionName, fc.array(operand, { maxLength: 3 }))
  .map(([name, operands]) => [name, ...operands].join(' '));
const pipeline = fc.oneof(
  operand,
  command,
  fc.tuple(operand, command).map((parts) => parts.join(' | ')),
  fc.tuple(command, command).map((parts) => parts.join(' | ')),
  fc.tuple(functionName, command).map(([name, inner]) => `${name} (${inner})`),
);

/** A template of a few actions; most of those with variables define them. */
export const goTemplate: fc.Arbitrary<string> = fc.letrec<{ template: string; item: string }>((tie) => ({
  template: fc.array(tie('item'), { minLength: 1, maxLength: 3 }).map((items) => items.join('')),
  item: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 2, arbitrary: fc.constantFrom('text ', '\n', '{{/* c */}}', ' {{- "trimmed" -}} ', '{{"{{"}}') },
    { weight: 6, arbitrary: pipeline.map((p) => `{{${p}}}`) },
    { weight: 2, arbitrary: pipeline.map((p) => `{{$x := ${p}}}{{$x}}`) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(
          fc.constantFrom('if', 'with', 'range', 'range $i, $x :=', 'range $x :=', 'if $x :='),
          fc.oneof(fc.constantFrom('.rows', '.names', '.mixed', '.one', '3', '.n'), pipeline),
          tie('template'),
          fc.oneof(tie('template'), fc.constantFrom('{{break}}', '{{continue}}', '{{.name}}{{.v}}', '{{$i}}={{$x}}')),
        )
        .map(([keyword, p, body, otherwise]) => `{{${keyword} ${p}}}${body}{{else}}${otherwise}{{end}}`),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        ...['{{', '{{end}}', '{{else}}', '{{if}}', '{{range .rows}}', '{{.rows.[0]}}', '{{"x}}', '{{.}', '{{break}}'],
        ...['{{template "x"}}', '{{define "d"}}{{.}}{{end}}{{template "d" .kind}}', '{{block "b" .s}}<{{.}}>{{end}}'],
        ...[
          '{{1 | 2}}',
          '{{.s | .n}}',
          '{{nil}}',
          '{{$y = 1}}',
          '{{.n.}}',
          '{{ (1 }}',
          '{{"\\q"}}',
          "{{''}}",
          '{{08}}',
        ],
      ),
    },
  ),
})).template;
