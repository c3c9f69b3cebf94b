/** Protobuf bodies, written by hand as the API's definitions number the fields. */
import { describe, expect, it } from 'vitest';
import { decodeProtobuf, ProtobufError } from '../../../src/core/server/protobuf/decode';

const varint = (value: bigint): number[] => {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
};
const field = (number: number, ...content: number[][]): number[] => {
  const bytes = content.flat();
  return [...varint(BigInt(number * 8 + 2)), ...varint(BigInt(bytes.length)), ...bytes];
};
const text = (number: number, value: string): number[] => field(number, [...Buffer.from(value)]);
const integer = (number: number, value: number | bigint): number[] => [
  ...varint(BigInt(number * 8)),
  ...varint(BigInt(value)),
];
const envelope = (apiVersion: string, kind: string, ...raw: number[][]): Uint8Array =>
  Uint8Array.from([
    ...Buffer.from('k8s\0'),
    ...field(1, text(1, apiVersion), text(2, kind)),
    ...field(2, ...raw),
    ...text(3, ''),
    ...text(4, ''),
  ]);

describe('a body', () => {
  it('becomes the object that JSON would be', () => {
    const metadata = field(1, text(1, 'web'), text(2, ''), field(8), field(11, text(1, 'app'), text(2, 'nginx')));
    const spec = field(
      2,
      field(1, integer(1, 1), integer(2, 0), text(3, '50%')),
      field(2, field(1, text(1, 'a'), text(2, 'b'))),
    );
    expect(decodeProtobuf(envelope('policy/v1', 'PodDisruptionBudget', metadata, spec, field(3)))).toEqual({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web', generateName: '', creationTimestamp: null, labels: { app: 'nginx' } },
      spec: { minAvailable: '50%', selector: { matchLabels: { a: 'b' } } },
      status: {},
    });
  });

  it('holds numbers of either sign, bytes, quantities and times', () => {
    const priority = envelope('scheduling.k8s.io/v1', 'PriorityClass', integer(2, -5), integer(3, 1));
    expect(decodeProtobuf(priority)).toMatchObject({ value: -5, globalDefault: true });
    const secret = envelope('v1', 'Secret', field(2, text(1, 'k'), text(2, 'v')));
    expect(decodeProtobuf(secret)).toMatchObject({ data: { k: 'dg==' } });
    const quota = envelope('v1', 'ResourceQuota', field(2, field(1, text(1, 'cpu'), field(2, text(1, '500m')))));
    expect(decodeProtobuf(quota)).toMatchObject({ spec: { hard: { cpu: '500m' } } });
    const born = envelope('v1', 'ConfigMap', field(1, field(8, integer(1, 1_767_225_600))));
    expect(decodeProtobuf(born)).toMatchObject({ metadata: { creationTimestamp: '2026-01-01T00:00:00Z' } });
  });

  it('is read in its version: the same kind may be another message', () => {
    const target = field(1, text(1, 'StatefulSet'), text(2, 'web'), text(3, 'apps/v1'));
    const old = envelope('autoscaling/v1', 'HorizontalPodAutoscaler', field(2, target, integer(3, 4), integer(4, 50)));
    const scaleTargetRef = { kind: 'StatefulSet', name: 'web', apiVersion: 'apps/v1' };
    expect(decodeProtobuf(old)).toMatchObject({
      spec: { scaleTargetRef, maxReplicas: 4, targetCPUUtilizationPercentage: 50 },
    });
    const metric = field(
      4,
      text(1, 'Resource'),
      field(4, text(1, 'cpu'), field(2, text(1, 'Utilization'), integer(4, 50))),
    );
    const now = envelope('autoscaling/v2', 'HorizontalPodAutoscaler', field(2, target, integer(3, 4), metric));
    const cpu = { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } };
    expect(decodeProtobuf(now)).toMatchObject({ spec: { metrics: [{ type: 'Resource', resource: cpu }] } });
    const time = field(2, integer(1, 1_767_225_600), integer(2, 5_000));
    expect(decodeProtobuf(envelope('events.k8s.io/v1', 'Event', time, text(10, 'n')))).toMatchObject({
      eventTime: '2026-01-01T00:00:00.000005Z',
      note: 'n',
    });
    expect(decodeProtobuf(envelope('v1', 'Event', text(4, 'm')))).toMatchObject({ message: 'm' });
  });

  it('is refused as a whole where anything in it is not known', () => {
    const wrong = [
      Uint8Array.from([1, 2, 3]),
      envelope('v1', 'Widget'),
      envelope('v1', 'ConfigMap', text(99, 'x')),
      envelope('v1', 'ConfigMap', integer(1, 5)),
      envelope('v1', 'ConfigMap').subarray(0, 12),
    ];
    for (const bytes of wrong) expect(() => decodeProtobuf(bytes)).toThrow(ProtobufError);
  });

  it('cannot name a prototype', () => {
    const map = envelope('v1', 'ConfigMap', field(2, text(1, '__proto__'), text(2, 'x')));
    decodeProtobuf(map);
    expect(({} as { x?: string }).x).toBeUndefined();
  });
});
