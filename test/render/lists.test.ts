/** Long lists are printed object by object: the text is that of the whole List. */
import { describe, expect, test } from 'vitest';
import { Io } from '../../src/commands/io';
import { listAsJson, listOf, toJson } from '../../src/render/json';
import { listAsYaml, toYaml } from '../../src/render/yaml';

const OBJECTS = [
  { kind: 'ConfigMap', data: { text: 'a\nb\n', kept: 'a\n\n', html: '<&>', empty: '' }, list: [], map: {} },
  { kind: 'Pod', spec: { containers: [{ name: 'a', args: ['x: y', '- z'] }] }, none: undefined, nothing: null },
  {},
  { last: 'ends with a literal block\nof lines\n\n' },
];

describe.each([1, 2, 3, 4])('a List of %i objects', (count) => {
  const objects = OBJECTS.slice(0, count);
  test('as JSON', () => expect([...listAsJson(objects)].join('')).toBe(toJson(listOf(objects))));
  test('as YAML', () => expect([...listAsYaml(objects)].join('')).toBe(toYaml(listOf(objects))));
});

test('pieces are made when they are shown, in order with everything else, and written a part at a time', async () => {
  const written: string[] = [];
  const stream = (name: string) => ({ isTTY: false, write: (text: string) => void written.push(name + text) });
  const log: string[] = [];
  const io = new Io({ stdout: stream('1:'), stderr: stream('2:') }, async () => void log.push('committed'));
  io.out('before ');
  io.outPieces(
    (function* () {
      log.push('asked');
      yield 'x'.repeat(70_000);
      log.push(`written ${written.length}`);
      yield 'end';
    })(),
  );
  io.out(' after');
  io.err('said');
  expect(io.wroteOut).toBe(true);
  await io.flush();
  expect(log).toEqual(['committed', 'asked', 'written 2']);
  expect(written.map((text) => text.slice(0, 10))).toEqual(['1:before ', '1:xxxxxxxx', '1:end', '1: after', '2:said']);
});
