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
