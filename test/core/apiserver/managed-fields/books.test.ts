/** What is stored of the ownership of fields, and what it costs: nothing where only the cluster writes. */
import { describe, expect, it } from 'vitest';
import { shapeOfKind } from '../../../../src/core/api/field-shapes';
import type { KubeObject, ManagedFieldsEntry } from '../../../../src/core/api/types';
import { entriesOf } from '../../../../src/core/apiserver/managed-fields/derive';
import {
  capped,
  decodeEntries,
  encodeEntries,
  sortEntries,
} from '../../../../src/core/apiserver/managed-fields/entries';
import { recorded, touched, type Write } from '../../../../src/core/apiserver/managed-fields/record';
import type { ListShape, Shape, StructShape } from '../../../../src/core/meta/fieldpath/shape';

const T0 = '2026-01-01T00:00:00Z';
const T1 = '2026-01-01T00:00:01Z';
const write = (manager: string, more: Partial<Write> = {}): Write => ({
  manager,
  time: T0,
  hasStatus: true,
  claim: () => undefined,
  ...more,
});

const set = (spec: object, status: object = {}, managedFields?: readonly ManagedFieldsEntry[]): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: {
    name: 'web',
    namespace: 'default',
    uid: 'u',
    resourceVersion: '1',
    creationTimestamp: T0,
    ...(managedFields && { managedFields }),
  },
  spec,
  status: { replicas: 0, availableReplicas: 0, ...status },
});

const field = (shape: Shape, ...path: string[]): Shape =>
  path.reduce<Shape>((at, name) => {
    const inner = at.kind === 'list' ? at.item : at;
    const found = (inner as StructShape).field(name);
    if (!found) throw new Error(`no field ${name}`);
    return found.shape;
  }, shape);

describe('shapes', () => {
  const container = field(shapeOfKind('apps/v1', 'StatefulSet'), 'spec', 'template', 'spec', 'containers');

  it('know keyed lists, sets, whole lists, and whole structs and maps', () => {
    expect((container as ListShape).keys).toEqual([{ name: 'name' }]);
    expect((field(container, 'ports') as ListShape).keys).toEqual([
      { name: 'containerPort' },
      { name: 'protocol', fallback: 'TCP' },
    ]);
    expect((field(container, 'args') as ListShape).relation).toBe('atomic');
    expect((field(container, 'resources', 'limits') as { atomic: boolean }).atomic).toBe(false);
    const service = shapeOfKind('v1', 'Service');
    expect((field(service, 'metadata', 'finalizers') as ListShape).relation).toBe('set');
    expect((field(service, 'spec', 'selector') as { atomic: boolean }).atomic).toBe(true);
    expect((field(shapeOfKind('apps/v1', 'StatefulSet'), 'spec', 'selector') as StructShape).atomic).toBe(true);
  });

  it('know what Go writes where nothing is set', () => {
    const spec = field(shapeOfKind('apps/v1', 'StatefulSet'), 'spec') as StructShape;
    expect([...spec.zeros]).toEqual([
      ['selector', null],
      ['template', {}],
      ['updateStrategy', {}],
    ]);
    expect((field(spec, 'template', 'spec') as StructShape).zeros.get('containers')).toBeNull();
  });

  it('leave custom kinds open, but not their metadata', () => {
    const shape = shapeOfKind('example.com/v1', 'Thing');
    expect(field(shape, 'spec').kind).toBe('deduced');
    expect((field(shape, 'metadata', 'ownerReferences') as ListShape).keys).toEqual([{ name: 'uid' }]);
  });
});

describe('entries', () => {
  it('are ordered by operation, time and name, and read back as they were', () => {
    const entry = (manager: string, operation: 'Apply' | 'Update', time?: string): ManagedFieldsEntry => ({
      manager,
      operation,
      apiVersion: 'v1',
      ...(time && { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:data': {} },
    });
    const entries = [
      entry('b', 'Update', T0),
      entry('a', 'Update', T1),
      entry('z', 'Apply', T1),
      entry('y', 'Apply'),
      entry('a', 'Update', T0),
    ];
    const sorted = sortEntries(entries);
    expect(sorted.map(({ manager, time }) => `${manager} ${time ?? '-'}`)).toEqual([
      'y -',
      `z ${T1}`,
      `a ${T0}`,
      `b ${T0}`,
      `a ${T1}`,
    ]);
    const distinct = sorted.slice(0, 4);
    expect(encodeEntries(decodeEntries(distinct)!, 'v1')).toEqual(distinct);
  });

  it('are refused as a whole when one of them is unsound', () => {
    expect(decodeEntries([{ manager: 'x' }])).toBeUndefined();
    expect(
      decodeEntries([{ operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: { x: {} } }]),
    ).toBeUndefined();
    expect(decodeEntries([{ operation: 'Update', apiVersion: 'v1' }])).toBeUndefined();
  });

  it('are not capped up to ten updaters, whatever the appliers', () => {
    const entries = Array.from(
      { length: 20 },
      (_, i): ManagedFieldsEntry => ({
        manager: `m${i}`,
        operation: i < 10 ? 'Update' : 'Apply',
        apiVersion: 'v1',
        fieldsType: 'FieldsV1',
        fieldsV1: { [`f:x${i}`]: {} },
      }),
    );
    expect(capped(decodeEntries(entries)!).managers.size).toBe(20);
  });
});

describe('books', () => {
  const created = recorded(undefined, set({ replicas: 3, serviceName: 'web' }), write('me'));

  it('hold what the creator sent, not the status nor what the server sets', () => {
    expect(created).toEqual([
      {
        manager: 'me',
        operation: 'Update',
        apiVersion: 'apps/v1',
        time: T0,
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:spec': { 'f:replicas': {}, 'f:serviceName': {} } },
      },
    ]);
  });

  it('note only when a status was written', () => {
    const old = set({ replicas: 3 }, {}, created);
    const next = { ...old, status: { replicas: 1, availableReplicas: 0, readyReplicas: 1 } };
    const status = write('kube-controller-manager', { subresource: 'status', time: T1 });
    const entries = touched(old, next, status);
    expect(entries?.slice(1)).toEqual([
      {
        manager: 'kube-controller-manager',
        operation: 'Update',
        apiVersion: 'apps/v1',
        time: T1,
        subresource: 'status',
      },
    ]);
    const shown = entriesOf({ ...next, metadata: { ...next.metadata, managedFields: entries! } }, () => undefined);
    expect(shown?.[1]?.fieldsV1).toEqual({ 'f:status': { 'f:readyReplicas': {}, 'f:replicas': {} } });
  });

  it('stay closed for objects that only the cluster wrote', () => {
    const old = set({ replicas: 3 }, { replicas: 1 });
    expect(touched(old, old, write('kube-controller-manager', { subresource: 'status' }))).toBeUndefined();
    expect(recorded(old, old, write('me'))).toBeUndefined();
    expect(entriesOf(old, () => undefined)?.map(({ manager, subresource }) => [manager, subresource])).toEqual([
      ['kube-controller-manager', undefined],
      ['kube-controller-manager', 'status'],
    ]);
  });

  it('are opened by the first client, and keep the status short', () => {
    const old = set({ replicas: 3 }, { replicas: 1 });
    const entries = recorded(old, { ...old, spec: { replicas: 5 } }, write('me', { time: T1 }));
    expect(entries).toEqual([
      {
        manager: 'kube-controller-manager',
        operation: 'Update',
        apiVersion: 'apps/v1',
        time: T0,
        subresource: 'status',
      },
      {
        manager: 'me',
        operation: 'Update',
        apiVersion: 'apps/v1',
        time: T1,
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:spec': { 'f:replicas': {} } },
      },
    ]);
  });

  it('take a status that a client wrote over', () => {
    const old = set({ replicas: 3 }, { replicas: 1 }, created);
    const next = { ...old, status: { replicas: 7, availableReplicas: 0 } };
    const entries = recorded(old, next, write('me', { subresource: 'status', time: T1 }));
    expect(entries?.find(({ subresource }) => subresource === 'status')).toMatchObject({
      manager: 'me',
      fieldsV1: { 'f:status': { 'f:replicas': {} } },
    });
    expect(recorded(old, { ...next, spec: { replicas: 9 } }, write('me', { subresource: 'status' }))).toEqual(
      recorded(old, next, write('me', { subresource: 'status' })),
    );
  });
});
