/** Random pod templates that the API server accepts, and single faults with the one sentence that each brings. */
import fc from 'fast-check';

type Fields = Record<string, unknown>;

const VOLUMES = ['v0', 'v1', 'v2'];

/** The spec of a template, as a manifest gives it. */
export interface Spec extends Fields {
  readonly containers: readonly Fields[];
  readonly volumes: readonly Fields[];
}

/** Of the given fields any may be missing. */
const some = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Fields> =>
  fc.record(fields, { requiredKeys: [] });
const label = fc.constantFrom('a', 'b-1', 'example.com/x', 'app');
const number = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
const listOf = <T>(item: fc.Arbitrary<T>, maxLength: number, by?: (item: T) => unknown): fc.Arbitrary<T[]> =>
  by ? fc.uniqueArray(item, { maxLength, selector: by }) : fc.array(item, { maxLength });

const volumeSource: fc.Arbitrary<Fields> = fc.oneof(
  some({ sizeLimit: fc.constantFrom('1Gi', '0') }).map((emptyDir) => ({ emptyDir })),
  fc.constantFrom('', 'Directory', 'FileOrCreate').map((type) => ({ hostPath: { path: '/var', type } })),
  number(0, 0o777).map((defaultMode) => ({
    configMap: { name: 'c', defaultMode, items: [{ key: 'k', path: 'dir/file' }] },
  })),
  fc.constant({ secret: { secretName: 's', items: [{ key: 'k', path: 'f', mode: 0 }] } }),
  fc.constant({ persistentVolumeClaim: { claimName: 'data', readOnly: true } }),
  fc.constantFrom('labels', "annotations['example.com/x']", 'uid').map((field) => ({
    downwardAPI: { items: [{ path: 'x', fieldRef: { fieldPath: `metadata.${field}` } }] },
  })),
  fc.constant({
    projected: {
      sources: [
        { secret: { name: 's', items: [{ key: 'k', path: 'a' }] } },
        { configMap: { name: 'c', items: [{ key: 'k', path: 'b' }] } },
        { serviceAccountToken: { path: 'token', expirationSeconds: 600 } },
      ],
    },
  }),
  fc.constant({ nfs: { server: 's', path: '/' } }),
  fc.constant({ csi: { driver: 'Driver.example.com' } }),
  fc.constant({ image: { reference: 'x', pullPolicy: 'Never' } }),
  fc.constant({
    ephemeral: {
      volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
    },
  }),
);

const handler: fc.Arbitrary<Fields> = fc.oneof(
  fc.constant({ exec: { command: ['true'] } }),
  number(1, 65535).map((port) => ({ httpGet: { port, httpHeaders: [{ name: 'X-A', value: '' }] } })),
  fc.constantFrom(80, 'http').map((port) => ({ tcpSocket: { port } })),
);
const probe = fc
  .tuple(
    fc.oneof(handler, fc.constant({ grpc: { port: 9 } })),
    some({ initialDelaySeconds: number(0, 9), periodSeconds: number(1, 9), failureThreshold: number(1, 9) }),
  )
  .map(([action, numbers]) => ({ ...action, ...numbers }));

const variable = fc.oneof(
  fc.record({ name: fc.constantFrom('A', 'B', 'c.d'), value: fc.constantFrom('', 'x', '$(A)') }),
  fc.constantFrom('metadata.name', 'status.podIP', 'spec.nodeName', "metadata.labels['app']").map((fieldPath) => ({
    name: 'FIELD',
    valueFrom: { fieldRef: { fieldPath } },
  })),
  fc.constantFrom('limits.cpu', 'requests.memory').map((resource) => ({
    name: 'RESOURCE',
    valueFrom: { resourceFieldRef: { resource } },
  })),
  fc.constantFrom('configMapKeyRef', 'secretKeyRef').map((ref) => ({
    name: 'KEY',
    valueFrom: { [ref]: { name: 'x', key: 'k.y_z-1' } },
  })),
);

const securityContext = some({
  runAsUser: number(0, 2 ** 31 - 1),
  runAsNonRoot: fc.boolean(),
  privileged: fc.constant(false),
  capabilities: some({ add: fc.constant(['NET_ADMIN']), drop: fc.constant(['ALL']) }),
  seccompProfile: fc.constantFrom({ type: 'RuntimeDefault' }, { type: 'Localhost', localhostProfile: 'a/b' }),
  appArmorProfile: fc.constantFrom({ type: 'Unconfined' }, { type: 'Localhost', localhostProfile: 'p' }),
  procMount: fc.constant('Default'),
});

const container: fc.Arbitrary<Fields> = some({
  ports: listOf(
    some({ containerPort: number(1, 65535), protocol: fc.constantFrom('TCP', 'UDP', 'SCTP') }).map((port) => ({
      containerPort: 80,
      ...port,
    })),
    3,
  ),
  env: listOf(variable, 3),
  envFrom: listOf(fc.constantFrom({ configMapRef: { name: 'c' } }, { prefix: 'P_', secretRef: { name: 's' } }), 2),
  volumeMounts: listOf(
    fc.record({
      name: fc.constantFrom(...VOLUMES),
      mountPath: fc.constantFrom('/a', '/b', 'relative', '/'),
      subPath: fc.constantFrom('', 'dir', 'dir/..x'),
    }),
    3,
    (mount) => mount.mountPath,
  ),
  resources: some({
    limits: fc.constantFrom({ cpu: '1', memory: '1Gi' }, { cpu: '500m', 'example.com/gpu': '2' }),
    requests: fc.constantFrom({ cpu: '100m' }, { memory: '1', 'ephemeral-storage': '1Mi' }),
  }).map((resources) => fitting(resources)),
  livenessProbe: probe,
  readinessProbe: probe.map((p) => ({ ...p, successThreshold: 2 })),
  startupProbe: probe,
  lifecycle: some({ postStart: handler, preStop: fc.oneof(handler, fc.constant({ sleep: { seconds: 3 } })) }),
  securityContext,
  imagePullPolicy: fc.constantFrom('Always', 'IfNotPresent', 'Never'),
  terminationMessagePolicy: fc.constantFrom('File', 'FallbackToLogsOnError'),
  resizePolicy: fc.constant([{ resourceName: 'cpu', restartPolicy: 'NotRequired' }]),
});

/** A device is asked for as often as it is allowed. */
function fitting(resources: { limits?: unknown; requests?: unknown }): Fields {
  const limits = (resources.limits ?? {}) as Fields;
  const gpu = limits['example.com/gpu'];
  return gpu === undefined
    ? resources
    : { limits, requests: { ...(resources.requests ?? {}), 'example.com/gpu': gpu } };
}

const expression = fc.oneof(
  fc.record({ key: label, operator: fc.constantFrom('In', 'NotIn'), values: fc.constant(['x', '']) }),
  fc.record({ key: label, operator: fc.constantFrom('Exists', 'DoesNotExist') }),
);
const selector = some({ matchLabels: fc.constant({ app: 'x' }), matchExpressions: listOf(expression, 2) });
const podTerm = fc.record({
  labelSelector: selector,
  topologyKey: fc.constant('kubernetes.io/hostname'),
  namespaces: fc.constantFrom([], ['default']),
});
const nodeTerm = some({
  matchExpressions: listOf(fc.oneof(expression, fc.constant({ key: 'cores', operator: 'Gt', values: ['4'] })), 2),
  matchFields: fc.constantFrom([], [{ key: 'metadata.name', operator: 'In', values: ['n'] }]),
});
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const podTerms = some({
  [REQUIRED]: listOf(podTerm, 2),
  [PREFERRED]: listOf(fc.record({ weight: number(1, 100), podAffinityTerm: podTerm }), 2),
});

const rest = some({
  nodeSelector: fc.dictionary(label, fc.constantFrom('', 'x'), { maxKeys: 2 }),
  tolerations: listOf(
    fc.constantFrom<Fields>(
      { operator: 'Exists' },
      { key: 'a', value: 'b', effect: 'NoSchedule' },
      { key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: -1 },
    ),
    3,
  ),
  affinity: some({
    nodeAffinity: some({
      [REQUIRED]: fc.record({ nodeSelectorTerms: fc.array(nodeTerm, { minLength: 1, maxLength: 2 }) }),
      [PREFERRED]: listOf(fc.record({ weight: number(1, 100), preference: nodeTerm }), 2),
    }),
    podAffinity: podTerms,
    podAntiAffinity: podTerms,
  }),
  topologySpreadConstraints: listOf(
    fc.record({
      maxSkew: number(1, 5),
      topologyKey: fc.constantFrom('zone', 'kubernetes.io/hostname'),
      whenUnsatisfiable: fc.constantFrom('DoNotSchedule', 'ScheduleAnyway'),
      labelSelector: selector,
    }),
    3,
    (constraint) => `${constraint.topologyKey} ${constraint.whenUnsatisfiable}`,
  ),
  securityContext: some({
    fsGroup: number(0, 9),
    supplementalGroups: fc.constant([1, 2]),
    sysctls: fc.constant([{ name: 'net.core.somaxconn', value: '1' }]),
    fsGroupChangePolicy: fc.constantFrom('Always', 'OnRootMismatch'),
  }),
  dnsPolicy: fc.constantFrom('Default', 'ClusterFirst', 'ClusterFirstWithHostNet'),
  dnsConfig: some({
    nameservers: fc.constantFrom([], ['1.1.1.1', '::1']),
    searches: fc.constantFrom(['a_b.example.', '.'], []),
    options: fc.constant([{ name: 'ndots', value: '2' }]),
  }),
  hostAliases: listOf(fc.constantFrom({ ip: '1.1.1.1', hostnames: ['x.example'] }, { ip: '::1' }), 2),
  hostname: fc.constant('h'),
  subdomain: fc.constant('s'),
  serviceAccountName: fc.constant('s.a'),
  priorityClassName: fc.constant('system-node-critical'),
  runtimeClassName: fc.constant('r'),
  schedulerName: fc.constantFrom('', 'Some Scheduler!'),
  terminationGracePeriodSeconds: number(5, 99),
  activeDeadlineSeconds: number(1, 99),
  readinessGates: fc.constant([{ conditionType: 'example.com/ready' }]),
  shareProcessNamespace: fc.boolean(),
  overhead: fc.constant({ cpu: '1' }),
});

export const validSpec: fc.Arbitrary<Spec> = fc
  .record({
    sources: fc.tuple(...VOLUMES.map(() => volumeSource)),
    regular: fc.array(container, { minLength: 1, maxLength: 3 }),
    inits: listOf(container, 2),
    more: rest,
  })
  .map(({ sources, regular, inits, more }) => ({
    ...more,
    volumes: sources.map((source, i) => ({ name: VOLUMES[i], ...source })),
    containers: regular.map((c, i) => ({ ...c, name: `c${i}`, image: 'x' })),
    // What runs beside the containers may have their probes.
    initContainers: inits.map((c, i) => ({ ...c, name: `i${i}`, image: 'x', restartPolicy: 'Always' })),
  }));

/** A fault, and its sentence behind the path of the spec. */
export type Fault = (spec: Spec) => readonly [spec: Fields, error: string];

const inContainer =
  (name: string, change: Fields, error: string): Fault =>
  (spec) => {
    const i = spec.containers.length - 1;
    const containers = spec.containers.map((c, at) => (at === i ? { ...c, ...change } : c));
    return [{ ...spec, containers }, `containers[${i}].${name}: ${error}`];
  };
const inSpec =
  (name: string, change: Fields, error: string): Fault =>
  (spec) => [{ ...spec, ...change }, `${name}: ${error}`];
const withVolume =
  (name: string, source: Fields, error: string): Fault =>
  (spec) => [
    { ...spec, volumes: [...spec.volumes, { name: 'bad', ...source }] },
    `volumes[${spec.volumes.length}]${name}: ${error}`,
  ];

export const faults: Readonly<Record<string, Fault>> = {
  'no image': inContainer('image', { image: '' }, 'Required value'),
  'no name': inContainer('name', { name: '' }, 'Required value'),
  'no port': inContainer('ports[0].containerPort', { ports: [{}] }, 'Required value'),
  'a port too high': inContainer(
    'ports[0].containerPort',
    { ports: [{ containerPort: 65536 }] },
    'Invalid value: 65536: must be between 1 and 65535, inclusive',
  ),
  'a protocol': inContainer(
    'ports[0].protocol',
    { ports: [{ containerPort: 1, protocol: 'tcp' }] },
    'Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"',
  ),
  'a mount of nothing': inContainer(
    'volumeMounts[0].name',
    { volumeMounts: [{ name: 'none', mountPath: '/x' }] },
    'Not found: "none"',
  ),
  'a variable without a name': inContainer('env[0].name', { env: [{ value: 'x' }] }, 'Required value'),
  'two values': inContainer(
    'env[0].valueFrom',
    { env: [{ name: 'A', value: 'x', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] },
    'Invalid value: "": may not be specified when `value` is not empty',
  ),
  'more requested than allowed': inContainer(
    'resources.requests',
    { resources: { limits: { cpu: '1' }, requests: { cpu: '2' } } },
    'Invalid value: "2": must be less than or equal to cpu limit of 1',
  ),
  'a negative quantity': inContainer(
    'resources.limits[memory]',
    { resources: { limits: { memory: '-1' } } },
    'Invalid value: "-1": must be greater than or equal to 0',
  ),
  'a probe of nothing': inContainer(
    'livenessProbe',
    { livenessProbe: {} },
    'Required value: must specify a handler type',
  ),
  'a negative delay': inContainer(
    'readinessProbe.initialDelaySeconds',
    { readinessProbe: { exec: { command: ['x'] }, initialDelaySeconds: -1 } },
    'Invalid value: -1: must be greater than or equal to 0',
  ),
  'two successes': inContainer(
    'startupProbe.successThreshold',
    { startupProbe: { exec: { command: ['x'] }, successThreshold: 2 } },
    'Invalid value: 2: must be 1',
  ),
  'a hook of nothing': inContainer(
    'lifecycle.preStop.exec.command',
    { lifecycle: { preStop: { exec: {} } } },
    'Required value',
  ),
  'a user below zero': inContainer(
    'securityContext.runAsUser',
    { securityContext: { runAsUser: -1 } },
    'Invalid value: -1: must be between 0 and 2147483647, inclusive',
  ),
  'a pull policy': inContainer(
    'imagePullPolicy',
    { imagePullPolicy: 'Often' },
    'Unsupported value: "Often": supported values: "Always", "IfNotPresent", "Never"',
  ),
  'no claim': withVolume('.persistentVolumeClaim.claimName', { persistentVolumeClaim: {} }, 'Required value'),
  'a mode': withVolume(
    '.secret.defaultMode',
    { secret: { secretName: 's', defaultMode: 0o1000 } },
    'Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive',
  ),
  'a weight': inSpec(
    `affinity.nodeAffinity.${PREFERRED}[0].weight`,
    { affinity: { nodeAffinity: { [PREFERRED]: [{ weight: 0, preference: {} }] } } },
    'Invalid value: 0: must be in the range 1-100',
  ),
  'a toleration': inSpec(
    'tolerations[0].effect',
    { tolerations: [{ operator: 'Exists', effect: 'X' }] },
    'Unsupported value: "X": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
  ),
  'a skew': inSpec(
    'topologySpreadConstraints[0].maxSkew',
    { topologySpreadConstraints: [{ maxSkew: -1, topologyKey: 'z', whenUnsatisfiable: 'ScheduleAnyway' }] },
    'Invalid value: -1: must be greater than zero',
  ),
  'a deadline': inSpec(
    'activeDeadlineSeconds',
    { activeDeadlineSeconds: 0 },
    'Invalid value: 0: must be between 1 and 2147483647, inclusive',
  ),
  'an address': inSpec(
    'hostAliases[0].ip',
    { hostAliases: [{ ip: '1.2.3' }] },
    'Invalid value: "1.2.3": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
  ),
  'a namespace of the host': inSpec(
    'HostIPC',
    { hostUsers: false, hostIPC: true },
    'Forbidden: when `hostUsers` is false',
  ),
  'an ephemeral container': inSpec(
    'ephemeralContainers',
    { ephemeralContainers: [{ name: 'e', image: 'x' }] },
    'Forbidden: ephemeral containers not allowed in pod template',
  ),
};
