import { describe, expect, it } from 'vitest';
import type { CustomVersions } from '../../../../src/core/api/custom-resources/schema';
import { comparePreference } from '../../../../src/core/api/custom-resources/versions';
import { decode } from '../../../../src/core/api/decode';

const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        size: { type: 'integer', default: 1 },
        list: { type: 'array', items: { type: 'object', properties: { name: { type: 'string', default: 'x' } } } },
        map: { type: 'object', additionalProperties: { type: 'object', properties: { a: { type: 'string' } } } },
        raw: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        maybe: { type: 'string', nullable: true },
        pod: {
          type: 'object',
          'x-kubernetes-embedded-resource': true,
          properties: { spec: { type: 'object' } },
        },
        nested: { type: 'object', default: {}, properties: { deep: { type: 'boolean', default: true } } },
      },
    },
  },
};
const versions: CustomVersions = (apiVersion) =>
  apiVersion.startsWith('example.com/') ? { apiVersion: 'example.com/v1', schema } : undefined;
const widget = (spec: unknown, metadata: object = { name: 'w' }) => ({
  apiVersion: 'example.com/v1beta1',
  kind: 'Widget',
  metadata,
  spec,
});

describe('decode of a custom resource', () => {
  it('fills in defaults, and reads every version as the preferred one', () => {
    expect(decode(widget({ list: [{}] }), 'Strict', versions).manifest).toEqual({
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: 'w' },
      spec: { size: 1, list: [{ name: 'x' }], nested: { deep: true } },
    });
  });

  it('drops nulls, but those that the schema allows', () => {
    const { manifest } = decode(widget({ size: null, list: null, maybe: null }), 'Strict', versions);
    expect(manifest.spec).toEqual({ size: 1, maybe: null, nested: { deep: true } });
  });

  it('prunes what it does not know, and says so', () => {
    const spec = {
      other: 1,
      list: [{ name: 'a', b: 1 }],
      map: { key: { a: 'x', c: 1 } },
      raw: { anything: [1] },
      pod: { apiVersion: 'v1', kind: 'Pod', metadata: { labels: {} }, status: {} },
    };
    const { manifest, warnings } = decode(widget(spec, { name: 'w', lables: {} }), 'Warn', versions);
    expect(warnings).toEqual([
      'unknown field "metadata.lables"',
      'unknown field "spec.list[0].b"',
      'unknown field "spec.map.key.c"',
      'unknown field "spec.other"',
      'unknown field "spec.pod.status"',
    ]);
    expect(manifest).toMatchObject({
      metadata: { name: 'w' },
      spec: {
        list: [{ name: 'a' }],
        map: { key: { a: 'x' } },
        raw: { anything: [1] },
        pod: { apiVersion: 'v1', kind: 'Pod', metadata: { labels: {} } },
      },
    });
    expect(() => decode(widget({ other: 1 }), 'Strict', versions)).toThrow(
      'Widget in version "v1beta1" cannot be handled as a Widget: strict decoding error: unknown field "spec.other"',
    );
    expect(decode(widget({ other: 1 }), 'Ignore', versions).warnings).toEqual([]);
  });

  it('reads the metadata by its type', () => {
    expect(() => decode(widget({}, { name: 'w', labels: 'x' }), 'Ignore', versions)).toThrow(
      'Widget in version "v1beta1" cannot be handled as a Widget: json: cannot unmarshal string into Go struct field ObjectMeta.labels of type map[string]string',
    );
  });
});

it('prefers versions as clients do', () => {
  const names = ['v1alpha1', 'foo', 'v2', 'v1beta2', 'v10', 'v1', 'bar', 'v2alpha1', 'v1beta1'];
  expect([...names].sort(comparePreference)).toEqual([
    'v10',
    'v2',
    'v1',
    'v1beta2',
    'v1beta1',
    'v2alpha1',
    'v1alpha1',
    'bar',
    'foo',
  ]);
});
