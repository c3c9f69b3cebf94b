import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../src/core/api/status';
import { type PatchType, patchObject } from '../../../src/core/apiserver/patch';
import { toScale, withScale } from '../../../src/core/apiserver/scale';
import { TestCluster } from '../../support/cluster';

function patching() {
  const test = new TestCluster();
  test.apply();
  const resource = test.store.resource('statefulsets.apps');
  const patched = async (type: PatchType, body: unknown) =>
    (await patchObject(resource, test.set(), type, body, 'Strict')).object;
  const patch = async (type: PatchType, body: unknown) => test.store.update(await patched(type, body));
  const refusal = async (type: PatchType, body: unknown): Promise<string> => {
    try {
      await patch(type, body);
    } catch (error) {
      if (error instanceof ApiError) return `${error.reason}: ${error.message}`;
      throw error;
    }
    return 'accepted';
  };
  return { test, resource, patch, refusal };
}

describe('patchObject', () => {
  it('merges lists by key, replaces them, or edits them', async () => {
    const { test, patch } = patching();
    await patch('strategic', { spec: { template: { spec: { containers: [{ name: 'sidecar', image: 'busybox' }] } } } });
    const names = () => test.set().spec.template.spec.containers.map((c) => c.name);
    expect(names()).toEqual(['sidecar', 'nginx']);
    await patch('strategic', { spec: { template: { spec: { containers: [{ name: 'nginx', $patch: 'delete' }] } } } });
    expect(names()).toEqual(['sidecar']);
    await patch('merge', { spec: { template: { spec: { containers: [{ name: 'only', image: 'x' }] } } } });
    expect(names()).toEqual(['only']);
    await patch('json', [{ op: 'replace', path: '/spec/replicas', value: 7 }]);
    expect(test.set().spec.replicas).toBe(7);
  });

  it('says which kind of value a merged object cannot take', async () => {
    const { refusal } = patching();
    const refused = async (spec: unknown): Promise<string> =>
      (await refusal('strategic', { spec })).replace(/^.*": /, '');
    expect(await refused({ replicas: 'x' })).toBe('unrecognized type: int32');
    expect(await refused({ replicas: 1.5 })).toBe('cannot convert float64 to int32');
    expect(await refused({ serviceName: 1 })).toBe('cannot convert int64 to string');
    expect(await refused({ serviceName: true })).toBe('unrecognized type: string');
    expect(await refused('x')).toBe('cannot restore struct from: string');
    expect(await refused({ template: { spec: { containers: 'x' } } })).toBe('cannot restore slice from string');
    expect(await refused({ selector: { matchLabels: 'x' } })).toBe('cannot restore map from string');
  });

  it('names the Go type that a number cannot become', async () => {
    const { refusal } = patching();
    expect(await refusal('strategic', { spec: { podManagementPolicy: 1 } })).toBe(
      'Invalid:  "" is invalid: patch: Invalid value: "map[spec:map[podManagementPolicy:1]]": cannot convert int64 to v1.PodManagementPolicyType',
    );
  });

  it.each<[string, unknown, string]>([
    [
      'an item without its key',
      { containers: [{ image: 'x' }] },
      ': map: map[image:x] does not contain declared merge key: name',
    ],
    ['an unknown directive', { $patch: 'mend' }, ': unknown patch type: mend in map: map[$patch:mend]'],
    ['no list of keys', { $retainKeys: 1 }, 'BadRequest: invalid patch format of retainKeys'],
    [
      'an order that is not of a list',
      { $setElementOrder: [] },
      'BadRequest: invalid patch format of setElementOrder list',
    ],
    [
      'a list of lists',
      { containers: [[1]] },
      'Invalid: the server rejected our request due to an error in our request',
    ],
    [
      'an item that is no object',
      { tolerations: [], containers: [{ name: 'a' }, 'b'] },
      expect.stringMatching(/^: list element types are not identical: \[\[map\[/) as unknown as string,
    ],
  ])('refuses a strategic patch with %s', async (_, spec, expected) => {
    const { refusal, test } = patching();
    const before = test.set();
    expect(await refusal('strategic', { spec: { template: { spec } } })).toEqual(expected);
    expect(test.set()).toBe(before);
  });

  it.each<[string, PatchType, unknown, string]>([
    ['nothing', 'merge', null, 'BadRequest: Invalid JSON Patch'],
    [
      'a list',
      'merge',
      [1],
      'BadRequest: error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
    ],
    [
      'an object',
      'json',
      { a: 1 },
      'BadRequest: error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    ],
    [
      'a text for an operation',
      'json',
      ['x'],
      'BadRequest: error decoding patch: json: cannot unmarshal string into Go value of type handlers.jsonPatchOp',
    ],
    [
      'a number for its name',
      'json',
      [{ op: 1 }],
      'BadRequest: error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string',
    ],
    [
      'too many operations',
      'json',
      Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/kind', value: 'StatefulSet' })),
      'RequestEntityTooLarge: Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001',
    ],
  ])('refuses %s as a %s patch', async (_, type, body, expected) => {
    expect(await patching().refusal(type, body)).toBe(expected);
  });

  it.each<[string, object, string]>([
    [
      'another namespace',
      { namespace: 'x' },
      'BadRequest: the namespace of the provided object does not match the namespace sent on the request',
    ],
    [
      'no name',
      { name: null },
      'BadRequest: the name of the object (web based on URL) was undeterminable: name must be provided',
    ],
    [
      'an older version',
      { resourceVersion: '1' },
      'Conflict: Operation cannot be fulfilled on statefulsets.apps "web": the object has been modified; please apply your changes to the latest version and try again',
    ],
  ])('refuses a patch to %s', async (_, metadata, expected) => {
    expect(await patching().refusal('merge', { metadata })).toBe(expected);
  });

  it('puts an object without a namespace into that of the request', async () => {
    const { test, patch } = patching();
    const before = test.set();
    await patch('merge', { metadata: { namespace: null } });
    expect(test.set()).toBe(before);
  });

  it('does not make another kind of an object', async () => {
    const { test, patch, refusal } = patching();
    const before = test.set();
    await patch('strategic', { kind: 'Pod', apiVersion: 'v1' });
    expect(test.set()).toBe(before);
    expect(await refusal('merge', { kind: 'Pod' })).toMatch(
      /: no kind "Pod" is registered for version "apps\/v1" in scheme "pkg\/api\/legacyscheme\/scheme.go:30"$/,
    );
    expect(await refusal('json', [{ op: 'replace', path: '/kind', value: 'Deployment' }])).toMatch(
      /: converting \(v1.Deployment\) to \(apps.StatefulSet\): unknown conversion$/,
    );
  });

  it('leaves the status alone', async () => {
    const { test, patch } = patching();
    await patch('merge', { status: { replicas: 5 } });
    expect(test.set().status.replicas).not.toBe(5);
  });

  it('refuses in the words of the API server', async () => {
    const { refusal } = patching();
    expect(await refusal('json', [{ op: 'test', path: '/spec/replicas', value: 9 }])).toBe(
      'Invalid: the server rejected our request due to an error in our request',
    );
    expect(await refusal('strategic', 'not json')).toBe(
      'BadRequest: json: cannot unmarshal string into Go value of type map[string]interface {}',
    );
    expect(await refusal('strategic', { metadata: { name: 'other' } })).toBe(
      'BadRequest: the name of the object (other) does not match the name on the URL (web)',
    );
    expect(await refusal('merge', { spec: { replicas: 'x' } })).toMatch(
      /json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.replicas of type int32$/,
    );
    expect(await refusal('strategic', { spec: { nope: 1 } })).toMatch(
      /strict decoding error: unknown field "spec.nope"$/,
    );
    expect(await refusal('merge', { spec: { serviceName: 'x' } })).toMatch(
      /updates to statefulset spec for fields other than/,
    );
  });
});

describe('the scale subresource', () => {
  it('reads and writes the replicas', () => {
    const { test, resource } = patching();
    const scale = toScale(test.set());
    expect(scale).toMatchObject({
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      spec: { replicas: 3 },
      status: { selector: 'app=nginx' },
    });
    test.store.update(withScale(resource, test.set(), { ...scale, spec: { replicas: 2 } }));
    expect(test.set().spec.replicas).toBe(2);
    expect(() => withScale(resource, test.set(), { ...scale, spec: { replicas: 1 } })).toThrow(/has been modified/);
  });
});
