import { describe, expect, test } from 'vitest';
import { ApiError, alreadyExists, badRequest, invalid, notFound, unprocessable } from '../../../src/core/api/status';
import type { KubeObject, StatefulSet } from '../../../src/core/api/types';
import { CommandError, errorText, Failures, forEach, throwAll, withSource } from '../../../src/core/client/errors';
import { LAST_APPLIED, withLastApplied } from '../../../src/core/client/last-applied';
import { change, edited, type MapEdit, parsePairs, splitPairs } from '../../../src/core/client/metadata-edit';
import { daemonSetStatus, deploymentStatus } from '../../../src/core/client/rollout/state';
import { statefulSetStatus } from '../../../src/core/client/rollout/status';
import { imagePatch } from '../../../src/core/client/set-image';
import { parseCondition } from '../../../src/core/client/wait';
import { createMergePatch } from '../../../src/core/meta/patch/merge-patch';

const pods = { group: '', plural: 'pods' };
const sets = { group: 'apps', plural: 'statefulsets' };

describe('errorText', () => {
  const required = { type: 'Required value', field: 'spec.selector' } as const;
  const negative = {
    type: 'Invalid value',
    field: 'spec.replicas',
    value: -1,
    detail: 'must be greater than or equal to 0',
  } as const;

  test.each<[Error, string]>([
    [notFound(pods, 'x'), 'Error from server (NotFound): pods "x" not found\n'],
    [new CommandError('no objects passed to apply'), 'error: no objects passed to apply\n'],
    [new CommandError('error: said already\n'), 'error: said already\n'],
    [
      withSource('creating', 'web.yaml', alreadyExists(sets, 'web')) as Error,
      'Error from server (AlreadyExists): error when creating "web.yaml": statefulsets.apps "web" already exists\n',
    ],
    [
      withSource('creating', 'a.yaml', new CommandError('nope')) as Error,
      'error: error when creating "a.yaml": nope\n',
    ],
    [
      withSource('creating', 'web.yaml', invalid('apps', 'StatefulSet', 'web', [negative])) as Error,
      'The StatefulSet "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0\n',
    ],
    [
      invalid('apps', 'StatefulSet', 'web', [required, negative, required]),
      'The StatefulSet "web" is invalid: \n* spec.selector: Required value\n' +
        '* spec.replicas: Invalid value: -1: must be greater than or equal to 0\n',
    ],
    [
      unprocessable('the server rejected our request due to an error in our request'),
      'The request is invalid: the server rejected our request due to an error in our request\n',
    ],
    [
      new Failures([notFound(pods, 'a'), new CommandError('no such file'), invalid('', 'Pod', 'b', [required])]),
      'Error from server (NotFound): pods "a" not found\nno such file\nError from server (Invalid): Pod "b" is invalid: spec.selector: Required value\n',
    ],
  ])('%s', (error, text) => expect(errorText(error)).toEqual({ text, exitCode: 1 }));

  test('several failures are told together, one by itself, a bug at once', async () => {
    const a = badRequest('a');
    const b = new CommandError('b');
    expect(() => throwAll([])).not.toThrow();
    expect(() => throwAll([a])).toThrow(a);
    expect(() => throwAll([a, new Failures([b, a])])).toThrow(new Failures([a, b, a]));
    const bug = new TypeError('bug');
    const seen: number[] = [];
    const run = forEach([1, 2, 3], async (n) => {
      seen.push(n);
      if (n === 1) throw a;
      if (n === 2) throw bug;
    });
    await expect(run).rejects.toBe(bug);
    expect(seen).toEqual([1, 2]);
    expect(a).toBeInstanceOf(ApiError);
  });
});

describe('deploymentStatus and daemonSetStatus', () => {
  const object = (spec: object, status: object, metadata: object = {}): KubeObject =>
    ({
      metadata: { name: 'd', generation: 2, ...metadata },
      spec: { replicas: 2, updateStrategy: { type: 'RollingUpdate' }, ...spec },
      status: { observedGeneration: 2, ...status },
    }) as unknown as KubeObject;
  const rollout = 'rollout to finish:';

  test.each<[string, object, string]>([
    ['unseen', { observedGeneration: 1 }, 'Waiting for deployment spec update to be observed...\n'],
    [
      'not updated',
      { replicas: 2 },
      `Waiting for deployment "d" ${rollout} 0 out of 2 new replicas have been updated...\n`,
    ],
    [
      'old ones left',
      { replicas: 3, updatedReplicas: 2 },
      `Waiting for deployment "d" ${rollout} 1 old replicas are pending termination...\n`,
    ],
    [
      'not available',
      { replicas: 2, updatedReplicas: 2, availableReplicas: 1 },
      `Waiting for deployment "d" ${rollout} 1 of 2 updated replicas are available...\n`,
    ],
  ])('a Deployment that is %s', (_, status, message) =>
    expect(deploymentStatus(object({}, status), 0)).toEqual({ message, done: false }),
  );

  test('a Deployment that is done, late, or of another revision', () => {
    const done = { replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
    const annotations = { 'deployment.kubernetes.io/revision': '3' };
    expect(deploymentStatus(object({}, done, { annotations }), 3)).toEqual({
      message: 'deployment "d" successfully rolled out\n',
      done: true,
    });
    expect(() => deploymentStatus(object({}, done, { annotations }), 2)).toThrow(
      new CommandError('desired revision (2) is different from the running revision (3)'),
    );
    const late = { conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }] };
    expect(() => deploymentStatus(object({}, late), 0)).toThrow(
      new CommandError('deployment "d" exceeded its progress deadline'),
    );
  });

  test.each<[string, object, string, boolean]>([
    ['unseen', { observedGeneration: 1 }, 'Waiting for daemon set spec update to be observed...\n', false],
    [
      'not updated',
      { desiredNumberScheduled: 2 },
      `Waiting for daemon set "d" ${rollout} 0 out of 2 new pods have been updated...\n`,
      false,
    ],
    [
      'not available',
      { desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 },
      `Waiting for daemon set "d" ${rollout} 1 of 2 updated pods are available...\n`,
      false,
    ],
    ['done', {}, 'daemon set "d" successfully rolled out\n', true],
  ])('a DaemonSet that is %s', (_, status, message, done) =>
    expect(daemonSetStatus(object({}, status))).toEqual({ message, done }),
  );
});

describe('statefulSetStatus', () => {
  const set = (spec: object, status: object, generation = 1): StatefulSet =>
    ({
      metadata: { generation },
      spec: { replicas: 3, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } }, ...spec },
      status: { observedGeneration: 1, readyReplicas: 3, updatedReplicas: 3, ...status },
    }) as unknown as StatefulSet;
  const bare = { updateStrategy: { type: 'RollingUpdate' } };

  test.each<[string, StatefulSet, string, boolean]>([
    ['not observed', set({}, {}, 2), 'Waiting for statefulset spec update to be observed...\n', false],
    [
      'never observed',
      set({}, { observedGeneration: 0 }),
      'Waiting for statefulset spec update to be observed...\n',
      false,
    ],
    ['not ready', set({}, { readyReplicas: 1 }), 'Waiting for 2 pods to be ready...\n', false],
    [
      'partition',
      set({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } }, { updatedReplicas: 1 }),
      'Waiting for partitioned roll out to finish: 1 out of 2 new pods have been updated...\n',
      false,
    ],
    ['complete', set({}, {}), 'partitioned roll out complete: 3 new pods have been updated...\n', true],
    [
      'no block, under way',
      set(bare, { updatedReplicas: 1, updateRevision: 'web-b', currentRevision: 'web-a' }),
      'waiting for statefulset rolling update to complete 1 pods at revision web-b...\n',
      false,
    ],
    [
      'no block, complete',
      set(bare, { currentReplicas: 3, updateRevision: 'web-b', currentRevision: 'web-b' }),
      'statefulset rolling update complete 3 pods at revision web-b...\n',
      true,
    ],
  ])('%s', (_, object, message, done) => expect(statefulSetStatus(object)).toEqual({ message, done }));

  test('OnDelete is refused', () => {
    expect(() => statefulSetStatus(set({ updateStrategy: { type: 'OnDelete' } }, {}))).toThrow(
      new CommandError('rollout status is only available for RollingUpdate strategy type'),
    );
  });
});

describe('imagePatch', () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'x' },
    spec: {
      containers: [
        { name: 'a', image: '1' },
        { name: 'b', image: '1' },
      ],
      initContainers: [{ name: 'i', image: '1' }],
    },
  } as unknown as KubeObject;

  test('names, everything, nothing, what is missing', () => {
    expect(imagePatch(pod, { a: '2', i: '3' })).toMatchObject({
      patch: { spec: { containers: [{ name: 'a', image: '2' }], initContainers: [{ name: 'i', image: '3' }] } },
      changed: true,
      missing: [],
    });
    expect(imagePatch(pod, { '*': '2' }).object).toMatchObject({
      spec: { containers: [{ image: '2' }, { image: '2' }], initContainers: [{ image: '2' }] },
    });
    expect(imagePatch(pod, { a: '1' })).toMatchObject({ changed: false, missing: [] });
    expect(imagePatch(pod, { zz: '1' })).toMatchObject({ changed: false, missing: ['zz'] });
    expect(pod).toMatchObject({ spec: { containers: [{ image: '1' }, { image: '1' }] } });
    expect(() => imagePatch({ ...pod, kind: 'Service', spec: {} }, { a: '2' })).toThrow('does not have a pod template');
  });
});

describe('parseCondition', () => {
  const object = (status: object, generation = 1): KubeObject =>
    ({ apiVersion: 'v1', kind: 'Pod', metadata: { generation }, status }) as unknown as KubeObject;
  const holds = (text: string, o: KubeObject): boolean => {
    const condition = parseCondition(text);
    return condition.kind === 'check' && condition.holds(o);
  };
  const ready = { conditions: [{ type: 'Ready', status: 'True' }] };

  test('conditions in any case, with a value, and not those of an older spec', () => {
    expect(holds('condition=ready', object(ready))).toBe(true);
    expect(holds('condition=Ready=true', object(ready))).toBe(true);
    expect(holds('condition=Ready=false', object(ready))).toBe(false);
    expect(holds('condition=Bogus', object(ready))).toBe(false);
    expect(holds('condition=Ready', object({ ...ready, observedGeneration: 1 }, 2))).toBe(false);
    expect(holds('condition=Ready', object({ ...ready, observedGeneration: 2 }, 2))).toBe(true);
  });

  test('JSONPath with and without a value, filters included', () => {
    expect(holds('jsonpath={.status.phase}=Running', object({ phase: 'Running' }))).toBe(true);
    expect(holds('jsonpath=.status.n=3', object({ n: 3 }))).toBe(true);
    expect(holds('jsonpath={.status.n}', object({ n: 0 }))).toBe(true);
    expect(holds('jsonpath={.status.n}', object({}))).toBe(false);
    expect(holds('jsonpath={.status.conditions[?(@.type=="Ready")].status}=True', object(ready))).toBe(true);
    expect(() => holds('jsonpath={.status}=x', object({ phase: 'Running' }))).toThrow('nested object or list');
    expect(() => holds('jsonpath={.status.*}=x', object({ a: 1, b: 2 }))).toThrow('more than one value');
  });
});

describe('metadata', () => {
  const cm = (labels?: Record<string, string>): KubeObject =>
    ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', ...(labels && { labels }) },
    }) as unknown as KubeObject;

  test('edits and the patches for them', () => {
    const before = cm({ a: '1', b: '2' });
    const after = edited(before, 'labels', { set: { a: '9', c: '3' }, remove: ['b'] });
    expect(after.metadata.labels).toEqual({ a: '9', c: '3' });
    const patch = (object: KubeObject, edit: MapEdit) => createMergePatch(...change(object, 'labels', edit));
    expect(patch(before, { set: { a: '9', c: '3' }, remove: ['b'] })).toEqual({
      metadata: { labels: { a: '9', b: null, c: '3' } },
    });
    expect(patch(before, { set: {}, remove: ['zz'] })).toEqual({});
    expect(patch(cm(), { set: { a: '1' }, remove: [], resourceVersion: '7' })).toEqual({
      metadata: { labels: { a: '1' }, resourceVersion: '7' },
    });
    const whole = { ...before, metadata: { ...before.metadata, managedFields: [] }, spec: { x: 1 } };
    expect(change(whole, 'labels', { set: {}, remove: ['a'] })[1].metadata).not.toHaveProperty('managedFields');
    expect(edited(cm(), 'labels', { set: {}, remove: ['x'] })).toEqual(cm());
  });

  test('arguments and pairs', () => {
    expect(splitPairs(['pods', 'web-0', 'a=b', 'c-'], 'label')).toEqual({
      resources: ['pods', 'web-0'],
      pairs: ['a=b', 'c-'],
    });
    expect(parsePairs(['a=b=c', 'd-', 'e='], 'annotation', true)).toEqual({ set: { a: 'b=c', e: '' }, remove: ['d'] });
    expect(() => parsePairs(['x', 'y'], 'image', false)).toThrow(new CommandError('invalid image format: x, y'));
  });

  test('the last applied configuration is written as kubectl writes it', () => {
    const manifest = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      data: { b: '<&>', a: '中' },
      metadata: { name: 'c', annotations: { [LAST_APPLIED]: 'old', x: 'y' } },
    };
    const written = withLastApplied(manifest);
    expect(written.metadata.annotations?.[LAST_APPLIED]).toBe(
      '{"apiVersion":"v1","data":{"a":"中","b":"\\u003c\\u0026\\u003e"},"kind":"ConfigMap","metadata":{"annotations":{"x":"y"},"name":"c"}}\n',
    );
    expect(withLastApplied(written)).toEqual(written);
  });
});
