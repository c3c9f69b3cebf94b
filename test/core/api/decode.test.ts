import { describe, expect, it } from 'vitest';
import { decode, typeError } from '../../../src/core/api/decode';
import { pod, podWith, statefulSet, template } from './fixtures';

const messageOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
};
const cm = (fields: object): object => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, ...fields });
const secret = (data: object): object => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data });

describe('decode', () => {
  it('refuses unknown fields, all of them, in the order of their names', () => {
    const manifest = {
      ...statefulSet({ replica: 3, template: template({ containers: [{ name: 'c', x: 1 }] }) }),
      z: 1,
    };
    const unknown = [
      'unknown field "spec.replica"',
      'unknown field "spec.template.spec.containers[0].x"',
      'unknown field "z"',
    ];
    expect(messageOf(() => decode(manifest, 'Strict'))).toBe(
      `StatefulSet in version "v1" cannot be handled as a StatefulSet: strict decoding error: ${unknown.join(', ')}`,
    );
    expect(decode(manifest, 'Warn').warnings).toEqual(unknown);
    expect(decode(manifest, 'Ignore').warnings).toEqual([]);
    expect(decode(decode(manifest, 'Ignore').manifest, 'Warn').warnings).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    [
      'a text for a number',
      statefulSet({ replicas: 'three' }),
      'json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.replicas of type int32',
    ],
    [
      'a fraction',
      statefulSet({ replicas: 1.5 }),
      'json: cannot unmarshal number 1.5 into Go struct field StatefulSetSpec.spec.replicas of type int32',
    ],
    [
      'too large a number',
      statefulSet({ replicas: 2 ** 31 }),
      'json: cannot unmarshal number 2147483648 into Go struct field StatefulSetSpec.spec.replicas of type int32',
    ],
    [
      'more than 32 bits',
      statefulSet({ replicas: 9007199254740993n }),
      'json: cannot unmarshal number 9007199254740993 into Go struct field StatefulSetSpec.spec.replicas of type int32',
    ],
    [
      'more than 64 bits',
      podWith({}, { activeDeadlineSeconds: 2 ** 63 }),
      'json: cannot unmarshal number 9223372036854776000 into Go struct field PodSpec.spec.activeDeadlineSeconds of type int64',
    ],
    [
      'far more than 64 bits',
      podWith({}, { activeDeadlineSeconds: 1e30 }),
      'json: cannot unmarshal number 1e+30 into Go struct field PodSpec.spec.activeDeadlineSeconds of type int64',
    ],
    [
      'a large number for a text',
      cm({ data: { n: 9007199254740993n } }),
      'json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    ],
    [
      'a large number for a port',
      podWith({ livenessProbe: { tcpSocket: { port: 9007199254740993n } } }),
      'json: cannot unmarshal number 9007199254740993 into Go value of type int32',
    ],
    [
      'a number for a text in a map',
      cm({ data: { n: 5 } }),
      'json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    ],
    [
      'a bool for a named text',
      statefulSet({ podManagementPolicy: true }),
      'json: cannot unmarshal bool into Go struct field StatefulSetSpec.spec.podManagementPolicy of type v1.PodManagementPolicyType',
    ],
    [
      'a text for an object',
      statefulSet({ template: 'x' }),
      'json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.template of type v1.PodTemplateSpec',
    ],
    [
      'an object for a list',
      pod({ containers: {} }),
      'json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      'a text for a list of texts',
      podWith({ command: 'sh' }),
      'json: cannot unmarshal string into Go struct field Container.spec.containers.command of type []string',
    ],
    [
      'a list for a map',
      pod({ nodeSelector: [] }),
      'json: cannot unmarshal array into Go struct field PodSpec.spec.nodeSelector of type map[string]string',
    ],
    [
      'a number in a list of texts',
      podWith({ args: ['a', 1] }),
      'json: cannot unmarshal number into Go struct field Container.spec.containers.args of type string',
    ],
    [
      'no quantity',
      podWith({ resources: { limits: { memory: '1Gigs' } } }),
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
    [
      'no quantity at all',
      podWith({ resources: { limits: { memory: true } } }),
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
    [
      'a fraction as a port',
      podWith({ livenessProbe: { httpGet: { port: 1.5 } } }),
      'json: cannot unmarshal number 1.5 into Go value of type int32',
    ],
    [
      'no time',
      { ...pod(), metadata: { name: 'p', creationTimestamp: 'today' } },
      'parsing time "today" as "2006-01-02T15:04:05Z07:00": cannot parse "today" as "2006"',
    ],
    [
      'a day that is none',
      { ...pod(), metadata: { creationTimestamp: '2026-02-30T00:00:00Z' } },
      'parsing time "2026-02-30T00:00:00Z": day out of range',
    ],
    ['no base64', secret({ a: 'a#b=' }), 'illegal base64 data at input byte 1'],
    [
      'a number as a label',
      { ...pod(), metadata: { labels: { a: 1 } } },
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
    ],
  ])('refuses %s', (_, manifest, message) => {
    expect(typeError(manifest)).toBe(message);
    expect(messageOf(() => decode(manifest, 'Ignore'))).toMatch(/^\w+ in version "v1" cannot be handled as a \w+: /);
  });

  it('reports the first wrong value in the order of the names', () => {
    const manifest = statefulSet({ serviceName: 1, replicas: 'x' });
    expect(typeError(manifest)).toContain('StatefulSetSpec.spec.replicas');
  });

  it('writes what Go would write', () => {
    const manifest = podWith(
      {
        command: [],
        stdin: false,
        securityContext: { privileged: false },
        resources: { limits: { cpu: 0.5, memory: '1024Mi' }, requests: {} },
      },
      {
        hostNetwork: false,
        hostname: '',
        runtimeClassName: '',
        nodeSelector: {},
        priority: 0,
        volumes: [{ name: 'v', emptyDir: {} }],
        affinity: null,
      },
    );
    const dated = {
      ...manifest,
      metadata: { name: 'p', creationTimestamp: '2026-01-01T02:00:00.5+02:00', labels: {} },
    };
    expect(decode(dated, 'Strict').manifest).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', creationTimestamp: '2026-01-01T00:00:00Z' },
      spec: {
        containers: [
          {
            name: 'c',
            image: 'busybox',
            securityContext: { privileged: false },
            resources: { limits: { cpu: '500m', memory: '1Gi' } },
          },
        ],
        runtimeClassName: '',
        priority: 0,
        volumes: [{ name: 'v', emptyDir: {} }],
      },
    });
  });

  it('passes custom kinds through and survives names from the prototype', () => {
    const custom = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'x' }, spec: { replicas: 'x' } };
    expect(decode(custom, 'Strict').manifest).toEqual(custom);
    const hostile = JSON.parse(
      '{"apiVersion":"v1","kind":"Pod","__proto__":{"a":1},"constructor":1,"metadata":{"labels":{"__proto__":"x"}}}',
    );
    expect(decode(hostile, 'Warn').warnings).toEqual(['unknown field "__proto__"', 'unknown field "constructor"']);
    const labels = decode(hostile, 'Ignore').manifest.metadata.labels!;
    expect(Object.keys(labels)).toEqual(['__proto__']);
  });

  it.each([[null], [[1]], ['x']])('refuses %j, which is no object', (value) => {
    expect(messageOf(() => decode(value, 'Strict'))).toMatch(/^json: cannot unmarshal \w+ into Go value of type map/);
  });
});
