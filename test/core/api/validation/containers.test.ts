/** The rules of containers: ports, variables, resources, mounts, probes, restarts, and the special sorts of containers. */
import { describe, expect, it } from 'vitest';
import { pod, podWith } from '../fixtures';
import { create, LABEL, type Row } from './support';

const C = 'spec.containers[0]';
const refuse = (rows: readonly Row[]): void =>
  it.each(rows)('refuse %s', (_, manifest, errors) => {
    expect(create(manifest)).toEqual(errors);
  });
const env = (...list: object[]) => podWith({ env: list });
const from = (valueFrom: object) => env({ name: 'A', valueFrom });

describe('restart rules', () => {
  const rule = { action: 'Restart', exitCodes: { operator: 'In', values: [42] } };
  it('are accepted', () => {
    const rules = { restartPolicy: 'Never', restartPolicyRules: [rule, { ...rule, action: 'RestartAllContainers' }] };
    expect(create(podWith(rules))).toEqual([]);
    expect(create(pod({ initContainers: [{ name: 'i', image: 'x', ...rules }] }))).toEqual([]);
  });
  refuse([
    [
      'an unknown policy',
      podWith({ restartPolicy: 'Maybe' }),
      [`${C}.restartPolicy: Unsupported value: "Maybe": supported values: "Always", "Never", "OnFailure"`],
    ],
    [
      'rules without a policy',
      podWith({ restartPolicyRules: [rule] }),
      [`${C}.restartPolicy: Required value: must specify restartPolicy when restart rules are used`],
    ],
    [
      'what rules may not say',
      podWith({
        restartPolicy: 'Never',
        restartPolicyRules: [{ action: 'Stop' }, { action: 'Restart', exitCodes: { operator: 'Is', values: [1] } }],
      }),
      [
        `${C}.restartPolicyRules[0].action: Unsupported value: "Stop": supported values: "Restart", "RestartAllContainers"`,
        `${C}.restartPolicyRules[0].exitCodes: Required value: must be specified`,
        `${C}.restartPolicyRules[1].exitCodes.operator: Unsupported value: "Is": supported values: "In", "NotIn"`,
      ],
    ],
    [
      'too many of them',
      podWith({
        restartPolicy: 'Never',
        restartPolicyRules: [
          { action: 'Restart', exitCodes: { operator: 'In', values: Array.from({ length: 256 }, (_, i) => i) } },
          ...Array.from({ length: 20 }, () => rule),
        ],
      }),
      [
        `${C}.restartPolicyRules: Too many: 21: must have at most 20 items`,
        `${C}.restartPolicyRules[0].exitCodes.values: Too many: 256: must have at most 255 items`,
      ],
    ],
  ]);
});

describe('resizing', () => {
  const policy = (restartPolicy: string, resourceName = 'cpu') => ({ resourceName, restartPolicy });
  refuse([
    [
      'unknown words, twice',
      podWith({ resizePolicy: [policy('Maybe', 'disk'), policy('NotRequired', 'disk')] }),
      [
        `${C}.resizePolicy: Unsupported value: "disk": supported values: "cpu", "memory"`,
        `${C}.resizePolicy: Unsupported value: "Maybe": supported values: "NotRequired", "RestartContainer"`,
        `${C}.resizePolicy[1]: Duplicate value: "disk"`,
      ],
    ],
    [
      'a restart in a pod that never restarts',
      podWith({ resizePolicy: [policy('RestartContainer')] }, { restartPolicy: 'Never' }),
      [
        `${C}.resizePolicy: Invalid value: "RestartContainer": must be 'NotRequired' when pod \`restartPolicy\` is 'Never'`,
      ],
    ],
    [
      'a restart of what runs once',
      pod({ initContainers: [{ name: 'i', image: 'x', resizePolicy: [policy('RestartContainer')] }] }),
      [
        'spec.initContainers[0].resizePolicy[0].restartPolicy: Invalid value: "RestartContainer": must not be set to \'RestartContainer\' for non-sidecar initContainers',
      ],
    ],
  ]);
});

describe('probes and hooks', () => {
  refuse([
    [
      'grpc without a port, headers, numbers',
      podWith({
        livenessProbe: { grpc: { port: 0 }, terminationGracePeriodSeconds: 0, timeoutSeconds: -1 },
        startupProbe: { httpGet: { port: 70000, httpHeaders: [{ name: 'a b', value: 'x' }] }, successThreshold: 3 },
        readinessProbe: { exec: { command: [] } },
      }),
      [
        `${C}.livenessProbe.grpc.port: Invalid value: 0: must be between 1 and 65535, inclusive`,
        `${C}.livenessProbe.timeoutSeconds: Invalid value: -1: must be greater than or equal to 0`,
        `${C}.livenessProbe.terminationGracePeriodSeconds: Invalid value: 0: must be greater than 0`,
        `${C}.readinessProbe.exec.command: Required value`,
        `${C}.startupProbe.httpGet.port: Invalid value: 70000: must be between 1 and 65535, inclusive`,
        `${C}.startupProbe.httpGet.httpHeaders: Invalid value: "a b": a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')`,
        `${C}.startupProbe.successThreshold: Invalid value: 3: must be 1`,
      ],
    ],
    [
      'a port name that is empty',
      podWith({ livenessProbe: { tcpSocket: { port: '' } } }),
      [
        `${C}.livenessProbe.tcpSocket.port: Invalid value: "": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)`,
        `${C}.livenessProbe.tcpSocket.port: Invalid value: "": must contain at least one letter (a-z)`,
      ],
    ],
    [
      'a sleep before time',
      podWith({ lifecycle: { postStart: { sleep: { seconds: -1 } } } }),
      [
        `${C}.lifecycle.postStart.sleep: Invalid value: -1: must be non-negative and less than terminationGracePeriodSeconds (30)`,
      ],
    ],
  ]);
  it('drop a stop signal, which is switched off', () => {
    expect(create(podWith({ lifecycle: { stopSignal: 'SIGNOPE' } }))).toEqual([]);
  });
});

describe('variables', () => {
  const fieldRef = (fieldPath: string) => from({ fieldRef: { fieldPath } });
  const resource = (ref: object) => from({ resourceFieldRef: ref });
  const at = `${C}.env[0].valueFrom`;
  const SIZES = '1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei';
  it.each(['spec.host', "metadata.annotations['A/b c']", 'status.podIPs'])('read the field %s', (path) => {
    const errors = create(fieldRef(path));
    expect(errors.filter((error) => !error.includes('"a/b c"'))).toEqual([]);
  });
  refuse([
    [
      'an unprintable name',
      env({ name: 'a=b' }),
      [
        `${C}.env[0].name: Invalid value: "a=b": a valid environment variable name must consist only of printable ASCII characters other than '='`,
      ],
    ],
    [
      'a field of another version',
      from({ fieldRef: { apiVersion: 'v2', fieldPath: 'metadata.name' } }),
      [
        `${at}.fieldRef.fieldPath: Invalid value: "metadata.name": error converting fieldPath: unsupported pod version: v2`,
      ],
    ],
    [
      'a field that variables may not see',
      fieldRef('status.phase'),
      [
        `${at}.fieldRef.fieldPath: Unsupported value: "status.phase": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"`,
      ],
    ],
    [
      'a subscript where there is none',
      fieldRef("spec.containers['a']"),
      [
        `${at}.fieldRef.fieldPath: Invalid value: "spec.containers['a']": error converting fieldPath: field label does not support subscript: spec.containers['a']`,
      ],
    ],
    [
      'an unknown resource',
      resource({ resource: 'limits.gpu' }),
      [
        `${at}.resourceFieldRef.resource: Unsupported value: "limits.gpu": supported values: "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"`,
      ],
    ],
    [
      'divisors',
      env(
        { name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '10m' } } },
        { name: 'B', valueFrom: { resourceFieldRef: { resource: 'requests.memory', divisor: '3' } } },
        { name: 'C', valueFrom: { resourceFieldRef: { resource: 'limits.hugepages-2Mi', divisor: '2' } } },
        { name: 'D', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1000m' } } },
      ),
      [
        `${C}.env[0].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor's values 1m and 1 are supported with the cpu resource`,
        `${C}.env[1].valueFrom.resourceFieldRef.divisor: Invalid value: "requests.memory": only divisor's values ${SIZES} are supported with the memory resource`,
        `${C}.env[2].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.hugepages-2Mi": only divisor's values ${SIZES} are supported with the hugepages resource`,
      ],
    ],
    [
      'two sources',
      from({ fieldRef: { fieldPath: 'metadata.name' }, configMapKeyRef: { name: 'A', key: 'a b' } }),
      [
        `${at}.configMapKeyRef.name: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
        `${at}.configMapKeyRef.key: Invalid value: "a b": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
        `${at}: Invalid value: "": may not have more than one field specified at a time`,
      ],
    ],
    [
      'files of nothing and of something else',
      pod({
        volumes: [{ name: 'v', configMap: { name: 'c' } }],
        containers: [
          {
            name: 'c',
            image: 'x',
            env: [
              { name: 'A', valueFrom: { fileKeyRef: { key: 'a', path: '../x', volumeName: 'v' } } },
              { name: 'B', valueFrom: { fileKeyRef: { key: 'a=', path: 'x', volumeName: 'No' } } },
            ],
          },
        ],
      }),
      [
        `${C}.env[0].valueFrom.fileKeyRef.path: Invalid value: "../x": must not contain '..'`,
        `${C}.env[1].valueFrom.fileKeyRef.key: Invalid value: "a=": a valid environment variable name must consist only of printable ASCII characters other than '='`,
        `${C}.env[1].valueFrom.fileKeyRef.volumeName: Invalid value: "No": ${LABEL}`,
        `${C}.env[0].valueFrom.fileKeyRef.volumeName: Invalid value: "v": referenced volume must be of type emptyDir`,
        `${C}.env[1].valueFrom.fileKeyRef.volumeName: Not found: "No"`,
      ],
    ],
    [
      'whole maps',
      podWith({ envFrom: [{ prefix: 'a=', configMapRef: { name: '' }, secretRef: { name: 's' } }] }),
      [
        `${C}.envFrom[0].prefix: Invalid value: "a=": a valid environment variable name must consist only of printable ASCII characters other than '='`,
        `${C}.envFrom[0].configMapRef.name: Required value`,
        `${C}.envFrom: Invalid value: "": may not have more than one field specified at a time`,
      ],
    ],
  ]);
});

describe('resources', () => {
  const claims = (list: object[], own: object[] = []) =>
    podWith({ resources: { claims: list } }, { resourceClaims: own });
  refuse([
    [
      'what must not be overcommitted',
      podWith({
        resources: {
          requests: { 'hugepages-2Mi': '2Mi', 'example.com/a': '1', 'example.com/b': '1' },
          limits: { 'hugepages-2Mi': '3Mi', 'example.com/a': '2' },
        },
      }),
      [
        `${C}.resources.limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi`,
        `${C}.resources.requests: Invalid value: "1": must be equal to example.com/a limit of 2`,
        `${C}.resources.limits: Required value: Limit must be set for non overcommitable resources`,
        `${C}.resources.requests: Invalid value: "2Mi": must be equal to hugepages-2Mi limit of 3Mi`,
        `${C}.resources: Forbidden: HugePages require cpu or memory`,
      ],
    ],
    [
      'names, of which the limits become requests as well',
      podWith({ resources: { limits: { 'a.b/c/d': '1', 'requests.example.com/x': '1', storage: '1' } } }),
      ['limits', 'requests'].flatMap((list) => [
        `${C}.resources.${list}[a.b/c/d]: Invalid value: "a.b/c/d": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
        `${C}.resources.${list}[a.b/c/d]: Invalid value: "a.b/c/d": doesn't follow extended resource name standard`,
        `${C}.resources.${list}[requests.example.com/x]: Invalid value: "requests.example.com/x": doesn't follow extended resource name standard`,
        `${C}.resources.${list}[storage]: Invalid value: "storage": must be a standard resource for containers`,
      ]),
    ],
    [
      'claims of nothing',
      claims([{ name: 'a' }, { name: '' }]),
      [
        `${C}.resources.claims[0]: Not found: "a": must be one of the names in pod.spec.resourceClaims which is empty`,
        `${C}.resources.claims[1]: Required value`,
      ],
    ],
    [
      'claims twice',
      claims(
        [{ name: 'a', request: 'r' }, { name: 'a', request: 'r' }, { name: 'a' }, { name: 'x' }],
        [
          { name: 'b', resourceClaimName: 'b' },
          { name: 'a', resourceClaimTemplateName: 'a' },
        ],
      ),
      [
        `${C}.resources.claims[1]: Duplicate value: "a/r"`,
        `${C}.resources.claims[2]: Duplicate value: "a"`,
        `${C}.resources.claims[3]: Not found: "x": must be one of the names in pod.spec.resourceClaims: a, b`,
      ],
    ],
    [
      'claims of the pod',
      pod({ resourceClaims: [{ name: 'a' }, { name: 'a', resourceClaimName: 'x', resourceClaimTemplateName: 'Y' }] }),
      [
        'spec.resourceClaims[0]: Invalid value: {"Name":"a","ResourceClaimName":null,"ResourceClaimTemplateName":null}: must specify one of: `resourceClaimName`, `resourceClaimTemplateName`',
        'spec.resourceClaims[1].name: Duplicate value: "a"',
        'spec.resourceClaims[1]: Invalid value: {"Name":"a","ResourceClaimName":"x","ResourceClaimTemplateName":"Y"}: at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified',
        "spec.resourceClaims[1].resourceClaimTemplateName: Invalid value: \"Y\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      'a pod smaller than its containers',
      pod({
        resources: { requests: { cpu: '1' }, limits: { cpu: '1', memory: '1Gi', 'ephemeral-storage': '1Gi' } },
        containers: [
          { name: 'a', image: 'x', resources: { requests: { cpu: '1' }, limits: { memory: '2Gi' } } },
          { name: 'b', image: 'x', resources: { requests: { cpu: '500m' } } },
        ],
      }),
      [
        'spec.resources.limits[ephemeral-storage]: Unsupported value: "ephemeral-storage": supported values: "cpu", "hugepages-", "memory"',
        'spec.resources.requests: Invalid value: "2Gi": must be less than or equal to memory limit of 1Gi',
        'spec.resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 1500m',
        'spec.resources.containers[0][memory].limits: Invalid value: "2Gi": must be less than or equal to pod limits of 1Gi',
      ],
    ],
  ]);
  it('count an init container with the sidecars before it, and not with the containers after it', () => {
    const cpu = (name: string, amount: string, fields: object = {}) => ({
      name,
      image: 'x',
      resources: { requests: { cpu: amount } },
      ...fields,
    });
    const manifest = (total: string) =>
      pod({
        resources: { requests: { cpu: total } },
        initContainers: [cpu('s', '1', { restartPolicy: 'Always' }), cpu('i', '3')],
        containers: [cpu('c', '2')],
      });
    expect(create(manifest('4'))).toEqual([]);
    expect(create(manifest('3900m'))).toEqual([
      'spec.resources.requests[cpu]: Invalid value: "3900m": must be greater than or equal to aggregate container requests of 4',
    ]);
  });
});

describe('mounts and devices', () => {
  const volumes = [
    { name: 'v', emptyDir: {} },
    { name: 'p', persistentVolumeClaim: { claimName: 'p' } },
    { name: 'i', image: { reference: 'x' } },
  ];
  const mounts = (list: object[], fields: object = {}) => podWith({ volumeMounts: list, ...fields }, { volumes });
  it('accept a part of an image', () => {
    expect(create(mounts([{ name: 'i', mountPath: '/i', subPath: 'bin' }]))).toEqual([]);
  });
  refuse([
    [
      'modes',
      mounts([
        { name: 'v', mountPath: '/a', mountPropagation: 'Bidirectional', recursiveReadOnly: 'Enabled' },
        { name: 'v', mountPath: '/b', mountPropagation: 'Up', recursiveReadOnly: 'Yes' },
        { name: 'v', mountPath: '/c', subPath: 'a', subPathExpr: '../$(B)' },
      ]),
      [
        `${C}.volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers`,
        `${C}.volumeMounts.recursiveReadOnly: Forbidden: may only be specified when readOnly is true`,
        `${C}.volumeMounts.recursiveReadOnly: Forbidden: may only be specified when mountPropagation is None or not specified`,
        `${C}.volumeMounts.mountPropagation: Unsupported value: "Up": supported values: "Bidirectional", "HostToContainer", "None"`,
        `${C}.volumeMounts.recursiveReadOnly: Unsupported value: "Yes": supported values: "Disabled", "Enabled", "IfPossible"`,
        `${C}.volumeMounts[2].subPathExpr: Invalid value: "../$(B)": subPathExpr and subPath are mutually exclusive`,
        `${C}.volumeMounts.subPathExpr: Invalid value: "../$(B)": must not contain '..'`,
      ],
    ],
    [
      'devices',
      mounts([{ name: 'p', mountPath: '/p' }], {
        volumeDevices: [
          { name: 'v', devicePath: '/x' },
          { name: 'p', devicePath: '/p' },
          { name: 'nope', devicePath: '../y' },
          { name: 'nope', devicePath: '' },
        ],
      }),
      [
        `${C}.volumeMounts[0].name: Invalid value: "p": must not already exist in volumeDevices`,
        `${C}.volumeMounts[0].mountPath: Invalid value: "/p": must not already exist as a path in volumeDevices`,
        `${C}.volumeDevices[0].name: Invalid value: "v": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode`,
        `${C}.volumeDevices[1].name: Invalid value: "p": must not already exist in volumeMounts`,
        `${C}.volumeDevices[1].devicePath: Invalid value: "/p": must not already exist as a path in volumeMounts`,
        `${C}.volumeDevices[2].name: Not found: "nope"`,
        `${C}.volumeDevices[2].devicePath: Invalid value: "../y": can not contain backsteps ('..')`,
        `${C}.volumeDevices[3].name: Invalid value: "nope": must be unique`,
        `${C}.volumeDevices[3].name: Not found: "nope"`,
        `${C}.volumeDevices[3].devicePath: Required value`,
      ],
    ],
  ]);
});

describe('ephemeral containers', () => {
  refuse([
    [
      'what is for containers of the pod alone',
      pod({
        ephemeralContainers: [
          {
            name: 'c',
            image: ' x',
            targetContainerName: 'nope',
            ports: [{ containerPort: 1 }],
            resources: { limits: { cpu: '1' } },
            restartPolicy: 'Always',
            livenessProbe: { exec: { command: ['x'] } },
            lifecycle: { preStop: { exec: { command: ['x'] } } },
          },
        ],
      }),
      [
        'spec.ephemeralContainers[0].image: Invalid value: " x": must not have leading or trailing whitespace',
        'spec.ephemeralContainers[0].name: Duplicate value: "c"',
        'spec.ephemeralContainers[0].targetContainerName: Not found: "nope"',
        ...['ports', 'resources', 'restartPolicy', 'livenessProbe', 'lifecycle'].map(
          (field) => `spec.ephemeralContainers[0].${field}: Forbidden: cannot be set for an Ephemeral Container`,
        ),
        'spec.ephemeralContainers: Forbidden: cannot be set on create',
      ],
    ],
  ]);
});

describe('policies and names of containers', () => {
  refuse([
    [
      'words',
      podWith({ name: 'C', terminationMessagePolicy: 'Nope', imagePullPolicy: 'Later' }),
      [
        `${C}.name: Invalid value: "C": ${LABEL}`,
        `${C}.terminationMessagePolicy: Unsupported value: "Nope": supported values: "File", "FallbackToLogsOnError"`,
        `${C}.imagePullPolicy: Unsupported value: "Later": supported values: "Always", "IfNotPresent", "Never"`,
      ],
    ],
    ['nothing at all', pod({ containers: [] }), ['spec.containers: Required value']],
    [
      'a host port beside the network of the host',
      podWith({ ports: [{ containerPort: 80, hostPort: 81 }] }, { hostNetwork: true }),
      [`${C}.ports[0].hostPort: Invalid value: 81: must match \`containerPort\` when \`hostNetwork\` is true`],
    ],
  ]);
});
