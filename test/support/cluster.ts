/** A simulated cluster for tests, with short ways to say what a test does to it. */
import type { Manifest, PersistentVolumeClaim, Pod, StatefulSet, StatefulSetSpec } from '../../src/core/api/types';
import { Cluster } from '../../src/core/simulation/cluster';
import type { ClusterOptions } from '../../src/core/simulation/cluster-state';

export const START = Date.UTC(2026, 0, 1);

export interface SetOptions {
  readonly name?: string;
  readonly replicas?: number;
  readonly image?: string;
  readonly claims?: readonly string[];
  readonly podAnnotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: Partial<StatefulSetSpec>;
}

/** A StatefulSet manifest as a user would write it. */
export function setManifest(options: SetOptions = {}): Manifest {
  const { name = 'web', replicas = 3, image = 'nginx:1.21', claims = [], labels = { app: 'nginx' } } = options;
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name, namespace: 'default' },
    spec: {
      serviceName: 'nginx',
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, ...(options.podAnnotations && { annotations: options.podAnnotations }) },
        spec: {
          terminationGracePeriodSeconds: 10,
          containers: [
            {
              name: 'nginx',
              image,
              ...(claims.length > 0 && {
                volumeMounts: claims.map((claim) => ({ name: claim, mountPath: `/${claim}` })),
              }),
            },
          ],
        },
      },
      ...(claims.length > 0 && {
        volumeClaimTemplates: claims.map((claim) => ({
          metadata: { name: claim },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        })),
      }),
      ...options.spec,
    },
  };
}

export class TestCluster {
  readonly cluster: Cluster;

  constructor(options: Partial<ClusterOptions> = {}) {
    this.cluster = Cluster.create({ now: START, clock: 'virtual', seed: 0, ...options });
    this.cluster.store.storage.freeze = true;
  }

  get store(): Cluster['store'] {
    return this.cluster.store;
  }

  apply(options: SetOptions = {}): StatefulSet {
    const set = this.store.create<StatefulSet>(setManifest(options));
    this.cluster.drain();
    return set;
  }

  settle(): void {
    this.cluster.settle();
  }

  set(name = 'web'): StatefulSet {
    const set = this.store.get<StatefulSet>('statefulsets.apps', 'default', name);
    if (!set) throw new Error(`no StatefulSet ${name}`);
    return set;
  }

  /** Changes the spec of a set and lets the controllers see it. */
  edit(change: (spec: StatefulSetSpec) => StatefulSetSpec, name = 'web'): void {
    const set = this.set(name);
    this.store.update({ ...set, spec: change(set.spec) });
    this.cluster.drain();
  }

  scale(replicas: number): void {
    this.edit((spec) => ({ ...spec, replicas }));
  }

  setImage(image: string): void {
    this.edit((spec) => withImage(spec, image));
  }

  pod(name: string): Pod | undefined {
    return this.store.get<Pod>('pods', 'default', name);
  }

  /** Pods of the default namespace by name, numbers in order. */
  pods(): Pod[] {
    return [...this.store.list<Pod>('pods', 'default')].sort((a, b) =>
      a.metadata.name.localeCompare(b.metadata.name, 'en', { numeric: true }),
    );
  }

  podNames(): string[] {
    return this.pods().map((pod) => pod.metadata.name);
  }

  images(): string[] {
    return this.pods().map((pod) => `${pod.metadata.name} ${pod.spec.containers[0]?.image}`);
  }

  claim(name: string): PersistentVolumeClaim | undefined {
    return this.store.get<PersistentVolumeClaim>('persistentvolumeclaims', 'default', name);
  }

  claimNames(): string[] {
    return [...this.store.list('persistentvolumeclaims', 'default')].map((claim) => claim.metadata.name).sort();
  }

  deletePod(name: string, gracePeriodSeconds?: number): void {
    this.store.delete('pods', 'default', name, gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds });
    this.cluster.drain();
  }

  annotate(pod: string, key: string, value: string): void {
    const found = this.pod(pod);
    if (!found) throw new Error(`no pod ${pod}`);
    this.store.update({
      ...found,
      metadata: { ...found.metadata, annotations: { ...found.metadata.annotations, [key]: value } },
    });
    this.cluster.drain();
  }

  /** `create web-0`, … of the timeline since the last call. */
  happened(): string[] {
    const events = this.cluster.timeline();
    const news = events.slice(this.seen).map((event) => `${event.event} ${event.pod}`);
    this.seen = events.length;
    return news;
  }

  private seen = 0;

  /** `Normal SuccessfulCreate message (xN)` of the events on an object. */
  events(kind: string, name: string): string[] {
    return [...this.store.list('events', 'default')]
      .filter((event) => {
        const about = event.involvedObject as { kind?: string; name?: string };
        return about.kind === kind && about.name === name;
      })
      .map((event) => `${event.type} ${event.reason} ${event.message}${event.count === 1 ? '' : ` (x${event.count})`}`);
  }
}

export const withImage = (spec: StatefulSetSpec, image: string): StatefulSetSpec => ({
  ...spec,
  template: {
    ...spec.template,
    spec: { ...spec.template.spec, containers: spec.template.spec.containers.map((c) => ({ ...c, image })) },
  },
});
