/** Quotas, limits and what they are asked about, as tests write them. */
import type { KubeObject, Manifest } from '../../src/core/api/types';
import type { TestCluster } from './cluster';

type Amounts = Readonly<Record<string, string>>;

export const quotaOf = (name: string, hard: Amounts, spec: Readonly<Record<string, unknown>> = {}): Manifest => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name, namespace: 'default' },
  spec: { hard, ...spec },
});

export const limitsOf = (name: string, ...limits: readonly Readonly<Record<string, unknown>>[]): Manifest => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name, namespace: 'default' },
  spec: { limits },
});

interface Asked {
  readonly requests?: Amounts;
  readonly limits?: Amounts;
}

export const podOf = (name: string, resources: Asked = {}, spec: Readonly<Record<string, unknown>> = {}): Manifest => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { containers: [{ name: 'nginx', image: 'nginx:1.21', resources }], ...spec },
});

export const claimOf = (name: string, storage: string, storageClassName?: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace: 'default' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage } },
    ...(storageClassName !== undefined && { storageClassName }),
  },
});

/** Creates an object and lets the controllers see it. */
export function make<T extends KubeObject = KubeObject>(test: TestCluster, manifest: Manifest): T {
  const made = test.store.create<T>(manifest);
  test.cluster.drain();
  return made;
}

/** What is used, by quota: `pods=2,requests.cpu=1`. */
export function used(test: TestCluster, name = 'q'): string {
  const quota = test.store.get<KubeObject>('resourcequotas', 'default', name);
  const status = quota?.status as { used?: Amounts } | undefined;
  return Object.entries(status?.used ?? {})
    .map(([resource, amount]) => `${resource}=${amount}`)
    .join(',');
}

/** The words of the refusal that a call meets. */
export function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  return 'admitted';
}
