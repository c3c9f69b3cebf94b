import { describe, expect, it } from 'vitest';
import { decode } from '../../../src/core/api/decode';
import { withDefaults } from '../../../src/core/api/defaults';
import { fieldErrorText } from '../../../src/core/api/status';
import type { KubeObject, Manifest } from '../../../src/core/api/types';
import { deprecationOf, validateCreate, validateUpdate, writeWarnings } from '../../../src/core/api/validation';
import { accepted, asStored, claim, pod, podWith, service, statefulSet, template, volume } from './fixtures';

const complete = (manifest: Manifest): KubeObject => asStored(withDefaults(decode(manifest, 'Strict').manifest));
const create = (manifest: Manifest): string[] => validateCreate(complete(manifest)).map(fieldErrorText);
const update = (next: Manifest, old: Manifest, subresource?: 'status' | 'scale'): string[] =>
  validateUpdate(complete(next), complete(old), subresource).map(fieldErrorText);
const containers = (...list: object[]): Record<string, unknown> => ({ template: template({ containers: list }) });
const named = (manifest: Manifest, metadata: object): Manifest => ({
  ...manifest,
  metadata: { ...manifest.metadata, ...metadata },
});

const LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const QUALIFIED =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const IMMUTABLE_SPEC =
  "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

describe('what a real API server accepted', () => {
  it.each(accepted.map((manifest) => [`${manifest.kind} ${manifest.metadata.name}`, manifest] as const))(
    '%s',
    (_, manifest) => {
      expect(create(manifest)).toEqual([]);
      expect(update(manifest, manifest)).toEqual([]);
    },
  );
});

describe('StatefulSets', () => {
  it.each<[string, Manifest, string[]]>([
    [
      'a selector that misses',
      statefulSet({ selector: { matchLabels: { app: 'x' } } }),
      ['spec.template.metadata.labels: Invalid value: {"app":"nginx"}: `selector` does not match template `labels`'],
    ],
    [
      'no selector',
      statefulSet({ selector: undefined }),
      [
        'spec.selector: Required value',
        'spec.template.metadata.labels: Invalid value: {"app":"nginx"}: `selector` does not match template `labels`',
      ],
    ],
    [
      'an empty selector',
      statefulSet({ selector: {} }),
      ['spec.selector: Invalid value: {}: empty selector is invalid for statefulset'],
    ],
    [
      'negative replicas',
      statefulSet({ replicas: -1 }),
      ['spec.replicas: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'an unknown policy',
      statefulSet({ podManagementPolicy: 'Sometimes' }),
      ["spec.podManagementPolicy: Invalid value: \"Sometimes\": must be 'OrderedReady' or 'Parallel'"],
    ],
    [
      'an unknown strategy',
      statefulSet({ updateStrategy: { type: 'Recreate' } }),
      [
        'spec.updateStrategy: Invalid value: {"Type":"Recreate","RollingUpdate":null}: must be \'RollingUpdate\' or \'OnDelete\'',
      ],
    ],
    [
      'a block for OnDelete',
      statefulSet({ updateStrategy: { type: 'OnDelete', rollingUpdate: { partition: 1 } } }),
      [
        'spec.updateStrategy.rollingUpdate: Invalid value: {"Partition":1,"MaxUnavailable":null}: only allowed for updateStrategy \'RollingUpdate\'',
      ],
    ],
    [
      'a negative partition',
      statefulSet({ updateStrategy: { rollingUpdate: { partition: -1 } } }),
      ['spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'maxUnavailable 0',
      statefulSet({ updateStrategy: { rollingUpdate: { maxUnavailable: '0%' } } }),
      ['spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: "0%": cannot be 0'],
    ],
    [
      'maxUnavailable 200%',
      statefulSet({ updateStrategy: { rollingUpdate: { maxUnavailable: '200%' } } }),
      ['spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: "200%": must not be greater than 100%'],
    ],
    [
      'an unknown retention',
      statefulSet({ persistentVolumeClaimRetentionPolicy: { whenScaled: 'Keep' } }),
      [
        'spec.persistentVolumeClaimRetentionPolicy.whenScaled: Unsupported value: "Keep": supported values: "Retain", "Delete"',
      ],
    ],
    [
      'a negative ordinal',
      statefulSet({ ordinals: { start: -1 } }),
      ['spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'another restart policy',
      statefulSet({ template: template({ restartPolicy: 'Never' }) }),
      ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
    ],
    [
      'a deadline',
      statefulSet({ template: template({ activeDeadlineSeconds: 5 }) }),
      ['spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in StatefulSet is not Supported'],
    ],
    ['no containers', statefulSet(containers()), ['spec.template.spec.containers: Required value']],
    ['no image', statefulSet(containers({ name: 'a' })), ['spec.template.spec.containers[0].image: Required value']],
    [
      'a name twice',
      statefulSet(containers({ name: 'a', image: 'x' }, { name: 'a', image: 'y' })),
      ['spec.template.spec.containers[1].name: Duplicate value: "a"'],
    ],
    [
      'a mount of nothing',
      statefulSet(containers({ name: 'a', image: 'x', volumeMounts: [{ name: 'nope', mountPath: '/d' }] })),
      ['spec.template.spec.containers[0].volumeMounts[0].name: Not found: "nope"'],
    ],
    [
      'a claim without size',
      statefulSet({ volumeClaimTemplates: [{ metadata: { name: 'd' }, spec: { accessModes: ['RWO'] } }] }),
      [
        'spec.volumeClaimTemplates[0].spec.accessModes: Unsupported value: "RWO": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
        'spec.volumeClaimTemplates[0].spec.resources[storage]: Required value',
      ],
    ],
    ['a name with capitals', statefulSet({}, 'Web_1'), [`metadata.name: Invalid value: "Web_1": ${LABEL}`]],
    [
      'no name',
      named(statefulSet(), { name: undefined }),
      ['metadata.name: Required value: name or generateName is required'],
    ],
    [
      'a bad label',
      named(statefulSet(), { labels: { 'bad key': 'x' } }),
      [`metadata.labels: Invalid value: "bad key": ${QUALIFIED}`],
    ],
    [
      'a bare finalizer',
      named(statefulSet(), { finalizers: ['mine'] }),
      [
        'metadata.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
      ],
    ],
    [
      'an owner without uid',
      named(statefulSet(), { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: '' }] }),
      ['metadata.ownerReferences.uid: Invalid value: "": must not be empty'],
    ],
  ])('refuse %s', (_, manifest, errors) => {
    expect(create(manifest)).toEqual(errors);
  });

  it.each<[string, Record<string, unknown>]>([
    ['serviceName', { serviceName: 'x' }],
    ['podManagementPolicy', { podManagementPolicy: 'Parallel' }],
    [
      'volumeClaimTemplates',
      {
        volumeClaimTemplates: [
          {
            metadata: { name: 'd' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } },
          },
        ],
      },
    ],
  ])('forbid changing %s', (_, spec) => {
    expect(update(statefulSet({ ...spec }), statefulSet())).toEqual([IMMUTABLE_SPEC]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['replicas', { replicas: 0 }],
    ['ordinals', { ordinals: { start: 2 } }],
    ['template', containers({ name: 'other', image: 'y' })],
    ['updateStrategy', { updateStrategy: { type: 'OnDelete' } }],
    ['revisionHistoryLimit', { revisionHistoryLimit: 1 }],
    ['minReadySeconds', { minReadySeconds: 1 }],
    ['persistentVolumeClaimRetentionPolicy', { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' } }],
  ])('allow changing %s', (_, spec) => {
    expect(update(statefulSet(spec as Record<string, unknown>), statefulSet())).toEqual([]);
  });

  it('look at a changed template again', () => {
    expect(update(statefulSet(containers({ name: 'a' }) as Record<string, unknown>), statefulSet())).toEqual([
      'spec.template.spec.containers[0].image: Required value',
    ]);
  });

  it('have a status whose counters fit', () => {
    const status = (fields: object): Manifest => ({ ...statefulSet(), status: { replicas: 1, ...fields } });
    expect(update(status({ readyReplicas: 2, availableReplicas: 1 }), statefulSet(), 'status')).toEqual([
      'status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas',
    ]);
    expect(update(status({ collisionCount: 0 }), status({ collisionCount: 1 }), 'status')).toEqual([
      'status.collisionCount: Invalid value: 0: cannot be decremented',
    ]);
    expect(update(statefulSet({ replicas: -2 }), statefulSet(), 'scale')).toEqual([
      'spec.replicas: Invalid value: -2: must be greater than or equal to 0',
    ]);
  });
});

describe('pods', () => {
  const mode = 'must be a number between 0 and 0777 (octal), both inclusive';
  const volumes = (...list: object[]): Manifest => pod({ volumes: list });
  it.each<[string, Manifest, string[]]>([
    [
      'ports',
      podWith({
        ports: [{ name: 'TOO_LONG_A_NAME_FOR', containerPort: 70000 }, {}, { containerPort: 1, protocol: 'tcp' }],
      }),
      [
        'spec.containers[0].ports[0].name: Invalid value: "TOO_LONG_A_NAME_FOR": must be no more than 15 characters',
        'spec.containers[0].ports[0].name: Invalid value: "TOO_LONG_A_NAME_FOR": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
        'spec.containers[0].ports[0].name: Invalid value: "TOO_LONG_A_NAME_FOR": must contain at least one letter (a-z)',
        'spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
        'spec.containers[0].ports[1].containerPort: Required value',
        'spec.containers[0].ports[2].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"',
      ],
    ],
    [
      'host ports',
      podWith({
        ports: [
          { containerPort: 1, hostPort: 80 },
          { containerPort: 2, hostPort: 80 },
        ],
      }),
      ['spec.containers[0].ports[1].hostPort: Duplicate value: "TCP//80"'],
    ],
    [
      'probes',
      podWith({
        livenessProbe: { successThreshold: 2, exec: { command: ['x'] }, tcpSocket: { port: 1 } },
        readinessProbe: { terminationGracePeriodSeconds: 1 },
        startupProbe: { httpGet: { port: 'Not_A_Port', scheme: 'ftp' }, periodSeconds: -1 },
      }),
      [
        'spec.containers[0].livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type',
        'spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1',
        'spec.containers[0].readinessProbe: Required value: must specify a handler type',
        'spec.containers[0].readinessProbe.terminationGracePeriodSeconds: Invalid value: 1: must not be set for readinessProbes',
        'spec.containers[0].startupProbe.httpGet.port: Invalid value: "Not_A_Port": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
        'spec.containers[0].startupProbe.httpGet.scheme: Unsupported value: "ftp": supported values: "HTTP", "HTTPS"',
        'spec.containers[0].startupProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0',
      ],
    ],
    [
      'hooks',
      podWith({ lifecycle: { preStop: { sleep: { seconds: 31 } }, postStart: {} } }),
      [
        'spec.containers[0].lifecycle.postStart: Required value: must specify a handler type',
        'spec.containers[0].lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)',
      ],
    ],
    [
      'variables',
      podWith({
        env: [
          { name: '' },
          { name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          { name: 'B', valueFrom: {} },
          { name: 'C', valueFrom: { fieldRef: { fieldPath: 'spec.nope' } } },
          { name: 'D', valueFrom: { secretKeyRef: { name: 's', key: '' } } },
        ],
        envFrom: [{}],
      }),
      [
        'spec.containers[0].env[0].name: Required value',
        'spec.containers[0].env[1].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
        'spec.containers[0].env[2].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
        'spec.containers[0].env[3].valueFrom.fieldRef.fieldPath: Invalid value: "spec.nope": error converting fieldPath: field label not supported: spec.nope',
        'spec.containers[0].env[4].valueFrom.secretKeyRef.key: Required value',
        'spec.containers[0].envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`',
      ],
    ],
    [
      'mounts',
      podWith(
        {
          volumeMounts: [
            { name: 'v', mountPath: '/a', subPath: '/x/..' },
            { name: 'v', mountPath: '/a' },
            { name: 'v', mountPath: '' },
          ],
        },
        { volumes: [{ name: 'v' }] },
      ),
      [
        'spec.containers[0].volumeMounts.subPath: Invalid value: "/x/..": must be a relative path',
        'spec.containers[0].volumeMounts.subPath: Invalid value: "/x/..": must not contain \'..\'',
        'spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/a": must be unique',
        'spec.containers[0].volumeMounts[2].mountPath: Required value',
      ],
    ],
    [
      'resources',
      podWith({
        resources: { requests: { cpu: '2', gpu: '1', memory: '-1' }, limits: { cpu: '1', 'example.com/gpu': '0.5' } },
      }),
      [
        'spec.containers[0].resources.limits[example.com/gpu]: Invalid value: "500m": must be an integer',
        'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
        'spec.containers[0].resources.requests[example.com/gpu]: Invalid value: "500m": must be an integer',
        'spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified',
        'spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource for containers',
        'spec.containers[0].resources.requests[memory]: Invalid value: "-1": must be greater than or equal to 0',
      ],
    ],
    [
      'policies',
      pod({
        restartPolicy: 'Sometimes',
        dnsPolicy: 'None',
        preemptionPolicy: 'x',
        containers: [{ name: 'c', image: ' x', imagePullPolicy: 'Maybe' }],
      }),
      [
        'spec.containers[0].imagePullPolicy: Unsupported value: "Maybe": supported values: "Always", "IfNotPresent", "Never"',
        'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
        'spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None',
        'spec.preemptionPolicy: Unsupported value: "x": supported values: "PreemptLowerPriority", "Never"',
        'spec.containers[0].image: Invalid value: " x": must not have leading or trailing whitespace',
      ],
    ],
    [
      'init containers',
      pod({ initContainers: [{ name: 'c', image: 'x', readinessProbe: { exec: { command: ['x'] } } }] }),
      [
        'spec.initContainers[0].name: Duplicate value: "c"',
        'spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
      ],
    ],
    [
      'volumes',
      volumes(
        { name: 'A', emptyDir: {}, hostPath: { path: '/' } },
        { name: 'b', secret: { secretName: '', defaultMode: 512, items: [{ key: '', path: '../x' }] } },
        { name: 'c' },
        { name: 'c', persistentVolumeClaim: { claimName: '' } },
        { name: '', nfs: { server: 's', path: 'x' } },
      ),
      [
        'spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type',
        `spec.volumes[0].name: Invalid value: "A": ${LABEL}`,
        'spec.volumes[1].secret.secretName: Required value',
        `spec.volumes[1].secret.defaultMode: Invalid value: 512: ${mode}`,
        'spec.volumes[1].secret.items[0].key: Required value',
        'spec.volumes[1].secret.items[0].path: Invalid value: "../x": must not contain \'..\'',
        'spec.volumes[3].persistentVolumeClaim.claimName: Required value',
        'spec.volumes[3].name: Duplicate value: "c"',
        'spec.volumes[4].nfs.path: Invalid value: "x": must be an absolute path',
        'spec.volumes[4].name: Required value',
      ],
    ],
    [
      'scheduling',
      pod({
        nodeSelector: { 'a b': 'x' },
        tolerations: [
          { value: 'x' },
          { key: 'k', operator: 'Exists', value: 'v', effect: 'Never', tolerationSeconds: 1 },
        ],
        topologySpreadConstraints: [{ maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'Maybe' }],
        schedulingGates: [{ name: 'g' }, { name: 'g' }],
      }),
      [
        `spec.nodeSelector: Invalid value: "a b": ${QUALIFIED}`,
        'spec.schedulingGates[1]: Duplicate value: "g"',
        'spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero',
        'spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty',
        'spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "Maybe": supported values: "DoNotSchedule", "ScheduleAnyway"',
        'spec.tolerations[0].operator: Invalid value: "": operator must be Exists when `key` is empty, which means "match all values and all keys"',
        'spec.tolerations[1].effect: Invalid value: "Never": effect must be \'NoExecute\' when `tolerationSeconds` is set',
        'spec.tolerations[1].operator: Invalid value: "v": value must be empty when `operator` is \'Exists\'',
        'spec.tolerations[1].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
      ],
    ],
    [
      'affinity',
      pod({
        affinity: {
          nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } },
          podAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              {
                weight: 0,
                podAffinityTerm: {
                  topologyKey: 'zone',
                  labelSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] },
                },
              },
            ],
          },
        },
      }),
      [
        'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term',
        'spec.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must be in the range 1-100',
        "spec.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
      ],
    ],
    [
      'security',
      podWith(
        { securityContext: { runAsUser: -1, privileged: true, allowPrivilegeEscalation: false } },
        { securityContext: { fsGroup: 2 ** 31, seccompProfile: { type: 'Localhost' } } },
      ),
      [
        'spec.containers[0].securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive',
        'spec.containers[0].securityContext: Invalid value: {"Capabilities":null,"Privileged":true,"SELinuxOptions":null,"WindowsOptions":null,"RunAsUser":-1,"RunAsGroup":null,"RunAsNonRoot":null,"ReadOnlyRootFilesystem":null,"AllowPrivilegeEscalation":false,"ProcMount":null,"SeccompProfile":null,"AppArmorProfile":null}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
        'spec.securityContext.fsGroup: Invalid value: 2147483648: must be between 0 and 2147483647, inclusive',
        'spec.securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost',
      ],
    ],
    [
      'names',
      pod({ hostname: 'A', subdomain: 'b.c', hostAliases: [{ ip: '1.2.3', hostnames: ['ok'] }] }),
      [
        `spec.hostname: Invalid value: "A": ${LABEL}`,
        'spec.subdomain: Invalid value: "b.c": must not contain dots',
        'spec.hostAliases[0].ip: Invalid value: "1.2.3": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      ],
    ],
  ])('refuse bad %s', (_, manifest, errors) => {
    expect(create(manifest)).toEqual(errors);
  });

  const FORBIDDEN =
    'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
  const tolerations = [{ key: 'a', operator: 'Exists' }];
  it.each<[string, object, object, string[]]>([
    [
      'an image',
      { containers: [{ name: 'c', image: 'new' }] },
      { containers: [{ name: 'c', image: 'old', imagePullPolicy: 'Always' }] },
      [],
    ],
    ['a deadline', { activeDeadlineSeconds: 5 }, {}, []],
    ['another toleration', { tolerations: [...tolerations, { key: 'b', operator: 'Exists' }] }, { tolerations }, []],
    ['a negative grace period to 1', { terminationGracePeriodSeconds: 1 }, { terminationGracePeriodSeconds: -1 }, []],
    ['the node', { nodeName: 'elsewhere' }, { nodeName: 'node-1' }, [FORBIDDEN]],
    ['the grace period', { terminationGracePeriodSeconds: 1 }, { terminationGracePeriodSeconds: 5 }, [FORBIDDEN]],
    [
      'the command',
      { containers: [{ name: 'c', image: 'x', command: ['a'] }] },
      { containers: [{ name: 'c', image: 'x' }] },
      [FORBIDDEN],
    ],
    [
      'a longer deadline',
      { activeDeadlineSeconds: 6 },
      { activeDeadlineSeconds: 5 },
      ['spec.activeDeadlineSeconds: Invalid value: 6: must be less than or equal to previous value'],
    ],
    [
      'fewer tolerations',
      {},
      { tolerations },
      ['spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds'],
    ],
    [
      'more containers',
      {
        containers: [
          { name: 'c', image: 'x' },
          { name: 'd', image: 'x' },
        ],
      },
      {},
      ['spec.containers: Forbidden: pod updates may not add or remove containers'],
    ],
  ])('updated with %s', (_, next, old, errors) => {
    expect(update(pod(next as Record<string, unknown>), pod(old as Record<string, unknown>))).toEqual(errors);
  });
});

describe('services', () => {
  it.each<[string, object, string[]]>([
    ['no ports', { ports: [] }, ['spec.ports: Required value']],
    [
      'nameless ports',
      { ports: [{ port: 80 }, { port: 0, name: 'b' }] },
      [
        'spec.ports[0].name: Required value',
        'spec.ports[1].port: Invalid value: 0: must be between 1 and 65535, inclusive',
        'spec.ports[1].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive',
      ],
    ],
    [
      'a node port',
      { ports: [{ port: 80, nodePort: 30000 }] },
      ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
    ],
    [
      'a port twice',
      {
        ports: [
          { port: 80, name: 'a' },
          { port: 80, name: 'b' },
        ],
      },
      [
        'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
      ],
    ],
    [
      'no address',
      { clusterIP: 'x' },
      ['spec.clusterIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'],
    ],
    [
      'a headless node port',
      { type: 'NodePort', clusterIP: 'None' },
      ['spec.clusterIPs[0]: Invalid value: "None": may not be set to \'None\' for NodePort services'],
    ],
    [
      'an unknown type',
      { type: 'Public' },
      [
        'spec.type: Unsupported value: "Public": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
      ],
    ],
    [
      'an unknown affinity',
      { sessionAffinity: 'Cookie' },
      ['spec.sessionAffinity: Unsupported value: "Cookie": supported values: "ClientIP", "None"'],
    ],
  ])('refuse %s', (_, spec, errors) => {
    expect(create(service(spec as Record<string, unknown>))).toEqual(errors);
  });

  it('keep their address and may give it up for a name', () => {
    const at = (ip: string): Manifest => service({ clusterIP: ip, clusterIPs: [ip] });
    expect(update(at('10.96.0.9'), at('10.96.0.8'))).toEqual([
      'spec.clusterIPs[0]: Invalid value: ["10.96.0.9"]: may not change once set',
    ]);
    expect(update(at('None'), at('10.96.0.8'))).toEqual([
      'spec.clusterIPs[0]: Invalid value: ["None"]: may not change once set',
    ]);
    const external = service({ type: 'ExternalName', externalName: 'a.b', ports: undefined });
    expect(update(external, at('10.96.0.8'))).toEqual([]);
  });

  it('have a name that is a label, which may begin with a digit', () => {
    expect(create(service({}, '1st'))).toEqual([]);
    expect(create(service({}, 'Web_1'))[0]).toMatch(
      /^metadata.name: Invalid value: "Web_1": a lowercase RFC 1123 label must consist/,
    );
    expect(create(service({}, 'a.b'))).toEqual(['metadata.name: Invalid value: "a.b": must not contain dots']);
  });
});

describe('storage', () => {
  const bound = (storage: string, capacity = '1Gi'): Manifest =>
    claim(
      { resources: { requests: { storage } }, volumeName: 'pv' },
      { phase: 'Bound', capacity: { storage: capacity } },
    );
  const FIXED =
    'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

  it.each<[string, Manifest, Manifest, string[]]>([
    ['its first volume', claim({ volumeName: 'pv' }), claim(), []],
    ['another volume', claim({ volumeName: 'b' }), claim({ volumeName: 'a' }), [FIXED]],
    ['other modes', claim({ accessModes: ['ReadWriteMany'] }), claim(), [FIXED]],
    ['more, bound', bound('2Gi'), bound('1Gi'), []],
    ['more, unbound', claim({ resources: { requests: { storage: '2Gi' } } }), claim(), [FIXED]],
    [
      'less than it has',
      bound('1Mi'),
      bound('1Gi'),
      ['spec.resources.requests.storage: Forbidden: field can not be less than status.capacity'],
    ],
    ['less of what it never got', bound('2Gi'), bound('3Gi'), []],
    [
      'nothing any more',
      { ...bound('1Gi'), spec: { ...(bound('1Gi').spec as object), resources: undefined } },
      bound('1Gi'),
      [
        'spec.resources[storage]: Required value',
        FIXED,
        'spec.resources.requests.storage: Forbidden: field can not be less than status.capacity',
      ],
    ],
  ])('a claim may ask for %s', (_, next, old, errors) => {
    expect(update(next, old)).toEqual(errors);
  });

  it.each<[string, Manifest, string[]]>([
    ['no modes', claim({ accessModes: [] }), ['spec.accessModes: Required value: at least 1 access mode is required']],
    [
      'nothing',
      claim({ resources: { requests: { storage: '0' } } }),
      ['spec.resources[storage]: Invalid value: "0": must be greater than zero'],
    ],
    [
      'two sources',
      volume({ nfs: { server: 's', path: '/x' } }),
      ['spec.nfs: Forbidden: may not specify more than 1 volume type'],
    ],
    ['no source', volume({ hostPath: undefined }), ['spec: Required value: must specify a volume type']],
    [
      'no capacity',
      volume({ capacity: undefined }),
      ['spec.capacity: Required value', 'spec.capacity: Unsupported value: null: supported values: "storage"'],
    ],
    [
      'no affinity',
      volume({ hostPath: undefined, local: { path: '/x' } }),
      ['spec.nodeAffinity: Required value: Local volume requires node affinity'],
    ],
    [
      'no provisioner',
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: 'x' },
        reclaimPolicy: 'Recycle',
      } as Manifest,
      [
        'provisioner: Required value',
        'reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"',
      ],
    ],
  ])('is refused with %s', (_, manifest, errors) => {
    expect(create(manifest)).toEqual(errors);
  });

  it('keeps the source of a volume', () => {
    expect(update(volume({ hostPath: { path: '/other' } }), volume())).toEqual([
      'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation',
    ]);
    expect(update(volume({ persistentVolumeReclaimPolicy: 'Delete' }), volume())).toEqual([]);
  });
});

describe('the other kinds', () => {
  const of = (kind: string, fields: object, apiVersion = 'v1'): Manifest => ({
    apiVersion,
    kind,
    metadata: { name: 'x', namespace: 'default' },
    ...fields,
  });
  const revision = (data: unknown, number = 1): Manifest =>
    of('ControllerRevision', { data, revision: number }, 'apps/v1');

  it('freeze what is marked immutable', () => {
    const frozen = of('ConfigMap', { data: { a: '1' }, immutable: true });
    expect(update(of('ConfigMap', { data: { a: '2' } }), frozen)).toEqual([
      'immutable: Forbidden: field is immutable when `immutable` is set',
      'data: Forbidden: field is immutable when `immutable` is set',
    ]);
    expect(update(frozen, frozen)).toEqual([]);
    expect(update(of('Secret', { type: 'a/b' }), of('Secret', {}))).toEqual([
      'type: Invalid value: "a/b": field is immutable',
    ]);
  });

  it('need the keys of their type', () => {
    expect(create(of('Secret', { type: 'kubernetes.io/tls', data: { 'tls.crt': 'eA==' } }))).toEqual([
      'data[tls.key]: Required value',
    ]);
    expect(create(of('ConfigMap', { data: { 'a/b': '' }, binaryData: {} }))[0]).toMatch(
      /^data\[a\/b\]: Invalid value: "a\/b": a valid config key must consist of/,
    );
    const large = of('ConfigMap', { data: { a: 'x'.repeat(2 ** 20 + 1) } });
    expect(create(large)).toEqual([': Too long: may not be more than 1048576 bytes']);
  });

  it('keep the data of a revision', () => {
    expect(update(revision({ a: 1 }, 2), revision({ a: 1 }))).toEqual([]);
    expect(update(revision({ a: 2 }), revision({ a: 1 }))).toEqual([
      'data: Invalid value: {"a":2}: field is immutable',
    ]);
    expect(create(revision(undefined, -1))).toEqual([
      'data: Required value: data is mandatory',
      'revision: Invalid value: -1: must be greater than or equal to 0',
    ]);
  });

  it('name namespaces by labels and nothing cluster-wide has one', () => {
    const space = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'Bad_Name', namespace: 'x' } };
    expect(create(space)).toEqual([
      `metadata.name: Invalid value: "Bad_Name": ${LABEL}`,
      'metadata.namespace: Forbidden: not allowed on this type',
    ]);
  });

  it('refuse both ends of a budget and addresses of the machine itself', () => {
    const budget = of('PodDisruptionBudget', { spec: { minAvailable: 1, maxUnavailable: '120%' } }, 'policy/v1');
    expect(create(budget)).toEqual([
      'spec: Invalid value: {"MinAvailable":1,"Selector":null,"MaxUnavailable":"120%","UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set',
      'spec.maxUnavailable: Invalid value: "120%": must not be greater than 100%',
    ]);
    expect(create(of('Endpoints', { subsets: [{ addresses: [{ ip: '127.0.0.1' }] }, {}] }))).toEqual([
      'subsets[0].addresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      'subsets[1]: Required value: must specify `addresses` or `notReadyAddresses`',
    ]);
  });

  it('keep their names, and get no finalizer while they go', () => {
    const going = named(of('ConfigMap', {}), { uid: '1', deletionTimestamp: '2026-01-01T00:00:00Z' });
    const next = named(going, { uid: '2', finalizers: ['a.b/c'] });
    expect(update(next, going)).toEqual([
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"a.b/c"}',
      'metadata.uid: Invalid value: "2": field is immutable',
    ]);
  });

  it('check only the metadata of kinds that nothing plays', () => {
    const custom = (name: string): Manifest => ({
      apiVersion: 'example.com/v1',
      kind: 'Thing',
      metadata: { name },
      spec: 1,
    });
    expect(create(custom('fine.name'))).toEqual([]);
    expect(create(custom('Not fine'))).toHaveLength(1);
    expect(
      create(of('Deployment', { spec: { selector: { matchLabels: { a: 'b' } }, template: template() } }, 'apps/v1')),
    ).toEqual([
      'spec.template.metadata.labels: Invalid value: {"app":"nginx"}: `selector` does not match template `labels`',
    ]);
  });
});

describe('warnings', () => {
  it('name what is doubtful', () => {
    const set = statefulSet({
      revisionHistoryLimit: -1,
      template: template({
        terminationGracePeriodSeconds: -1,
        containers: [
          {
            name: 'c',
            image: 'x',
            env: [{ name: 'A' }, { name: 'A' }],
            resources: { limits: { memory: '100m' } },
            ports: [{ containerPort: 1 }, { containerPort: 1 }],
          },
        ],
      }),
    });
    expect(writeWarnings(complete(set))).toEqual([
      'spec.template.spec.containers[0].resources.limits[memory]: fractional byte value "100m" is invalid, must be an integer',
      'spec.template.spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply',
      'spec.template.spec.containers[0].ports[1]: duplicate port definition with spec.template.spec.containers[0].ports[0]',
      'spec.template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1',
      'spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended',
    ]);
    for (const manifest of accepted) expect(writeWarnings(complete(manifest))).toEqual([]);
    expect(deprecationOf({ group: '', kind: 'Endpoints' })).toBe(
      'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
    );
    expect(deprecationOf({ group: 'apps', kind: 'StatefulSet' })).toBeUndefined();
  });
});
