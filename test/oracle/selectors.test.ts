/** Label selectors: what is read, the text that it becomes again, and the refusals must be kubectl's. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ResourceInfo, resourceForKind } from '../../src/core/api/resources';
import { formatSelector, parseSelector } from '../../src/core/meta/labels';
import { FakeApiServer } from './support/api-server';
import { describeOracle, kubectl, runs } from './support/kubectl';

/** `kubectl top` reads its selector and sends what it understood; other verbs send the text as it is. */
const METRICS: ResourceInfo = {
  ...resourceForKind('v1', 'Pod')!,
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  kind: 'PodMetrics',
};

const blank = fc.constantFrom('', '', '', ' ', '  ', '\t');
const key = fc.constantFrom(
  ...['a', 'b', 'app', 'in', 'notin', 'app.kubernetes.io/name', 'x_y.z', 'A-1', 'exists', 'gt'],
  ...['-a', 'a-', 'a/b/c', '/a', 'a/', 'é', 'x'.repeat(64), 'Ex.com/a', 'a.b'],
);
const value = fc.constantFrom(
  ...['', '1', '2', '-3', '10', 'x', 'in', 'notin', 'a-b.c_d', 'B', '01', '9223372036854775808'],
  ...['-', 'é', 'a/b', 'x'.repeat(64), '1.5'],
);
const list = fc.array(value, { maxLength: 4 }).map((values) => `(${values.join(',')})`);
const requirement = fc.oneof(
  { weight: 2, arbitrary: fc.tuple(blank, key, blank) },
  { weight: 2, arbitrary: fc.tuple(blank, fc.constant('!'), blank, key) },
  {
    weight: 5,
    arbitrary: fc.tuple(blank, key, blank, fc.constantFrom('=', '==', '!=', '>', '<'), blank, value, blank),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(blank, key, fc.constantFrom(' ', '  '), fc.constantFrom('in', 'notin'), blank, list, blank),
  },
  {
    weight: 2,
    arbitrary: fc.array(fc.constantFrom('a', '=', '!', '(', ')', ',', 'in', 'notin', ' ', '>', '==', '<', '!=', '1'), {
      minLength: 1,
      maxLength: 6,
    }),
  },
);
const selector = fc
  .array(
    requirement.map((parts) => parts.join('')),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => parts.join(','));

describeOracle('label selectors', () => {
  let server: FakeApiServer;
  beforeAll(async () => {
    server = await FakeApiServer.start([METRICS]);
  });
  afterAll(() => server.stop());

  const computed = (text: string): { sent: string } | { refused: string } => {
    try {
      return { sent: formatSelector(parseSelector(text)) };
    } catch (error) {
      return { refused: `error: ${(error as Error).message}\n` };
    }
  };

  test('are read and written as kubectl does', async () => {
    const items: unknown[] = [];
    const path = '/apis/metrics.k8s.io/v1beta1/namespaces/default/pods';
    server.objects.set(path, { apiVersion: 'metrics.k8s.io/v1beta1', kind: 'PodMetricsList', metadata: {}, items });
    server.objects.set('/api/v1/namespaces/default/pods', { apiVersion: 'v1', kind: 'PodList', metadata: {}, items });
    await fc.assert(
      fc.asyncProperty(selector, async (text) => {
        const answer = await kubectl(['top', 'pods', `--selector=${text}`, '--server', server.url]);
        const asked = server.taken().find((request) => request.path === path);
        const outcome = asked ? { sent: asked.query.get('labelSelector') ?? '' } : { refused: answer.err };
        expect([text, computed(text)]).toEqual([text, outcome]);
      }),
      runs(60),
    );
  });
});
