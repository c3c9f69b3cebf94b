import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { KubeObject, PodTemplate } from '../../src/core/api/types';
import { statusColour } from '../../src/render/color';
import {
  CustomColumnsError,
  parseCustomColumns,
  parseCustomColumnsFile,
  printCustomColumns,
} from '../../src/render/custom-columns';
import { printHistory, printRevision } from '../../src/render/history';
import { jsonPathPrinter } from '../../src/render/jsonpath';
import { nameOf } from '../../src/render/name';
import { progress } from '../../src/render/progress';
import { SortError, sortForTable, sortObjects } from '../../src/render/sort';
import { printEvents } from '../../src/render/timeline/events';
import { fixture } from './fixtures';

const named = (name: string, fields: Record<string, unknown> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, uid: name, resourceVersion: '1', creationTimestamp: '2026-11-21T08:00:00Z' },
  ...fields,
});

describe('custom columns', () => {
  const objects = [
    named('quirks', { data: { plain: 'yes' }, list: [{ a: 1 }, { a: 'x' }], map: { z: [1, 2], a: null } }),
    named('quirks-last', { data: { k: 'v' } }),
  ];

  it('prints a column for each path, several values with commas', () => {
    const columns = parseCustomColumns('N:.metadata.name,PLAIN:.data.plain,LAST:data.k,ALL:{.list[*].a},MAP:.map');
    expect(printCustomColumns(columns, objects)).toBe(
      [
        'N             PLAIN    LAST     ALL      MAP',
        'quirks        yes      <none>   1,x      map[a:<nil> z:[1 2]]',
        'quirks-last   <none>   v        <none>   <none>',
        '',
      ].join('\n'),
    );
    expect(printCustomColumns(columns.slice(0, 2), objects, { noHeaders: true })).toBe(
      'quirks        yes\nquirks-last   <none>\n',
    );
    expect(printCustomColumns(columns.slice(0, 2), [])).toBe('N     PLAIN\n');
  });

  it('refuses what is no specification', () => {
    expect(() => parseCustomColumns('')).toThrow('custom-columns format specified but no custom columns given');
    expect(() => parseCustomColumns('A')).toThrow(
      'unexpected custom-columns spec: A, expected <header>:<json-path-expr>',
    );
  });

  it('finds a bad path only after the header', () => {
    let error: unknown;
    try {
      printCustomColumns(parseCustomColumns('A:.metadata['), objects);
    } catch (e) {
      error = e;
    }
    expect(error).toBeInstanceOf(CustomColumnsError);
    expect(error).toMatchObject({ message: 'unterminated array', printed: 'A\n' });
  });

  it('reads headers and paths from a file', () => {
    const columns = parseCustomColumnsFile('NAME   K\n.metadata.name .data.k\n');
    expect(printCustomColumns(columns, [objects[1]])).toBe('NAME          K\nquirks-last   v\n');
    expect(() => parseCustomColumnsFile('A B\n.a\n')).toThrow(
      "number of headers (2) and field specifications (1) don't match",
    );
    expect(() => parseCustomColumnsFile('')).toThrow('invalid template, missing header line.');
    expect(() => parseCustomColumnsFile('A\n')).toThrow('invalid template, missing spec line.');
  });
});

describe('jsonpath', () => {
  it('prints results', () => {
    expect(jsonPathPrinter('{.metadata.name}{"\\n"}').print(named('web'))).toBe('web\n');
    expect(jsonPathPrinter('{.spec.replicas}', { asJson: true }).print({ spec: { replicas: 3 } })).toBe(
      '[\n    3\n]\n',
    );
    expect(jsonPathPrinter('{.nope}').print(named('web'))).toBe('');
  });

  it('refuses a template that does not parse', () => {
    expect(() => jsonPathPrinter('{.items[0')).toThrow('error parsing jsonpath {.items[0, unterminated array');
  });

  it('shows template and object when a template fails', () => {
    const value = { items: [{ a: 1, b: null, c: ['x"y'] }, {}, true] };
    expect(() => jsonPathPrinter('{.items[5].metadata.name}').print(value)).toThrow(
      `error executing jsonpath "{.items[5].metadata.name}": Error executing template: array index out of bounds: index 5, length 3. Printing more information for debugging the template:
\ttemplate was:
\t\t{.items[5].metadata.name}
\tobject given to jsonpath engine was:
\t\tmap[string]interface {}{"items":[]interface {}{map[string]interface {}{"a":1, "b":interface {}(nil), "c":[]interface {}{"x\\"y"}}, map[string]interface {}{}, true}}


`,
    );
  });
});

describe('sorting', () => {
  const order = (values: readonly unknown[], sort = sortObjects): unknown[] =>
    sort(
      values.map((value, i) => named(`n${i}`, value === undefined ? {} : { value })),
      '.value',
    ).map((object) => object.value);

  it('puts strings in byte order, quantities and numbers by value', () => {
    expect(order(['web-0', 'web-10', 'web-2', 'Web-3', 'web', 'é', '_'])).toEqual([
      'Web-3',
      '_',
      'web',
      'web-0',
      'web-10',
      'web-2',
      'é',
    ]);
    expect(order(['10', '9', '1Gi', '2k', '0.5'])).toEqual(['0.5', '9', '10', '2k', '1Gi']);
    expect(order([3, 1, 2])).toEqual([1, 2, 3]);
    expect(order(['2026-11-21T08:00:01Z', '2026-11-20T09:00:00Z'])).toEqual([
      '2026-11-20T09:00:00Z',
      '2026-11-21T08:00:01Z',
    ]);
  });

  it('puts objects without the field first', () => {
    expect(order(['b', undefined, 'a'])).toEqual([undefined, 'a', 'b']);
  });

  it('sorts many objects too', () => {
    const values = Array.from({ length: 100 }, (_, i) => (i * 37) % 100);
    expect(order(values)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it('says when no object has the field, but shows an empty table', () => {
    const none = [named('a'), named('b')];
    expect(() => sortObjects(none, '.metadata.labels.statefulset\\.kubernetes\\.io/pod-name')).toThrow(SortError);
    expect(() => sortObjects(none, '.nope')).toThrow(
      `couldn't find any field with path "{.nope}" in the list of objects`,
    );
    expect(sortObjects([none[0]], '.nope')).toEqual([none[0]]);
    expect(sortForTable(none, '.nope')).toEqual([]);
    expect(sortForTable(none, '.nope[')).toEqual([]);
  });

  it('refuses what has no order', () => {
    expect(() => order([true, false])).toThrow(
      'Field {.value} in *unstructured.Unstructured is an unsortable type: interface, err: unsortable type: bool',
    );
    expect(() => order([1, 'a'])).toThrow('err: unsortable interface: interface');
  });
});

describe('rollout history', () => {
  it('lists revisions as recorded', () => {
    const rows = [{ revision: 3, changeCause: 'upgrade to 1.22' }, { revision: 1 }, { revision: 2, changeCause: '' }];
    expect(printHistory('statefulset.apps/web', rows)).toBe(fixture('history.txt'));
  });

  it('shows one revision as recorded, tabs and all', () => {
    const template: PodTemplate = {
      metadata: { labels: { app: 'nginx' } },
      spec: {
        containers: [
          { name: 'nginx', image: 'nginx:1.22', ports: [{ containerPort: 80, name: 'web', protocol: 'TCP' }] },
        ],
      },
    };
    expect(printRevision('statefulset.apps/web', 2, template)).toBe(fixture('revision-2.txt'));
  });
});

describe('the rest', () => {
  it('names objects with their group', () => {
    const set = { ...named('web'), apiVersion: 'apps/v1', kind: 'StatefulSet' };
    expect([nameOf(set), nameOf(named('x'))]).toEqual(['statefulset.apps/web', 'configmap/x']);
  });

  it('prints transitions', () => {
    const row = {
      time: '2026-11-21T08:00:00Z',
      event: 'create',
      namespace: 'default',
      pod: 'web-0',
      revision: 'web-1',
    } as const;
    expect(printEvents([row, { ...row, event: 'ready', revision: '' }])).toBe(
      [
        'TIME                   EVENT    POD     REVISION',
        '2026-11-21T08:00:00Z   create   web-0   web-1',
        '2026-11-21T08:00:00Z   ready    web-0   <none>',
        '',
      ].join('\n'),
    );
    expect(printEvents([row, { ...row, namespace: 'b' }])).toContain('NAMESPACE   POD');
    expect(printEvents([])).toBe('');
  });

  it('gives statuses a colour', () => {
    expect(
      ['Running', 'Pending', 'CrashLoopBackOff', 'Terminating', 'Init:0/1', 'Init:Error', 'web'].map(statusColour),
    ).toEqual(['green', 'yellow', 'red', 'gray', 'yellow', 'red', undefined]);
  });

  it('shows no progress on a terminal that has no width', async () => {
    const stream = Object.assign(new PassThrough(), { columns: 0, isTTY: true });
    const shown = progress({ isTTY: true, stream }, false);
    shown.update('Waiting for 3 pods to be ready...');
    await import('ora');
    await new Promise((resolve) => setImmediate(resolve));
    expect(stream.read()).toBeNull();
    shown.stop();
  });

  it('shows no progress in a pipe', () => {
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text) } as unknown as NodeJS.WritableStream;
    const shown = progress({ isTTY: false, stream }, false);
    shown.update('waiting');
    shown.stop();
    expect(written).toEqual([]);
  });
});
