import { expect, it } from 'vitest';
import { withDefaults } from '../../../src/core/api/defaults';
import type { Manifest } from '../../../src/core/api/types';
import { TestCluster } from '../../support/cluster';

const of = (apiVersion: string, kind: string, fields: object): Manifest =>
  ({ apiVersion, kind, metadata: { name: 'a' }, ...fields }) as Manifest;

it.each<[string, Manifest, object]>([
  [
    'a policy about both ways',
    of('networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector: {}, egress: [{ ports: [{ port: 53 }] }] } }),
    {
      spec: {
        podSelector: {},
        policyTypes: ['Ingress', 'Egress'],
        egress: [{ ports: [{ port: 53, protocol: 'TCP' }] }],
      },
    },
  ],
  [
    'limits of containers',
    of('v1', 'LimitRange', { spec: { limits: [{ type: 'Container', max: { cpu: '1' }, min: { memory: '1Mi' } }] } }),
    {
      spec: {
        limits: [
          {
            type: 'Container',
            max: { cpu: '1' },
            min: { memory: '1Mi' },
            default: { cpu: '1' },
            defaultRequest: { cpu: '1', memory: '1Mi' },
          },
        ],
      },
    },
  ],
  ['a priority', of('scheduling.k8s.io/v1', 'PriorityClass', {}), { preemptionPolicy: 'PreemptLowerPriority' }],
  [
    'subjects',
    of('rbac.authorization.k8s.io/v1', 'RoleBinding', {
      roleRef: { kind: 'Role', name: 'r' },
      subjects: [
        { kind: 'User', name: 'u' },
        { kind: 'ServiceAccount', name: 's', namespace: 'n' },
      ],
    }),
    {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
      subjects: [
        { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'u' },
        { kind: 'ServiceAccount', name: 's', namespace: 'n' },
      ],
    },
  ],
  [
    'a webhook',
    of('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', {
      webhooks: [{ name: 'w', clientConfig: { service: { name: 's' } }, rules: [{ resources: ['pods'] }] }],
    }),
    {
      webhooks: [
        {
          name: 'w',
          clientConfig: { service: { name: 's', port: 443 } },
          rules: [{ resources: ['pods'], scope: '*' }],
          failurePolicy: 'Fail',
          matchPolicy: 'Equivalent',
          namespaceSelector: {},
          objectSelector: {},
          timeoutSeconds: 10,
          reinvocationPolicy: 'Never',
        },
      ],
    },
  ],
])('completes %s', (_, manifest, expected) => {
  const complete = withDefaults(manifest);
  const { apiVersion, kind, metadata, ...rest } = complete;
  expect([apiVersion, kind, metadata]).toEqual([manifest.apiVersion, manifest.kind, manifest.metadata]);
  expect(rest).toEqual(expected);
  expect(withDefaults(complete)).toEqual(complete);
});

it('gives a Job a selector of its own', () => {
  const { store } = new TestCluster();
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] } };
  const made = store.create(
    of('batch/v1', 'Job', { metadata: { name: 'a', namespace: 'default' }, spec: { template } }),
  );
  const { uid } = made.metadata;
  expect(made.spec).toMatchObject({
    selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
    template: {
      metadata: {
        labels: {
          'batch.kubernetes.io/controller-uid': uid,
          'batch.kubernetes.io/job-name': 'a',
          'controller-uid': uid,
          'job-name': 'a',
        },
      },
    },
  });
});
