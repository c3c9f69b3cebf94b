import { describe, expect, it } from 'vitest';
import type { ContainerStatus, KubeObject, Pod } from '../../../../src/core/api/types';
import { tableFor } from '../../../../src/core/apiserver/tables';
import { printTable } from '../../../../src/render/table';
import { fixture } from '../../../render/fixtures';

const NOW = Date.parse('2026-11-21T09:00:00Z');
const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString().replace('.000Z', 'Z');

const object = (kind: string, name: string, seconds: number, fields: Record<string, unknown> = {}): KubeObject => {
  const { metadata, ...rest } = fields;
  return {
    apiVersion: 'v1',
    kind,
    metadata: {
      name,
      namespace: 'default',
      uid: name,
      resourceVersion: '1',
      creationTimestamp: ago(seconds),
      ...(metadata as object),
    },
    ...rest,
  };
};

const show = (plural: string, group: string, objects: KubeObject[], options = {}): string =>
  printTable(tableFor({ plural, group }, objects, NOW), options);

const running: Partial<ContainerStatus> = { ready: true, restartCount: 0, state: { running: { startedAt: ago(3) } } };

const pod = (name: string, status: object, spec: object = {}, metadata: object = {}): Pod =>
  object('Pod', name, 5, { spec: { containers: [{ name: 'c' }], ...spec }, status, metadata }) as Pod;

const status = (p: Pod): unknown[] =>
  tableFor({ plural: 'pods', group: '' }, [p], NOW).rows[0].cells.slice(1, 4) as unknown[];

describe('rows, against the recordings', () => {
  it('several kinds', () => {
    const text = fixture('get-several.txt');
    const web = (i: number): KubeObject =>
      object('Pod', `web-${i}`, i === 2 ? 4 : 5, {
        spec: { containers: [{ name: 'nginx' }] },
        status: { phase: 'Running', containerStatuses: [{ name: 'nginx', ...running }] },
      });
    const set = object('StatefulSet', 'web', 5, { spec: { replicas: 3 }, status: { readyReplicas: 3 } });
    const service = (name: string, seconds: number, ip: string, port: number): KubeObject =>
      object('Service', name, seconds, {
        spec: { type: 'ClusterIP', clusterIPs: [ip], ports: [{ port, protocol: 'TCP' }] },
      });
    const volumes = text.match(/pvc-[-0-9a-f]+/g) ?? [];
    const claims = volumes.map((volumeName, i) =>
      object('PersistentVolumeClaim', `www-web-${i}`, i === 2 ? 4 : 5, {
        spec: { volumeName, storageClassName: 'standard' },
        status: { phase: 'Bound', capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] },
      }),
    );
    expect(
      [
        show('pods', '', [0, 1, 2].map(web), { kindPrefix: 'pod' }),
        show('statefulsets', 'apps', [set], { kindPrefix: 'statefulset.apps' }),
        show('services', '', [service('kubernetes', 296, '10.96.0.1', 443), service('nginx', 5, 'None', 80)], {
          kindPrefix: 'service',
        }),
        show('persistentvolumeclaims', '', claims, { kindPrefix: 'persistentvolumeclaim' }),
      ].join('\n'),
    ).toBe(text);
  });

  it('a node’s kernel with its architecture', () => {
    const node = (nodeInfo: object) => object('Node', 'n', 9, { status: { nodeInfo } });
    const kernel = (nodeInfo: object): unknown =>
      tableFor({ plural: 'nodes', group: '' }, [node(nodeInfo)], NOW).rows[0]?.cells[8];
    expect(kernel({ kernelVersion: '6.8.0-51-generic', architecture: 'arm64' })).toBe('6.8.0-51-generic (arm64)');
    expect(kernel({ kernelVersion: '6.8.0-51-generic' })).toBe('6.8.0-51-generic');
  });

  it('wide pods', () => {
    const text = fixture('get-pods-wide.txt');
    const ips = text.match(/10\.[.0-9]+/g) ?? [];
    const pods = ips.map((ip, i) =>
      object('Pod', `web-${i}`, i === 2 ? 3 : 4, {
        spec: { containers: [{ name: 'c' }], nodeName: 'node-1' },
        status: { phase: 'Running', podIPs: [{ ip }], containerStatuses: [{ name: 'c', ...running }] },
      }),
    );
    expect(show('pods', '', pods, { wide: true })).toBe(text);
  });

  it('pods with label columns', () => {
    const pods = [0, 1, 2].map((i) =>
      object('Pod', `web-${i}`, i === 2 ? 4 : 5, {
        metadata: { labels: { app: 'nginx', 'controller-revision-hash': 'web-7b58bccc69' } },
        spec: { containers: [{ name: 'c' }] },
        status: { phase: 'Running', containerStatuses: [{ name: 'c', ...running }] },
      }),
    );
    expect(show('pods', '', pods, { labelColumns: ['app', 'controller-revision-hash'] })).toBe(
      fixture('get-pods-labels.txt'),
    );
  });
});

describe('what STATUS says of a pod', () => {
  const waiting = (reason: string, extra = {}): object => ({
    phase: 'Pending',
    containerStatuses: [{ name: 'c', restartCount: 0, ready: false, state: { waiting: { reason } }, ...extra }],
  });
  const init = (state: object, extra = {}): object => ({
    phase: 'Pending',
    initContainerStatuses: [{ name: 'i', restartCount: 0, state, ...extra }],
    containerStatuses: [{ name: 'c', restartCount: 0, state: { waiting: { reason: 'PodInitializing' } } }],
  });
  const withInit = { initContainers: [{ name: 'i' }, { name: 'j' }] };
  const ended = (exitCode: number, reason?: string, signal?: number): object => ({
    terminated: { exitCode, reason, signal, finishedAt: ago(3) },
  });
  const deleted = { deletionTimestamp: ago(1) };

  it.each<[string, Pod, unknown[]]>([
    ['the phase', pod('a', { phase: 'Pending' }), ['0/1', 'Pending', '0']],
    ['the reason of the pod', pod('a', { phase: 'Failed', reason: 'Evicted' }), ['0/1', 'Evicted', '0']],
    [
      'a gate',
      pod('a', {
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
      }),
      ['0/1', 'SchedulingGated', '0'],
    ],
    ['ContainerCreating', pod('a', waiting('ContainerCreating')), ['0/1', 'ContainerCreating', '0']],
    ['ErrImagePull', pod('a', waiting('ErrImagePull')), ['0/1', 'ErrImagePull', '0']],
    [
      'a crash loop and its restarts',
      pod('a', waiting('CrashLoopBackOff', { restartCount: 2, lastState: ended(1, 'Error') })),
      ['0/1', 'CrashLoopBackOff', '2 (3s ago)'],
    ],
    ['Init:0/2', pod('a', init({ running: {} }), withInit), ['0/1', 'Init:0/2', '0']],
    [
      'the init container that waits',
      pod('a', init({ waiting: { reason: 'ErrImagePull' } }), withInit),
      ['0/1', 'Init:ErrImagePull', '0'],
    ],
    ['an init error', pod('a', init(ended(1, 'Error')), withInit), ['0/1', 'Init:Error', '0']],
    ['an init exit code', pod('a', init(ended(3)), withInit), ['0/1', 'Init:ExitCode:3', '0']],
    [
      'PodInitializing once all are through',
      pod('a', init(ended(0, 'Completed')), withInit),
      ['0/1', 'PodInitializing', '0'],
    ],
    [
      'a sidecar that is ready',
      pod(
        'a',
        {
          phase: 'Running',
          initContainerStatuses: [{ name: 's', ...running, started: true }],
          containerStatuses: [{ name: 'c', ...running }],
        },
        { initContainers: [{ name: 's', restartPolicy: 'Always' }] },
      ),
      ['2/2', 'Running', '0'],
    ],
    [
      'Completed',
      pod('a', {
        phase: 'Succeeded',
        containerStatuses: [{ name: 'c', restartCount: 0, state: ended(0, 'Completed') }],
      }),
      ['0/1', 'Completed', '0'],
    ],
    [
      'a signal',
      pod('a', { phase: 'Failed', containerStatuses: [{ name: 'c', restartCount: 0, state: ended(137, '', 9) }] }),
      ['0/1', 'Signal:9', '0'],
    ],
    [
      'NotReady when one of two has completed',
      pod(
        'a',
        {
          phase: 'Running',
          containerStatuses: [
            { name: 'a', restartCount: 0, state: ended(0, 'Completed') },
            { name: 'b', ...running },
          ],
        },
        { containers: [{ name: 'a' }, { name: 'b' }] },
      ),
      ['1/2', 'NotReady', '0'],
    ],
    ['Terminating', pod('a', { phase: 'Running' }, {}, deleted), ['0/1', 'Terminating', '0']],
    [
      'Unknown on a lost node',
      pod('a', { phase: 'Running', reason: 'NodeLost' }, {}, deleted),
      ['0/1', 'Unknown', '0'],
    ],
    ['no Terminating after the end', pod('a', { phase: 'Failed' }, {}, deleted), ['0/1', 'Failed', '0']],
  ])('%s', (_, p, cells) => {
    expect(status(p)).toEqual(cells);
  });
});

describe('rows of other kinds', () => {
  it.each<[string, string, KubeObject, string]>([
    [
      'endpoints',
      '',
      object('Endpoints', 'nginx', 9, {
        subsets: [{ addresses: ['1', '2', '3', '4'].map((n) => ({ ip: `10.0.0.${n}` })), ports: [{ port: 80 }] }],
      }),
      'NAME    ENDPOINTS                                         AGE\nnginx   10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 1 more...   9s\n',
    ],
    ['endpoints', '', object('Endpoints', 'none', 9), 'NAME   ENDPOINTS   AGE\nnone   <none>      9s\n'],
    [
      'endpointslices',
      'discovery.k8s.io',
      object('EndpointSlice', 'nginx-x', 9, { addressType: 'IPv4', ports: [], endpoints: [] }),
      'NAME      ADDRESSTYPE   PORTS     ENDPOINTS   AGE\nnginx-x   IPv4          <unset>   <unset>     9s\n',
    ],
    [
      'persistentvolumes',
      '',
      object('PersistentVolume', 'pv', 9, {
        spec: {
          capacity: { storage: '1Gi' },
          accessModes: ['ReadWriteMany', 'ReadWriteOnce'],
          persistentVolumeReclaimPolicy: 'Retain',
          claimRef: { namespace: 'default', name: 'www' },
        },
        status: { phase: 'Released' },
      }),
      'NAME   CAPACITY   ACCESS MODES   RECLAIM POLICY   STATUS     CLAIM         STORAGECLASS   VOLUMEATTRIBUTESCLASS   REASON   AGE\npv     1Gi        RWO,RWX        Retain           Released   default/www                  <unset>                          9s\n',
    ],
    [
      'storageclasses',
      'storage.k8s.io',
      object('StorageClass', 'standard', 9, {
        metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
        provisioner: 'p',
      }),
      'NAME                 PROVISIONER   RECLAIMPOLICY   VOLUMEBINDINGMODE   ALLOWVOLUMEEXPANSION   AGE\nstandard (default)   p             Delete          Immediate           false                  9s\n',
    ],
    [
      'nodes',
      '',
      object('Node', 'node-1', 1920, {
        spec: { unschedulable: true },
        status: { conditions: [{ type: 'Ready', status: 'True' }], nodeInfo: { kubeletVersion: 'v1.36.2' } },
      }),
      'NAME     STATUS                     ROLES    AGE   VERSION\nnode-1   Ready,SchedulingDisabled   <none>   32m   v1.36.2\n',
    ],
    [
      'ingressclasses',
      'networking.k8s.io',
      object('IngressClass', 'nginx', 9, {
        metadata: { annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } },
        spec: { controller: 'k8s.io/nginx' },
      }),
      'NAME              CONTROLLER     PARAMETERS   AGE\nnginx (default)   k8s.io/nginx   <none>       9s\n',
    ],
    [
      'poddisruptionbudgets',
      'policy',
      object('PodDisruptionBudget', 'web', 2, { spec: { minAvailable: 3 }, status: { disruptionsAllowed: 0 } }),
      'NAME   MIN AVAILABLE   MAX UNAVAILABLE   ALLOWED DISRUPTIONS   AGE\nweb    3               N/A               0                     2s\n',
    ],
    [
      'controllerrevisions',
      'apps',
      object('ControllerRevision', 'web-6c58ccb4', 20, {
        metadata: {
          ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: '', controller: true }],
        },
        revision: 4,
      }),
      'NAME           CONTROLLER             REVISION   AGE\nweb-6c58ccb4   statefulset.apps/web   4          20s\n',
    ],
    [
      'events',
      '',
      object('Event', 'web.1', 60, {
        involvedObject: { kind: 'StatefulSet', name: 'web' },
        type: 'Normal',
        reason: 'SuccessfulCreate',
        message: 'Create Pod web-0\n',
        firstTimestamp: ago(60),
        lastTimestamp: ago(10),
      }),
      'LAST SEEN   TYPE     REASON             OBJECT            MESSAGE\n10s         Normal   SuccessfulCreate   statefulset/web   Create Pod web-0\n',
    ],
    ['serviceaccounts', '', object('ServiceAccount', 'default', 9, { secrets: [{}] }), 'NAME      AGE\ndefault   9s\n'],
    [
      'configmaps',
      '',
      object('ConfigMap', 'c', 9, { data: { a: '' }, binaryData: { b: '' } }),
      'NAME   DATA   AGE\nc      2      9s\n',
    ],
    ['roles', 'rbac.authorization.k8s.io', object('Role', 'r', 9), `NAME   CREATED AT\nr      ${ago(9)}\n`],
    ['widgets', 'example.com', object('Widget', 'w', 9), 'NAME   AGE\nw      9s\n'],
  ])('%s.%s', (plural, group, o, text) => {
    expect(show(plural, group, [o])).toBe(text);
  });

  it('ten thousand pods have ten thousand rows', () => {
    const pods = Array.from({ length: 10_000 }, (_, i) =>
      pod(`web-${i}`, { phase: 'Running', containerStatuses: [{ name: 'c', ...running }] }),
    );
    expect(show('pods', '', pods).trimEnd().split('\n')).toHaveLength(10_001);
  });
});

describe('rows of what is not played', () => {
  it('a custom resource has the columns of its definition', () => {
    const columns = [
      { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
      { name: 'Phase', type: 'string', jsonPath: '.status.phase', priority: 1 },
      { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    ];
    const resource = { group: 'example.com', plural: 'widgets', printerColumns: columns };
    const objects = [
      object('Widget', 'a', 5, { spec: { size: 3 } }),
      object('Widget', 'b', 90, { spec: { size: 'x' } }),
    ];
    expect(printTable(tableFor(resource, objects, NOW), { wide: true })).toBe(
      'NAME   SIZE   PHASE   AGE\na      3              5s\nb                     90s\n',
    );
  });

  it('a scale, and an autoscaler whose metrics nobody measures', () => {
    const scale = object('Scale', 'web', 5, { spec: { replicas: 3 }, status: { replicas: 2 } });
    expect(show('scales', 'autoscaling', [scale])).toBe(
      'NAME   DESIRED   AVAILABLE   AGE\nweb    3         2           5s\n',
    );
    const target = { type: 'Utilization', averageUtilization: 80 };
    const autoscaler = object('HorizontalPodAutoscaler', 'web', 5, {
      spec: {
        scaleTargetRef: { kind: 'StatefulSet', name: 'web' },
        minReplicas: 1,
        maxReplicas: 5,
        metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
      },
    });
    expect(show('horizontalpodautoscalers', 'autoscaling', [autoscaler])).toBe(
      'NAME   REFERENCE         TARGETS              MINPODS   MAXPODS   REPLICAS   AGE\nweb    StatefulSet/web   cpu: <unknown>/80%   1         5         0          5s\n',
    );
  });
});

describe('rows of what extends a cluster', () => {
  it.each<[string, string, string, Record<string, unknown>, string]>([
    [
      'validatingwebhookconfigurations',
      'admissionregistration.k8s.io',
      'ValidatingWebhookConfiguration',
      { webhooks: [{}, {}] },
      'NAME   WEBHOOKS   AGE\na      2          5s\n',
    ],
    [
      'csidrivers',
      'storage.k8s.io',
      'CSIDriver',
      { spec: { attachRequired: false, volumeLifecycleModes: ['Persistent'] } },
      'NAME   ATTACHREQUIRED   PODINFOONMOUNT   STORAGECAPACITY   TOKENREQUESTS   REQUIRESREPUBLISH   MODES        AGE\n' +
        'a      false            false            false             <unset>         false               Persistent   5s\n',
    ],
    [
      'runtimeclasses',
      'node.k8s.io',
      'RuntimeClass',
      { handler: 'runsc' },
      'NAME   HANDLER   AGE\na      runsc     5s\n',
    ],
    [
      'apiservices',
      'apiregistration.k8s.io',
      'APIService',
      {
        spec: { service: { namespace: 'kube-system', name: 'metrics' } },
        status: { conditions: [{ type: 'Available', status: 'False', reason: 'MissingEndpoints' }] },
      },
      'NAME   SERVICE               AVAILABLE                  AGE\na      kube-system/metrics   False (MissingEndpoints)   5s\n',
    ],
    [
      'certificatesigningrequests',
      'certificates.k8s.io',
      'CertificateSigningRequest',
      { spec: { signerName: 'a/b', username: 'me' }, status: { conditions: [{ type: 'Approved' }] } },
      'NAME   AGE   SIGNERNAME   REQUESTOR   REQUESTEDDURATION   CONDITION\na      5s    a/b          me          <none>              Approved\n',
    ],
  ])('%s', (plural, group, kind, fields, expected) => {
    expect(show(plural, group, [object(kind, 'a', 5, fields)])).toBe(expected);
  });

  it('a column whose path finds several values shows the first', () => {
    const column = { name: 'Hosts', type: 'string', jsonPath: '.spec.hosts[*]' };
    const resource = { plural: 'things', group: 'a.b', printerColumns: [column] };
    const thing = object('Thing', 'a', 5, { spec: { hosts: ['x', 'y'] } });
    expect(tableFor(resource, [thing], NOW).rows[0]?.cells).toEqual(['a', 'x']);
  });
});
