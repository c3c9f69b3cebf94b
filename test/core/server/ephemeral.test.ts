/** Ephemeral containers over HTTP: added to a pod that runs, started once, looked into, and never taken away. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PODS, type Served, serve } from '../../support/served';

let at: Served;
beforeAll(async () => {
  at = await serve();
  await at.call('POST', PODS, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web' },
    spec: { containers: [{ name: 'main', image: 'nginx' }] },
  });
  await seen('web', ({ status }) => status.phase === 'Running');
});
afterAll(async () => {
  expect(at.troubles).toEqual([]);
  await at.stop();
});

// biome-ignore lint/suspicious/noExplicitAny: replies are looked into freely
type Loose = any;
const PART = `${PODS}/web/ephemeralcontainers`;
const STRATEGIC = { 'content-type': 'application/strategic-merge-patch+json' };
const add = (...ephemeralContainers: object[]) => at.call('PATCH', PART, { spec: { ephemeralContainers } }, STRATEGIC);

/** The pod once something holds of it. */
async function seen(name: string, holds: (pod: Loose) => boolean): Promise<Loose> {
  const watch = at.watch(`${PODS}?watch=1&fieldSelector=metadata.name%3D${name}`);
  const events = await watch.until((all) => all.some(({ object }) => holds(object)));
  watch.close();
  return events.findLast(({ object }) => holds(object))?.object;
}
const statusOf = (pod: Loose, name: string) =>
  (pod.status.ephemeralContainerStatuses ?? []).find((one: Loose) => one.name === name);

describe('an ephemeral container', () => {
  it('starts at once, does its work, and is not started again', async () => {
    const before = (await at.call('GET', `${PODS}/web`)).body;
    const command = ['sh', '-c', 'echo hello; sleep 5; exit 3'];
    const added = await add({ name: 'look', image: 'busybox', command, targetContainerName: 'main' });
    expect([added.code, added.body.spec.ephemeralContainers]).toEqual([
      200,
      [
        {
          name: 'look',
          image: 'busybox',
          command,
          targetContainerName: 'main',
          imagePullPolicy: 'Always',
          resources: {},
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
        },
      ],
    ]);
    const pod = await seen('web', (one) => statusOf(one, 'look')?.state.terminated);
    const { state, ready, restartCount, started } = statusOf(pod, 'look');
    expect([state.terminated.exitCode, state.terminated.reason, ready, restartCount, started]).toEqual([
      3,
      'Error',
      false,
      0,
      undefined,
    ]);
    // The pod is as it was but for that.
    expect([pod.status.phase, pod.metadata.generation, pod.spec.containers]).toEqual([
      'Running',
      before.metadata.generation + 1,
      before.spec.containers,
    ]);
    expect(pod.status.conditions.find((one: Loose) => one.type === 'Ready').status).toBe('True');
    expect((await at.call('GET', `${PODS}/web/log?container=look`)).text).toBe('hello\n');
  });

  it('is read and replaced like the pod, of which nothing else changes', async () => {
    const pod = (await at.call('GET', PART)).body;
    pod.spec.ephemeralContainers.push({ name: 'second', image: 'busybox', stdin: true, command: ['sh'] });
    pod.metadata.labels = { not: 'taken' };
    pod.spec.containers[0].image = 'nginx:other';
    const put = await at.call('PUT', PART, pod);
    expect([put.code, put.body.spec.containers[0].image, put.body.metadata.labels]).toEqual([200, 'nginx', undefined]);
    expect(put.body.spec.ephemeralContainers.map((one: Loose) => one.name)).toEqual(['look', 'second']);
    expect(statusOf(await seen('web', (one) => statusOf(one, 'second')?.state.running), 'second').ready).toBe(false);
  });

  it('stays as it is, and has no more than it may have', async () => {
    const stale = (await at.call('GET', PART)).body;
    const message = async (reply: Promise<{ code: number; body: Loose }>) => {
      const { code, body } = await reply;
      return [code, body.message];
    };
    const path = 'Pod "web" is invalid: spec.ephemeralContainers';
    expect(await message(add({ name: 'look', image: 'other' }))).toEqual([
      422,
      `${path}: Forbidden: existing ephemeral containers "look" may not be changed\n`,
    ]);
    const fewer = { ...stale, spec: { ...stale.spec, ephemeralContainers: [] } };
    expect((await message(at.call('PUT', PART, fewer)))[1]).toContain(
      'spec.ephemeralContainers: Forbidden: existing ephemeral containers "second" may not be removed',
    );
    expect(await message(add({ name: 'main', image: 'x' }))).toEqual([422, `${path}[0].name: Duplicate value: "main"`]);
    expect(await message(add({ name: 'x', image: 'x', targetContainerName: 'no' }))).toEqual([
      422,
      `${path}[0].targetContainerName: Not found: "no"`,
    ]);
    const rich = { ports: [{ containerPort: 1 }], livenessProbe: { tcpSocket: { port: 1 } } };
    const refused = await add({ name: 'x', image: 'x', ...rich, resources: { limits: { cpu: '1' } } });
    expect([refused.code, refused.body.details.causes.map((one: Loose) => one.field).sort()]).toEqual([
      422,
      ['livenessProbe', 'ports', 'resources'].map((field) => `spec.ephemeralContainers[0].${field}`),
    ]);
    // Not on the ordinary way.
    const merge = { 'content-type': 'application/merge-patch+json' };
    const direct = await at.call('PATCH', `${PODS}/web`, { spec: { ephemeralContainers: [] } }, merge);
    expect(direct.code).toBe(422);
    expect((await at.call('PATCH', `${PODS}/none/ephemeralcontainers`, { spec: {} }, STRATEGIC)).code).toBe(404);
    expect((await at.call('DELETE', PART)).code).toBe(405);
    expect((await at.call('GET', PART)).body.spec).toEqual(stale.spec);
  });

  it('is offered to clients that look for it', async () => {
    const { resources } = (await at.call('GET', '/api/v1')).body;
    expect(resources.find((one: Loose) => one.name === 'pods/ephemeralcontainers')).toEqual({
      name: 'pods/ephemeralcontainers',
      singularName: '',
      namespaced: true,
      kind: 'Pod',
      verbs: ['get', 'patch', 'update'],
    });
    expect(resources.find((one: Loose) => one.name === 'serviceaccounts/token')).toEqual({
      name: 'serviceaccounts/token',
      singularName: '',
      namespaced: true,
      group: 'authentication.k8s.io',
      version: 'v1',
      kind: 'TokenRequest',
      verbs: ['create'],
    });
  });
});
