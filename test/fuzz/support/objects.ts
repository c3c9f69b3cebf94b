/** Objects as a cluster holds them, to be made wrong. */
import { setManifest } from '../../support/cluster';

export const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'web-0',
    namespace: 'default',
    labels: { app: 'web', tier: 'front' },
    annotations: { 'a.b/c': 'x' },
    finalizers: ['example.com/a'],
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: 'u', controller: true }],
  },
  spec: {
    containers: [
      {
        name: 'nginx',
        image: 'nginx:1.21',
        ports: [{ containerPort: 80, name: 'http' }],
        env: [{ name: 'A', value: '1' }],
        resources: { requests: { cpu: '100m', memory: '1Gi' } },
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
        readinessProbe: { httpGet: { path: '/', port: 'http' } },
      },
    ],
    volumes: [{ name: 'data', emptyDir: {} }],
    tolerations: [{ key: 'a', operator: 'Exists' }],
    terminationGracePeriodSeconds: 10,
  },
};

export const CONFIG_MAP = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings' },
  data: { a: '1', b: '2' },
};

export const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'nginx' },
  spec: { clusterIP: 'None', selector: { app: 'nginx' }, ports: [{ port: 80, name: 'http', targetPort: 'http' }] },
};

export const DEFINITION = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'crons.example.com' },
  spec: {
    group: 'example.com',
    names: { plural: 'crons', singular: 'cron', kind: 'Cron', listKind: 'CronList', shortNames: ['cr'] },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                required: ['schedule'],
                properties: {
                  schedule: { type: 'string', pattern: '^(\\d+|\\*)( (\\d+|\\*)){4}$', maxLength: 50 },
                  replicas: { type: 'integer', minimum: 0, maximum: 10, default: 1 },
                  list: { type: 'array', items: { type: 'string', enum: ['a', 'b'] } },
                  any: { 'x-kubernetes-preserve-unknown-fields': true },
                },
              },
            },
          },
        },
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
        additionalPrinterColumns: [{ name: 'Schedule', type: 'string', jsonPath: '.spec.schedule' }],
      },
    ],
  },
};

export const CRON = {
  apiVersion: 'example.com/v1',
  kind: 'Cron',
  metadata: { name: 'one' },
  spec: { schedule: '* * * * 1' },
};

export const SET = { ...setManifest({ claims: ['data'] }) };

export const LIST = { apiVersion: 'v1', kind: 'List', items: [POD, SET] };

export const OBJECTS: readonly object[] = [POD, CONFIG_MAP, SERVICE, DEFINITION, CRON, SET, LIST];
