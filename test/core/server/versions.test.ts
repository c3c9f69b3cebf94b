/** Kinds with two faces over HTTP: autoscalers as v1 and v2, Events as core/v1 and events.k8s.io/v1. One storage each. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serve } from '../../support/served';

let at: Served;
beforeAll(async () => {
  at = await serve();
});
afterAll(async () => {
  expect(at.troubles).toEqual([]);
  await at.stop();
});

const OLD = '/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers';
const NEW = '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers';
const CORE = '/api/v1/namespaces/default/events';
const EVENTS = '/apis/events.k8s.io/v1/namespaces/default/events';
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web' };
const MERGE = { 'content-type': 'application/merge-patch+json' };

const cpu = (averageUtilization: number) => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});
const MEMORY = {
  type: 'Resource',
  resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } },
};
const REQUESTS = {
  type: 'Pods',
  pods: { metric: { name: 'requests' }, target: { type: 'AverageValue', averageValue: '5' } },
};
const QUEUE = {
  type: 'External',
  external: { metric: { name: 'queue' }, target: { type: 'Value', value: '30' } },
};
const HITS = {
  type: 'Object',
  object: {
    describedObject: { kind: 'Service', name: 's' },
    metric: { name: 'hits' },
    target: { type: 'Value', value: '9' },
  },
};

describe('an autoscaler', () => {
  it('is offered in both versions, the newer one preferred', async () => {
    const group = (await at.call('GET', '/apis/autoscaling')).body;
    expect([group.preferredVersion.version, group.versions.map(({ version }: { version: string }) => version)]).toEqual(
      ['v2', ['v2', 'v1']],
    );
    expect((await at.call('GET', '/apis/autoscaling/v1')).body.resources[0]).toMatchObject({
      name: 'horizontalpodautoscalers',
      kind: 'HorizontalPodAutoscaler',
    });
  });

  it('of v1 is stored as v2, and shown as either', async () => {
    const spec = { scaleTargetRef, maxReplicas: 3, targetCPUUtilizationPercentage: 60 };
    const made = await at.call('POST', OLD, {
      apiVersion: 'autoscaling/v1',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'old' },
      spec,
    });
    expect([made.code, made.body.apiVersion, made.body.spec]).toEqual([
      201,
      'autoscaling/v1',
      { ...spec, minReplicas: 1 },
    ]);
    const seen = (await at.call('GET', `${NEW}/old`)).body;
    expect([seen.apiVersion, seen.spec]).toEqual([
      'autoscaling/v2',
      { scaleTargetRef, maxReplicas: 3, minReplicas: 1, metrics: [cpu(60)] },
    ]);
    const table = await at.call('GET', `${OLD}/old`, undefined, {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    });
    expect(table.body.rows[0].cells.slice(0, 5)).toEqual(['old', 'StatefulSet/web', 'cpu: <unknown>/60%', '1', '3']);
  });

  it('carries what v1 has no field for in annotations, there and back', async () => {
    const metrics = [cpu(50), MEMORY, REQUESTS, QUEUE, HITS];
    const behavior = { scaleDown: { stabilizationWindowSeconds: 60 } };
    await at.call('POST', NEW, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'rich', annotations: { mine: 'x' } },
      spec: { scaleTargetRef, maxReplicas: 3, metrics, behavior },
    });
    const before = (await at.call('GET', `${NEW}/rich`)).body;
    const old = (await at.call('GET', `${OLD}/rich`)).body;
    expect(old.spec).toEqual({ scaleTargetRef, maxReplicas: 3, minReplicas: 1, targetCPUUtilizationPercentage: 50 });
    expect(JSON.parse(old.metadata.annotations['autoscaling.alpha.kubernetes.io/metrics'])).toEqual([
      { type: 'Resource', resource: { name: 'memory', targetAverageValue: '1Gi' } },
      { type: 'Pods', pods: { metricName: 'requests', targetAverageValue: '5' } },
      { type: 'External', external: { metricName: 'queue', targetValue: '30' } },
      { type: 'Object', object: { target: { kind: 'Service', name: 's' }, metricName: 'hits', targetValue: '9' } },
    ]);
    const patched = await at.call('PATCH', `${OLD}/rich`, { spec: { targetCPUUtilizationPercentage: 70 } }, MERGE);
    expect([patched.code, patched.body.apiVersion, patched.body.spec.targetCPUUtilizationPercentage]).toEqual([
      200,
      'autoscaling/v1',
      70,
    ]);
    const after = (await at.call('GET', `${NEW}/rich`)).body;
    expect([after.metadata.annotations, after.spec]).toEqual([
      { mine: 'x' },
      { ...before.spec, metrics: [cpu(70), ...metrics.slice(1)] },
    ]);
  });

  it('is watched in the version that was asked for', async () => {
    const watch = at.watch(`${OLD}?watch=1`);
    await at.call('PATCH', `${NEW}/old`, { spec: { maxReplicas: 9 } }, MERGE);
    const events = await watch.until((all) => all.some(({ object }) => object.spec.maxReplicas === 9));
    watch.close();
    expect(new Set(events.map(({ object }) => object.apiVersion))).toEqual(new Set(['autoscaling/v1']));
  });
});

const mine = {
  apiVersion: 'events.k8s.io/v1',
  kind: 'Event',
  metadata: { name: 'mine' },
  note: 'hello',
  type: 'Normal',
  reason: 'Because',
  action: 'Doing',
  eventTime: '2026-01-01T00:00:00.000000Z',
  reportingController: 'example.com/x',
  reportingInstance: 'x-1',
  regarding: { kind: 'Pod', name: 'p', namespace: 'default' },
};

describe('an Event', () => {
  it('of one group is one of the other, under other names', async () => {
    await at.call('POST', '/api/v1/namespaces/default/pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'c', image: 'nginx' }] },
    });
    const core = (await at.call('GET', CORE)).body;
    const events = (await at.call('GET', EVENTS)).body;
    expect([core.kind, core.apiVersion, events.kind, events.apiVersion]).toEqual([
      'EventList',
      'v1',
      'EventList',
      'events.k8s.io/v1',
    ]);
    const [one] = core.items;
    const { involvedObject, message, source, firstTimestamp, lastTimestamp, count, reportingComponent, ...rest } = one;
    expect(one.reason).toBe('Scheduled');
    expect(events.items[0]).toEqual({
      ...rest,
      regarding: involvedObject,
      note: message,
      deprecatedSource: source,
      deprecatedFirstTimestamp: firstTimestamp,
      deprecatedLastTimestamp: lastTimestamp,
      deprecatedCount: count,
      reportingController: reportingComponent,
    });
    expect(events.items.length).toBe(core.items.length);
  });

  it('is written, selected and deleted under either', async () => {
    const made = await at.call('POST', EVENTS, mine);
    expect([made.code, made.body.note, made.body.apiVersion]).toEqual([201, 'hello', 'events.k8s.io/v1']);
    const seen = (await at.call('GET', `${CORE}/mine`)).body;
    expect([seen.apiVersion, seen.message, seen.involvedObject, seen.reportingComponent]).toEqual([
      'v1',
      'hello',
      mine.regarding,
      'example.com/x',
    ]);
    const names = async (path: string) =>
      (await at.call('GET', path)).body.items.map((event: { metadata: { name: string } }) => event.metadata.name);
    expect(await names(`${EVENTS}?fieldSelector=regarding.name%3Dp,reason%3DBecause`)).toEqual(['mine']);
    expect(await names(`${CORE}?fieldSelector=involvedObject.name%3Dp,reason%3DBecause`)).toEqual(['mine']);
    expect((await at.call('GET', `${EVENTS}?fieldSelector=involvedObject.name%3Dp`)).body.message).toBe(
      'field label not supported: involvedObject.name',
    );
    expect((await at.call('DELETE', `${EVENTS}/mine`)).code).toBe(200);
    expect((await at.call('GET', `${CORE}/mine`)).code).toBe(404);
  });

  it('of the newer group says who did what, and changes no more', async () => {
    const { eventTime: _, type: __, ...less } = mine;
    const refused = await at.call('POST', EVENTS, { ...less, deprecatedCount: 3, series: { count: 1 } });
    expect([refused.code, refused.body.details.causes.map(({ field }: { field: string }) => field)]).toEqual([
      422,
      ['series.count', 'series.lastObservedTime', 'eventTime', 'type', 'count'],
    ]);
    await at.call('POST', EVENTS, mine);
    const changed = await at.call('PATCH', `${EVENTS}/mine`, { note: 'other' }, MERGE);
    expect(changed.body.message).toBe('Event "mine" is invalid: message: Invalid value: "other": field is immutable');
    const series = { count: 2, lastObservedTime: '2026-01-01T00:00:05.000000Z' };
    const goesOn = await at.call('PATCH', `${EVENTS}/mine`, { series }, MERGE);
    expect([goesOn.code, goesOn.body.series]).toEqual([200, series]);
  });
});
