/** Manifests that a real API server accepts, arranged for the tests of this folder. */
import type { KubeObject, Manifest } from '../../../src/core/api/types';

type Fields = Record<string, unknown>;

/** A StatefulSet like a first example has it; `spec` replaces fields of its spec. */
export const statefulSet = (spec: Fields = {}, name = 'web'): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name, namespace: 'default' },
  spec: {
    serviceName: 'nginx',
    replicas: 3,
    selector: { matchLabels: { app: 'nginx' } },
    template: template(),
    ...spec,
  },
});

export const template = (spec: Fields = {}, labels: Record<string, string> = { app: 'nginx' }): Fields => ({
  metadata: { labels },
  spec: { containers: [{ name: 'nginx', image: 'nginx:1.21' }], ...spec },
});

export const pod = (spec: Fields = {}, name = 'p'): Manifest => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { containers: [{ name: 'c', image: 'busybox' }], ...spec },
});

/** A pod with one container that has the given fields. */
export const podWith = (container: Fields, spec: Fields = {}): Manifest =>
  pod({ containers: [{ name: 'c', image: 'busybox', ...container }], ...spec });

export const service = (spec: Fields = {}, name = 'nginx'): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec: { ports: [{ port: 80 }], selector: { app: 'nginx' }, ...spec },
});

export const claim = (spec: Fields = {}, status: Fields = {}): Manifest => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'default' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
  status,
});

export const volume = (spec: Fields = {}): Manifest => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'pv-1' },
  spec: { capacity: { storage: '5Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/data' }, ...spec },
});

export const asStored = (manifest: Manifest): KubeObject => manifest as unknown as KubeObject;

/** What a set with everything that a database wants looks like. */
export const database: Manifest = statefulSet(
  {
    serviceName: 'db',
    selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['db'] }] },
    podManagementPolicy: 'Parallel',
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } },
    minReadySeconds: 5,
    ordinals: { start: 1 },
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' },
    template: template(
      {
        serviceAccountName: 'db',
        securityContext: { fsGroup: 999, runAsUser: 0 },
        initContainers: [
          {
            name: 'own',
            image: 'busybox:1.36',
            command: ['chown', '999', '/data'],
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
          },
          { name: 'log', image: 'fluent', restartPolicy: 'Always', readinessProbe: { tcpSocket: { port: 24224 } } },
        ],
        containers: [
          {
            name: 'db',
            image:
              'registry.example.com:5000/team/db@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
            ports: [{ name: 'sql', containerPort: 5432 }],
            env: [
              { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
              { name: 'APP', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
              { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
              { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
            ],
            envFrom: [{ prefix: 'X_', configMapRef: { name: 'db', optional: true } }],
            resources: { requests: { cpu: 0.5, memory: '256Mi' }, limits: { memory: '1Gi' } },
            livenessProbe: { exec: { command: ['pg_isready'] }, initialDelaySeconds: 5 },
            readinessProbe: { httpGet: { port: 'sql', path: '/ready' } },
            startupProbe: { grpc: { port: 5432 } },
            lifecycle: { preStop: { sleep: { seconds: 5 } } },
            volumeMounts: [
              { name: 'data', mountPath: '/data' },
              { name: 'conf', mountPath: '/etc/db', readOnly: true },
              { name: 'info', mountPath: '/info', subPath: 'labels' },
            ],
          },
        ],
        volumes: [
          { name: 'conf', configMap: { name: 'db', items: [{ key: 'db.conf', path: 'db.conf', mode: 0o444 }] } },
          { name: 'info', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
          { name: 'all', projected: { sources: [{ secret: { name: 'db' } }, { configMap: { name: 'db' } }] } },
          { name: 'scratch' },
        ],
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { labelSelector: { matchLabels: { app: 'db' } }, topologyKey: 'kubernetes.io/hostname' },
            ],
          },
        },
        tolerations: [{ key: 'disk', operator: 'Exists', effect: 'NoSchedule' }],
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'zone',
            whenUnsatisfiable: 'ScheduleAnyway',
            labelSelector: { matchLabels: { app: 'db' } },
          },
        ],
      },
      { app: 'db' },
    ),
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1024Mi' } } },
      },
    ],
  },
  'db',
);

/** One of every kind that the engine plays. */
export const accepted: readonly Manifest[] = [
  statefulSet(),
  database,
  pod(),
  service(),
  service({ clusterIP: 'None' }),
  service({
    type: 'NodePort',
    ports: [
      { name: 'a', port: 80 },
      { name: 'b', port: 81, targetPort: 'web', nodePort: 30080 },
    ],
  }),
  service({ type: 'ExternalName', externalName: 'db.example.com', ports: undefined, selector: undefined }),
  claim(),
  volume(),
  volume({
    hostPath: undefined,
    local: { path: '/mnt' },
    nodeAffinity: {
      required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] }] },
    },
  }),
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'fast' },
    provisioner: 'example.com/fast',
  },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'default' }, data: { 'a.conf': 'x' } },
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'default' }, stringData: { password: 'pä' } },
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'bot', namespace: 'default' } },
  {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'pdb', namespace: 'default' },
    spec: { maxUnavailable: '50%', selector: {} },
  },
  {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'e', namespace: 'default' },
    subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80 }] }],
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'e-1', namespace: 'default' },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready: false } }],
    ports: [{ port: 80 }],
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'd', namespace: 'default' },
    spec: { selector: { matchLabels: { app: 'nginx' } }, template: template() },
  },
];
