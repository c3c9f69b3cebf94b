/** The check of answers itself: what Go would not decode is found, and what it would is not. */
import { expect, it } from 'vitest';
import { decodingFaults } from './decoding';

it('finds what Go would not decode', () => {
  expect(
    decodingFaults({
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { name: 7, creationTimestamp: '2026-01-01', labels: { a: true } },
      spec: {
        containers: [{ name: 'a', resources: { requests: { cpu: 1, memory: '1 Gi' } }, ports: {}, nonsense: 1 }],
        terminationGracePeriodSeconds: '30',
        hostNetwork: 'false',
      },
    }),
  ).toEqual([
    'metadata.name: 7 is no string',
    'metadata.creationTimestamp: "2026-01-01" is no Date (date-time)',
    'metadata.labels[a]: true is no string',
    'spec.containers[0].resources.requests[cpu]: 1 is no string (quantity)',
    'spec.containers[0].resources.requests[memory]: "1 Gi" is no string (quantity)',
    'spec.containers[0].ports: {} is no Array<V1ContainerPort>',
    'spec.containers[0].nonsense: V1Container has no such field',
    'spec.terminationGracePeriodSeconds: "30" is no number (int64)',
    'spec.hostNetwork: "false" is no boolean',
  ]);
  expect(decodingFaults({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: null })).toEqual(['items: null']);
  expect(
    decodingFaults({
      kind: 'Lease',
      apiVersion: 'coordination.k8s.io/v1',
      spec: { renewTime: '2026-01-01T00:00:00Z' },
    }),
  ).toEqual(['spec.renewTime: "2026-01-01T00:00:00Z" is no V1MicroTime (date-time-micro)']);
});

it('takes what Go would decode', () => {
  expect(
    decodingFaults({
      kind: 'PodList',
      apiVersion: 'v1',
      metadata: { resourceVersion: '1', remainingItemCount: 3 },
      items: [
        {
          metadata: { name: 'a', creationTimestamp: null, annotations: {} },
          spec: {
            containers: [
              {
                name: 'a',
                resources: { limits: { cpu: '500m', memory: '1Gi' } },
                readinessProbe: { httpGet: { port: 'http', path: '/' }, periodSeconds: 1 },
              },
            ],
          },
          status: {
            conditions: [{ type: 'Ready', status: 'True', lastProbeTime: null }],
            startTime: '2026-01-01T00:00:00Z',
          },
        },
      ],
    }),
  ).toEqual([]);
});
