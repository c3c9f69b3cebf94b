/** A virtual cluster and short words for what the controllers' tests put into it. */
import type {
  KubeObject,
  Manifest,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
} from '../../../../src/core/api/types';
import { Cluster } from '../../../../src/core/simulation/cluster';

export class World {
  readonly cluster = Cluster.create({ now: Date.UTC(2026, 0, 1), clock: 'virtual', seed: 0 });

  constructor() {
    this.cluster.store.storage.freeze = true;
  }

  create<T extends KubeObject>(manifest: Manifest): T {
    const created = this.cluster.store.create<T>(manifest);
    this.cluster.flush();
    return created;
  }

  update(object: KubeObject): void {
    this.cluster.store.update(object);
    this.cluster.flush();
  }

  delete(
    key: string,
    name: string,
    options: Parameters<Cluster['store']['delete']>[3] = {},
    namespace = 'default',
  ): void {
    this.cluster.store.delete(key, namespace, name, options);
    this.cluster.flush();
  }

  settle(): void {
    this.cluster.settle();
  }

  get<T extends KubeObject>(key: string, name: string, namespace = 'default'): T | undefined {
    return this.cluster.store.get<T>(key, namespace, name);
  }

  claim = (name: string) => this.get<PersistentVolumeClaim>('persistentvolumeclaims', name) as PersistentVolumeClaim;
  volume = (name: string) => this.get<PersistentVolume>('persistentvolumes', name, '') as PersistentVolume;
  pod = (name: string) => this.get<Pod>('pods', name) as Pod;

  names(key: string, namespace?: string): string[] {
    return [...this.cluster.store.list(key, namespace)].map((object) => object.metadata.name).sort();
  }

  /** `type reason message` of the events about an object. */
  events(name: string): string[] {
    const events = [...this.cluster.store.list('events')].filter(
      (e) => (e.involvedObject as { name: string }).name === name,
    );
    return events.map((e) => `${e.type} ${e.reason} ${e.message}`);
  }
}

const meta = (name: string, extra: object = {}) => ({ name, namespace: 'default', ...extra });

export const claimOf = (name: string, spec: object = {}): Manifest => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: meta(name),
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
});

export const volumeOf = (name: string, storage: string, spec: object = {}, labels?: object): Manifest => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name, ...(labels && { labels: labels as Record<string, string> }) },
  spec: {
    accessModes: ['ReadWriteOnce'],
    capacity: { storage },
    persistentVolumeReclaimPolicy: 'Retain',
    storageClassName: 'manual',
    hostPath: { path: '/mnt/data' },
    ...spec,
  },
});

export const classOf = (name: string, fields: object = {}): Manifest => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name },
  provisioner: 'stsctl.dev/hostpath',
  ...fields,
});

export const podOf = (name: string, spec: object = {}, metadata: object = {}): Manifest => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: meta(name, metadata),
  spec: { containers: [{ name: 'c', image: 'nginx', ports: [{ name: 'web', containerPort: 80 }] }], ...spec },
});

export const withClaim = (claimName: string) => ({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName } }] });

export const serviceOf = (name: string, spec: object, metadata: object = {}): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: meta(name, metadata),
  spec,
});

export const configMapOf = (name: string, metadata: object = {}): Manifest => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: meta(name, metadata),
});

export const setOf = (name: string, replicas: number, spec: object = {}): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: meta(name),
  spec: {
    replicas,
    serviceName: 'nginx',
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'c', image: 'nginx', ports: [{ name: 'web', containerPort: 80 }] }] },
    },
    ...spec,
  },
});
