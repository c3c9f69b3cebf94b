import { load } from 'js-yaml';
import { expect, describe as group, it } from 'vitest';
import type { EndpointSlice, Event, KubeObject, Pod } from '../../src/core/api/types';
import { describe, type Related, relatedNeeds } from '../../src/render/describe';
import { endpointsText } from '../../src/render/describe/service';
import { described, fixture } from './fixtures';

const START = Date.parse('2026-11-21T08:52:32Z');
const after = (seconds: number): string => new Date(START + seconds * 1000).toISOString().replace('.000Z', 'Z');

const { objects, outputs } = described();

function relatedTo(object: KubeObject): Related {
  const { name, namespace = name, uid } = object.metadata;
  const ofKind = <T extends KubeObject>(kind: string): T[] => objects.filter((o) => o.kind === kind) as T[];
  const beside = <T extends KubeObject>(kind: string): T[] =>
    ofKind<T>(kind).filter((o) => o.metadata.namespace === namespace);
  return {
    events: ofKind<Event>('Event').filter((event) => event.involvedObject.uid === uid),
    pods: object.kind === 'Node' ? ofKind<Pod>('Pod') : beside<Pod>('Pod'),
    endpointSlices: beside<EndpointSlice>('EndpointSlice').filter(
      (slice) => object.kind === 'Ingress' || slice.metadata.labels?.['kubernetes.io/service-name'] === name,
    ),
    services: beside('Service'),
    lease: ofKind('Lease').find((lease) => lease.metadata.name === name),
    quotas: beside('ResourceQuota'),
    limitRanges: beside('LimitRange'),
  };
}

group('describe, against kubectl on made-up objects', () => {
  it.each(Object.keys(outputs))('%s', (id) => {
    const object = objects.find((o) => `${o.kind}/${o.metadata.name}` === id) as KubeObject;
    const { now, lines } = outputs[id];
    expect(describe(object, relatedTo(object), now)).toBe(`${lines.join('\n')}\n`);
  });

  it('covers every kind that it treats specially', () => {
    const kinds = new Set(Object.keys(outputs).map((id) => id.split('/')[0]));
    expect([...kinds].sort()).toEqual(
      (
        'CSINode ClusterRole ConfigMap ControllerRevision CronJob DaemonSet Deployment EndpointSlice Endpoints Event ' +
        'HorizontalPodAutoscaler IPAddress Ingress IngressClass Job LimitRange Namespace NetworkPolicy Node PersistentVolume ' +
        'PersistentVolumeClaim Pod PodDisruptionBudget PriorityClass ReplicaSet ResourceQuota Role RoleBinding Secret Service ' +
        'ServiceAccount ServiceCIDR StatefulSet StorageClass'
      ).split(' '),
    );
  });
});

group('describe, against the recordings', () => {
  const event = (seconds: number, reason: string, message: string, extra: Partial<Event> = {}): Event => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${seconds}`, uid: '', resourceVersion: '1', creationTimestamp: after(seconds) },
    involvedObject: {},
    type: 'Normal',
    reason,
    message,
    source: { component: 'statefulset-controller' },
    firstTimestamp: after(seconds),
    lastTimestamp: after(seconds),
    ...extra,
  });

  it('a StatefulSet with volumes, secrets and claims', () => {
    const set = load(fixture('statefulset-pg.yaml.txt')) as KubeObject;
    const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'pg', uid: set.metadata.uid, controller: true };
    const pods = ['pg-0', 'pg-1'].map((name) => ({
      metadata: { name, ownerReferences: [owner] },
      status: { phase: 'Running' },
    })) as unknown as Pod[];
    const created = (n: number): Event[] => [
      event(n, 'SuccessfulCreate', `Create Claim data-pg-${n} Pod pg-${n} in StatefulSet pg success`),
      event(n, 'SuccessfulCreate', `Create Pod pg-${n} in StatefulSet pg successful`),
    ];
    const text = describe(set, { pods, events: [...created(0), ...created(1)] }, START + 4000);
    // The recording had a warning among its events, since masked, which widened the first column.
    const aligned = (lines: string): string => lines.replace(/(Type|----|Normal) +/g, '$1 ');
    expect(aligned(text)).toBe(aligned(fixture('statefulset-pg.describe.txt')));
  });

  it('a pod of a StatefulSet', () => {
    const { items } = load(fixture('pods-list.yaml.txt')) as { items: KubeObject[] };
    expect(describe(items[0], {}, START)).toBe(fixture('pod-web-0.describe.txt'));
  });

  it('a Secret, whose values stay hidden', () => {
    const secret = load(fixture('secret-pg.yaml.txt')) as KubeObject;
    expect(describe(secret, {}, START)).toBe(fixture('secret-pg.describe.txt'));
  });

  it('a ConfigMap', () => {
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'pg-conf', namespace: 'default', uid: '', resourceVersion: '1', creationTimestamp: after(0) },
      data: {
        'postgresql.conf': "listen_addresses = '*'\nmax_connections = 100\n",
        'init.sql': 'CREATE TABLE t(i int);\n',
      },
    };
    expect(describe(map, { events: [] }, START)).toBe(fixture('configmap-pg.describe.txt'));
  });

  it('a Service with more endpoints than it shows', () => {
    const ip = (n: number): string => `10.244.1.${83 + n}`;
    const slice = {
      ports: [
        { name: 'client', port: 6379, protocol: 'TCP' },
        { name: 'gossip', port: 16379, protocol: 'TCP' },
      ],
      endpoints: [0, 1, 2, 3, 4, 5].map((n) => ({ addresses: [ip(n)], conditions: { ready: true } })),
    } as unknown as EndpointSlice;
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'redis-cluster',
        namespace: 'default',
        uid: '',
        resourceVersion: '1',
        creationTimestamp: after(0),
      },
      spec: {
        type: 'ClusterIP',
        clusterIP: 'None',
        clusterIPs: ['None'],
        ipFamilyPolicy: 'SingleStack',
        ipFamilies: ['IPv4'],
        selector: { app: 'redis-cluster' },
        sessionAffinity: 'None',
        internalTrafficPolicy: 'Cluster',
        ports: [
          { name: 'client', port: 6379, targetPort: 6379, protocol: 'TCP' },
          { name: 'gossip', port: 16379, targetPort: 16379, protocol: 'TCP' },
        ],
      },
    };
    expect(describe(service, { events: [], endpointSlices: [slice] }, START)).toBe(
      fixture('service-redis.describe.txt'),
    );
  });

  it('announces endpoints that are not ready, and does not count them', () => {
    const slice = (ready: readonly boolean[]): EndpointSlice[] => [
      {
        ports: [{ port: 80, protocol: 'TCP' }],
        endpoints: ready.map((is, n) => ({ addresses: [`10.0.0.${n}`], conditions: { ready: is } })),
      } as unknown as EndpointSlice,
    ];
    expect(endpointsText(slice([true, false, true]), '')).toBe('10.0.0.0:80,10.0.0.2:80');
    expect(endpointsText(slice([true, true, true, false]), '')).toBe('10.0.0.0:80,10.0.0.1:80,10.0.0.2:80 + 0 more...');
    expect(endpointsText(slice([false, true, true, true]), '')).toBe('10.0.0.1:80,10.0.0.2:80,10.0.0.3:80');
  });

  it('a claim that waits for its pod to let go', () => {
    const text = fixture('claim-terminating.describe.txt');
    const claim = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name: 'www-web-1',
        namespace: 'default',
        uid: '',
        resourceVersion: '1',
        creationTimestamp: after(0),
        deletionTimestamp: after(3),
        finalizers: ['kubernetes.io/pvc-protection'],
        labels: { app: 'nginx' },
        annotations: {
          'pv.kubernetes.io/bind-completed': 'yes',
          'pv.kubernetes.io/bound-by-controller': 'yes',
          'volume.beta.kubernetes.io/storage-provisioner': 'stsctl.dev/hostpath',
          'volume.kubernetes.io/storage-provisioner': 'stsctl.dev/hostpath',
        },
      },
      spec: { volumeName: /Volume: +(\S+)/.exec(text)?.[1], storageClassName: 'standard', volumeMode: 'Filesystem' },
      status: { phase: 'Bound', capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] },
    };
    const user = {
      metadata: { name: 'web-1', namespace: 'default' },
      spec: { volumes: [{ name: 'www', persistentVolumeClaim: { claimName: 'www-web-1' } }] },
    } as unknown as Pod;
    const waiting =
      "Waiting for a volume to be created either by the external provisioner 'stsctl.dev/hostpath' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.";
    const events = [
      event(0, 'ExternalProvisioning', waiting, { count: 2, source: { component: 'persistentvolume-controller' } }),
    ];
    expect(describe(claim, { events, pods: [user] }, START + 4000)).toBe(text);
  });
});

group('what a description needs', () => {
  it('names what must be looked up', () => {
    expect(relatedNeeds('StatefulSet')).toEqual(['events', 'pods']);
    expect(relatedNeeds('Service')).toEqual(['events', 'endpointSlices']);
    expect(relatedNeeds('Secret')).toEqual([]);
    expect(relatedNeeds('Widget')).toEqual(['events']);
  });

  it('leaves the events out where nobody asked for them', () => {
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } } as unknown as KubeObject;
    expect(describe(map, {}, START)).not.toContain('Events:');
    expect(describe(map, { events: [] }, START)).toContain('Events:  <none>');
  });
});
