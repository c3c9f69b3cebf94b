import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../src/core/api/status';
import { type PatchOptions, type PatchType, patchObject } from '../../../src/core/apiserver/patch';
import { TestCluster } from '../../support/cluster';

function patching() {
  const test = new TestCluster();
  test.apply();
  const patch = (type: PatchType, body: unknown, options: PatchOptions = {}, key = 'statefulsets.apps', name = 'web') =>
    patchObject(test.store, test.store.resource(key), 'default', name, type, body, options);
  const refusal = (...args: Parameters<typeof patch>): string => {
    try {
      patch(...args);
    } catch (error) {
      if (error instanceof ApiError) return `${error.reason}: ${error.message}`;
      throw error;
    }
    return 'accepted';
  };
  return { test, patch, refusal };
}

describe('patchObject', () => {
  it('merges lists by key, replaces them, or edits them', () => {
    const { test, patch } = patching();
    const sidecar = { spec: { template: { spec: { containers: [{ name: 'sidecar', image: 'busybox' }] } } } };
    patch('strategic', sidecar);
    const names = () => test.set().spec.template.spec.containers.map((c) => c.name);
    expect(names()).toEqual(['sidecar', 'nginx']);
    patch('strategic', { spec: { template: { spec: { containers: [{ name: 'nginx', $patch: 'delete' }] } } } });
    expect(names()).toEqual(['sidecar']);
    patch('merge', { spec: { template: { spec: { containers: [{ name: 'only', image: 'x' }] } } } });
    expect(names()).toEqual(['only']);
    patch('json', [{ op: 'replace', path: '/spec/replicas', value: 7 }]);
    expect(test.set().spec.replicas).toBe(7);
  });

  it('reaches the scale and the status only through their subresources', () => {
    const { test, patch, refusal } = patching();
    expect(patch('merge', { spec: { replicas: 2 } }, { subresource: 'scale' })).toMatchObject({
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      spec: { replicas: 2 },
      status: { selector: 'app=nginx' },
    });
    expect(test.set().spec.replicas).toBe(2);
    patch('merge', { status: { replicas: 5 } });
    expect(test.set().status.replicas).not.toBe(5);
    expect(refusal('merge', {}, { subresource: 'scale' }, 'services', 'kubernetes')).toBe(
      'NotFound: the server could not find the requested resource',
    );
  });

  it('refuses in the words of the API server', () => {
    const { refusal } = patching();
    expect(refusal('json', [{ op: 'test', path: '/spec/replicas', value: 9 }])).toBe(
      'Invalid: the server rejected our request due to an error in our request',
    );
    expect(refusal('strategic', 'not json')).toBe(
      'BadRequest: json: cannot unmarshal string into Go value of type map[string]interface {}',
    );
    expect(refusal('strategic', { metadata: { name: 'other' } })).toBe(
      'BadRequest: the name of the object (other) does not match the name on the URL (web)',
    );
    expect(refusal('merge', { spec: { replicas: 'x' } })).toMatch(
      /json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.replicas of type int32$/,
    );
    expect(refusal('strategic', { spec: { nope: 1 } })).toMatch(/strict decoding error: unknown field "spec.nope"$/);
    expect(refusal('merge', { spec: { serviceName: 'x' } })).toMatch(
      /updates to statefulset spec for fields other than/,
    );
    expect(refusal('merge', {}, {}, 'statefulsets.apps', 'nope')).toBe('NotFound: statefulsets.apps "nope" not found');
  });

  it('changes nothing on a dry run', () => {
    const { test, patch } = patching();
    expect(patch('merge', { spec: { replicas: 9 } }, { dryRun: true })).toMatchObject({ spec: { replicas: 9 } });
    expect(test.set().spec.replicas).toBe(3);
  });
});
