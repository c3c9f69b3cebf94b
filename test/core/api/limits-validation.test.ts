/** What is wrong with quotas and limits, in the API server's words. */
import { expect, test } from 'vitest';
import type { KubeObject } from '../../../src/core/api/types';
import { TestCluster } from '../../support/cluster';
import { limitsOf, make, quotaOf, refusal } from '../../support/limits';

const create = (manifest: Parameters<TestCluster['store']['create']>[0]): string =>
  refusal(() => new TestCluster().store.create(manifest));

test.each<[Record<string, string>, Record<string, unknown>, string]>([
  [
    { pods: '10', 'count/x.example.com': '1', 'requests.nvidia.com/gpu': '4', 'requests.hugepages-2Mi': '1' },
    {},
    'admitted',
  ],
  [{ 'gold.storageclass.storage.k8s.io/requests.storage': '1Gi' }, {}, 'admitted'],
  [{ pods: '10' }, { scopes: ['BestEffort', 'NotTerminating'] }, 'admitted'],
  [
    { storage: '1Gi' },
    {},
    'ResourceQuota "q" is invalid: spec.hard[storage]: Invalid value: "storage": must be a standard resource for quota',
  ],
  [
    { pods: '-1' },
    {},
    'ResourceQuota "q" is invalid: spec.hard[pods]: Invalid value: "-1": must be greater than or equal to 0',
  ],
  [
    { pods: '1', 'requests.cpu': '1' },
    { scopes: ['BestEffort'] },
    'ResourceQuota "q" is invalid: spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource',
  ],
  [
    { pods: '1' },
    { scopes: ['Terminating', 'NotTerminating'] },
    'ResourceQuota "q" is invalid: spec.scopes: Invalid value: ["Terminating","NotTerminating"]: conflicting scopes',
  ],
  [
    { pods: '1' },
    { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'Exists', values: ['a'] }] } },
    'ResourceQuota "q" is invalid: spec.scopeSelector.matchExpressions.values: Invalid value: ["a"]: must be no value when `operator` is \'Exist\' or \'DoesNotExist\' for scope selector',
  ],
])('quota %j %j', (hard, spec, words) => {
  expect(create(quotaOf('q', hard, spec))).toBe(words);
});

test('the scopes of a quota stay', () => {
  const cluster = new TestCluster();
  make(cluster, quotaOf('q', { pods: '1' }, { scopes: ['BestEffort'] }));
  const quota = cluster.store.get<KubeObject>('resourcequotas', 'default', 'q') as KubeObject;
  const next = { ...quota, spec: { hard: { pods: '2' }, scopes: ['NotBestEffort'] } };
  expect(refusal(() => cluster.store.update(next))).toBe(
    'ResourceQuota "q" is invalid: spec.scopes: Invalid value: ["NotBestEffort"]: field is immutable',
  );
});

test.each<[Record<string, unknown>[], string]>([
  [[{ type: 'Container', max: { cpu: '2' }, min: { cpu: '1' }, maxLimitRequestRatio: { cpu: '2' } }], ''],
  [[{ type: 'example.com/Thing', max: { 'example.com/a': '2' } }], ''],
  [
    [{ type: 'Thing' }],
    'spec.limits[0].type: Invalid value: "Thing": must be a standard limit type or fully qualified',
  ],
  [[{ type: 'Pod' }, { type: 'Pod' }], 'spec.limits[1].type: Duplicate value: "Pod"'],
  [
    [{ type: 'Pod', defaultRequest: { cpu: '1' } }],
    "spec.limits[0].defaultRequest: Forbidden: may not be specified when `type` is 'Pod'",
  ],
  [
    [{ type: 'PersistentVolumeClaim', default: { storage: '1Gi' } }],
    'spec.limits[0].limits: Required value: either minimum or maximum storage value is required, but neither was provided',
  ],
  [
    [{ type: 'Pod', min: { cpu: '2' }, max: { cpu: '1' } }],
    'spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
  ],
  [
    [{ type: 'Container', default: { cpu: '1' }, defaultRequest: { cpu: '2' } }],
    'spec.limits[0].defaultRequest[cpu]: Invalid value: "2": default request value 2 is greater than default limit value 1',
  ],
  [
    [{ type: 'Pod', maxLimitRequestRatio: { cpu: '500m' } }],
    'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "500m": ratio 500m is less than 1',
  ],
  [
    [{ type: 'Pod', min: { cpu: '1' }, max: { cpu: '2' }, maxLimitRequestRatio: { cpu: '3' } }],
    'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "3": ratio 3 is greater than max/min = 2.000000',
  ],
])('limits %j', (limits, words) => {
  expect(create(limitsOf('l', ...limits))).toBe(words ? `LimitRange "l" is invalid: ${words}` : 'admitted');
});
