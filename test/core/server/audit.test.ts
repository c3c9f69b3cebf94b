/** The audit log: what kube-apiserver would write of the same requests. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { configMap, MAPS, PODS, SETS, type Served, serve, webSet } from '../../support/served';

interface AuditEvent {
  readonly auditID: string;
  readonly stage: string;
  readonly verb: string;
  readonly objectRef?: object;
  readonly responseStatus: { readonly code: number };
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
}

const events: AuditEvent[] = [];
let at: Served;
beforeAll(async () => {
  at = await serve({}, {}, { audit: (event) => void events.push(event as AuditEvent) });
});
beforeEach(() => {
  events.length = 0;
});
afterAll(() => at.stop());

/** An answer is complete when its last byte was taken. */
const complete = async (count: number): Promise<readonly AuditEvent[]> => {
  for (let i = 0; i < 100 && events.length < count; i++) await new Promise((resolve) => setTimeout(resolve, 10));
  return events;
};

it('tells who did what to which object, and how it ended', async () => {
  const reply = await at.call('POST', `${MAPS}?fieldManager=me`, configMap('one'), { 'user-agent': 'test/1' });
  const [event] = await complete(1);
  expect(event).toEqual({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: reply.headers['audit-id'],
    stage: 'ResponseComplete',
    requestURI: `${MAPS}?fieldManager=me`,
    verb: 'create',
    user: { username: 'kubernetes-admin', groups: ['kubeadm:cluster-admins', 'system:authenticated'] },
    sourceIPs: ['127.0.0.1'],
    userAgent: 'test/1',
    objectRef: { resource: 'configmaps', namespace: 'default', name: 'one', apiVersion: 'v1' },
    responseStatus: { metadata: {}, code: 201 },
    requestReceivedTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
    stageTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
    annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
  });
});

it('names verbs, subresources and groups as the API server does', async () => {
  const merge = { 'content-type': 'application/merge-patch+json' };
  await at.call('POST', SETS, webSet(0));
  await at.call('GET', `${SETS}/web/scale`);
  await at.call('PATCH', `${SETS}/web/status`, {}, merge);
  await at.call('GET', PODS);
  await at.call('GET', '/api/v1/namespaces/default');
  await at.call('DELETE', `${MAPS}?labelSelector=no`);
  await at.call('GET', '/version');
  await at.call('GET', '/apis/apps/v1');
  const all = await complete(8);
  expect(all.map(({ verb, objectRef }) => [verb, objectRef])).toEqual([
    ['create', { resource: 'statefulsets', namespace: 'default', name: 'web', apiGroup: 'apps', apiVersion: 'v1' }],
    [
      'get',
      {
        resource: 'statefulsets',
        namespace: 'default',
        name: 'web',
        apiGroup: 'apps',
        apiVersion: 'v1',
        subresource: 'scale',
      },
    ],
    [
      'patch',
      {
        resource: 'statefulsets',
        namespace: 'default',
        name: 'web',
        apiGroup: 'apps',
        apiVersion: 'v1',
        subresource: 'status',
      },
    ],
    ['list', { resource: 'pods', namespace: 'default', apiVersion: 'v1' }],
    ['get', { resource: 'namespaces', namespace: 'default', name: 'default', apiVersion: 'v1' }],
    ['deletecollection', { resource: 'configmaps', namespace: 'default', apiVersion: 'v1' }],
    ['get', undefined],
    ['get', undefined],
  ]);
});

it('tells of refusals, and of those who are not known', async () => {
  await at.call('GET', `${MAPS}/none`, undefined, { 'audit-id': 'mine' });
  await at.call('DELETE', `${MAPS}/one`, undefined, { authorization: 'Bearer wrong' });
  const [missing, unknown] = await complete(2);
  expect(missing).toMatchObject({
    auditID: 'mine',
    responseStatus: {
      metadata: {},
      status: 'Failure',
      reason: 'NotFound',
      code: 404,
      message: 'configmaps "none" not found',
    },
  });
  expect(unknown).toMatchObject({ verb: 'delete', user: {}, responseStatus: { code: 401, reason: 'Unauthorized' } });
  expect(unknown).not.toHaveProperty('annotations');
});

it('tells of a watch when it begins and when it ends', async () => {
  const watch = at.watch(`${PODS}?watch=1&fieldSelector=metadata.name%3Dweb-0`);
  await watch.code;
  await complete(1);
  expect(events.map(({ stage, verb }) => [stage, verb])).toEqual([['ResponseStarted', 'watch']]);
  watch.close();
  await complete(2);
  const [begin, end] = events;
  expect([end?.stage, end?.auditID, end?.responseStatus.code]).toEqual(['ResponseComplete', begin?.auditID, 200]);
  expect(end?.objectRef).toEqual({ resource: 'pods', namespace: 'default', name: 'web-0', apiVersion: 'v1' });
});
