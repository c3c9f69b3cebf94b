/** Rows of admission policies, flow control and devices, as the API server of 1.36 shows them. */
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../../src/core/api/types';
import { tableFor } from '../../../../src/core/apiserver/tables';
import { printTable } from '../../../../src/render/table';

const NOW = Date.parse('2026-11-21T09:00:05Z');

const show = (resource: string, ...objects: readonly Record<string, unknown>[]): string[] => {
  const [plural = '', ...group] = resource.split('.');
  const whole = objects.map(
    ({ metadata, ...rest }, i) =>
      ({
        metadata: { name: `n${i}`, creationTimestamp: '2026-11-21T09:00:00Z', ...(metadata as object) },
        ...rest,
      }) as unknown as KubeObject,
  );
  return printTable(tableFor({ plural, group: group.join('.') }, whole, NOW), {})
    .split('\n')
    .slice(0, -1);
};

describe('admission policies', () => {
  test('with their rules and the kind of their parameters', () => {
    expect(
      show(
        'mutatingadmissionpolicies.admissionregistration.k8s.io',
        { spec: { mutations: [{}, {}] } },
        { spec: { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' } } },
      ),
    ).toEqual([
      'NAME   MUTATIONS   PARAMKIND      AGE',
      'n0     2           <unset>        5s',
      'n1     0           v1/ConfigMap   5s',
    ]);
    expect(show('validatingadmissionpolicies.admissionregistration.k8s.io', { spec: { validations: [{}] } })).toEqual([
      'NAME   VALIDATIONS   PARAMKIND   AGE',
      'n0     1             <unset>     5s',
    ]);
  });

  test.each(['mutating', 'validating'])('with the parameters of a %s binding', (kind) => {
    const selector = {
      matchLabels: { b: '2', a: '1' },
      matchExpressions: [{ key: 'k', operator: 'In', values: ['x', 'y'] }],
    };
    expect(
      show(
        `${kind}admissionpolicybindings.admissionregistration.k8s.io`,
        { spec: { policyName: 'p' } },
        { spec: { policyName: 'p', paramRef: { name: 'c' } } },
        { spec: { policyName: 'p', paramRef: { name: 'c', namespace: 'x' } } },
        { spec: { policyName: 'p', paramRef: { selector } } },
      ).map((line) => line.split(/ {2,}/)[2]),
    ).toEqual([
      'PARAMREF',
      '<unset>',
      '*/c',
      'x/c',
      '&LabelSelector{MatchLabels:map[string]string{a: 1,b: 2,},MatchExpressions:[]LabelSelectorRequirement{LabelSelectorRequirement{Key:k,Operator:In,Values:[x y],},},}',
    ]);
  });
});

test('flow control', () => {
  expect(
    show(
      'flowschemas.flowcontrol.apiserver.k8s.io',
      { spec: { priorityLevelConfiguration: { name: 'low' }, matchingPrecedence: 7 } },
      {
        spec: { priorityLevelConfiguration: { name: 'low' }, distinguisherMethod: { type: 'ByUser' } },
        status: { conditions: [{ type: 'Dangling', status: 'False' }] },
      },
    ),
  ).toEqual([
    'NAME   PRIORITYLEVEL   MATCHINGPRECEDENCE   DISTINGUISHERMETHOD   AGE   MISSINGPL',
    'n0     low             7                    <none>                5s    ?',
    'n1     low             1000                 ByUser                5s    False',
  ]);
  expect(
    show(
      'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
      { spec: { type: 'Exempt' } },
      {
        spec: { type: 'Limited', limited: { nominalConcurrencyShares: 5, limitResponse: { queuing: { queues: 16 } } } },
      },
    ),
  ).toEqual([
    'NAME   TYPE      NOMINALCONCURRENCYSHARES   QUEUES   HANDSIZE   QUEUELENGTHLIMIT   AGE',
    'n0     Exempt    <none>                     <none>   <none>     <none>             5s',
    'n1     Limited   5                          16       8          50                 5s',
  ]);
});

test('claims of devices, and what nodes have of them', () => {
  const allocation = { devices: {} };
  expect(
    show(
      'resourceclaims.resource.k8s.io',
      {},
      { status: { allocation } },
      { status: { allocation, reservedFor: [{ name: 'p' }] } },
      { metadata: { deletionTimestamp: '2026-11-21T09:00:01Z' }, status: { allocation } },
      { metadata: { deletionTimestamp: '2026-11-21T09:00:01Z' } },
    ).map((line) => line.split(/ +/)[1]),
  ).toEqual(['STATE', 'pending', 'allocated', 'allocated,reserved', 'deleted,allocated', 'deleted']);
  expect(
    show('resourceslices.resource.k8s.io', {
      spec: { nodeName: 'node-1', driver: 'gpu.example.com', pool: { name: 'p' } },
    }),
  ).toEqual(['NAME   NODE     DRIVER            POOL   AGE', 'n0     node-1   gpu.example.com   p      5s']);
});
