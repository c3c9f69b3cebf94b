/** Objects as the engine makes them, in any number, with nothing shared between them. */
import type { KubeObject } from '../../../../src/core/api/types';

const hex = (n: number) => (n * 2654435761 + 12345).toString(16).padStart(8, '0').slice(-8);
export const uidOf = (n: number) =>
  `${hex(n)}-${hex(n + 1).slice(4)}-4${hex(n + 2).slice(5)}-8${hex(n + 3).slice(5)}-${hex(n + 4)}${hex(n + 5).slice(4)}`;
const at = (s: number) => new Date(Date.UTC(2026, 0, 1) + s * 1000).toISOString().replace('.000Z', 'Z');

export function pods(count: number): KubeObject[] {
  return Array.from({ length: count }, (_, i) => pod(i));
}

function pod(i: number): KubeObject {
  const condition = (type: string, second: number) => ({
    type,
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: at(second),
  });
  const uid = uidOf(i);
  const ip = `10.244.${i >> 8}.${i & 255}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `web-${i}`,
      generateName: 'web-',
      namespace: 'default',
      uid,
      resourceVersion: String(2000 + i * 7),
      generation: 1,
      creationTimestamp: at(i),
      labels: {
        app: 'nginx',
        'apps.kubernetes.io/pod-index': String(i),
        'controller-revision-hash': 'web-7b58bccc69',
        'statefulset.kubernetes.io/pod-name': `web-${i}`,
      },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'StatefulSet',
          name: 'web',
          uid: uidOf(-1),
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      containers: [
        {
          name: 'nginx',
          image: 'nginx:1.21',
          imagePullPolicy: 'IfNotPresent',
          ports: [{ containerPort: 80, name: 'web', protocol: 'TCP' }],
          resources: {},
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          volumeMounts: [{ mountPath: '/usr/share/nginx/html', name: 'www' }],
        },
      ],
      dnsPolicy: 'ClusterFirst',
      enableServiceLinks: true,
      hostname: `web-${i}`,
      nodeName: 'node-1',
      preemptionPolicy: 'PreemptLowerPriority',
      priority: 0,
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      securityContext: {},
      subdomain: 'nginx',
      terminationGracePeriodSeconds: 10,
      tolerations: [
        { effect: 'NoExecute', key: 'node.kubernetes.io/not-ready', operator: 'Exists', tolerationSeconds: 300 },
        { effect: 'NoExecute', key: 'node.kubernetes.io/unreachable', operator: 'Exists', tolerationSeconds: 300 },
      ],
      volumes: [{ name: 'www', persistentVolumeClaim: { claimName: `www-web-${i}` } }],
    },
    status: {
      phase: 'Running',
      conditions: [
        condition('PodReadyToStartContainers', i + 1),
        condition('Initialized', i + 1),
        condition('Ready', i + 1),
        condition('ContainersReady', i + 1),
        condition('PodScheduled', i),
      ],
      containerStatuses: [
        {
          containerID: `containerd://${uid}`,
          image: 'nginx:1.21',
          imageID: 'sha256:0',
          lastState: {},
          name: 'nginx',
          ready: true,
          restartCount: 0,
          started: true,
          state: { running: { startedAt: at(i + 1) } },
        },
      ],
      hostIP: '192.168.0.11',
      hostIPs: [{ ip: '192.168.0.11' }],
      podIP: ip,
      podIPs: [{ ip }],
      qosClass: 'BestEffort',
      startTime: at(i + 1),
      observedGeneration: 1,
    },
  };
}
