/** The rules of pods beside their containers and volumes: where they run, as whom, under which names. */
import { describe, expect, it } from 'vitest';
import { pod, podWith } from '../fixtures';
import { create, LABEL, QUALIFIED, type Row, SUBDOMAIN } from './support';

const refuse = (rows: readonly Row[]): void =>
  it.each(rows)('refuse %s', (_, manifest, errors) => {
    expect(create(manifest)).toEqual(errors);
  });
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const VALUE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

describe('tolerations', () => {
  const T = 'spec.tolerations[0]';
  const one = (toleration: object) => pod({ tolerations: [toleration] });
  refuse([
    [
      'every key without Exists',
      one({ operator: 'Equal' }),
      [
        `${T}.operator: Invalid value: "Equal": operator must be Exists when \`key\` is empty, which means "match all values and all keys"`,
      ],
    ],
    [
      'comparisons, which are switched off',
      one({ key: 'a', operator: 'Gt', value: '1' }),
      [`${T}.operator: Unsupported value: "Gt": supported values: "Equal", "Exists", "Lt", "Gt"`],
    ],
    [
      'an unknown operator',
      one({ key: 'a', operator: 'Is' }),
      [`${T}.operator: Unsupported value: "Is": supported values: "Equal", "Exists"`],
    ],
    [
      'values, seconds and effects',
      pod({
        tolerations: [
          { key: 'a', operator: 'Exists', value: 'x', effect: 'NoSchedule', tolerationSeconds: 3 },
          { key: '-', value: '/', effect: 'Never' },
        ],
      }),
      [
        `${T}.effect: Invalid value: "NoSchedule": effect must be 'NoExecute' when \`tolerationSeconds\` is set`,
        `${T}.operator: Invalid value: "x": value must be empty when \`operator\` is 'Exists'`,
        `spec.tolerations[1].key: Invalid value: "-": ${QUALIFIED}`,
        `spec.tolerations[1].operator: Invalid value: "/": ${VALUE}`,
        'spec.tolerations[1].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
      ],
    ],
  ]);
});

describe('affinities', () => {
  const node = (terms: unknown) => pod({ affinity: { nodeAffinity: terms } });
  const N = 'spec.affinity.nodeAffinity';
  const P = 'spec.affinity.podAffinity';
  const pods = (term: object) => pod({ affinity: { podAffinity: { [REQUIRED]: [term] } } });
  refuse([
    [
      'no terms',
      node({ [REQUIRED]: { nodeSelectorTerms: [] } }),
      [`${N}.${REQUIRED}.nodeSelectorTerms: Required value: must have at least one node selector term`],
    ],
    [
      'operators and their values',
      node({
        [REQUIRED]: {
          nodeSelectorTerms: [
            {
              matchExpressions: [
                { key: 'a', operator: 'In' },
                { key: 'a', operator: 'Exists', values: ['x'] },
                { key: 'a', operator: 'Gt', values: ['1', '2'] },
                { key: 'a', operator: 'Is' },
                { key: 'a', operator: 'In', values: ['/'] },
              ],
              matchFields: [
                { key: 'metadata.name', operator: 'Exists' },
                { key: 'metadata.name', operator: 'In', values: ['a', 'b'] },
                { key: 'spec', operator: 'NotIn', values: ['A'] },
              ],
            },
          ],
        },
      }),
      [
        `${N}.${REQUIRED}.nodeSelectorTerms[0].matchExpressions[0].values: Required value: must be specified when \`operator\` is 'In' or 'NotIn'`,
        `${N}.${REQUIRED}.nodeSelectorTerms[0].matchExpressions[1].values: Forbidden: may not be specified when \`operator\` is 'Exists' or 'DoesNotExist'`,
        `${N}.${REQUIRED}.nodeSelectorTerms[0].matchExpressions[2].values: Required value: must be specified single value when \`operator\` is 'Lt' or 'Gt'`,
        `${N}.${REQUIRED}.nodeSelectorTerms[0].matchExpressions[3].operator: Invalid value: "Is": not a valid selector operator`,
        `${N}.${REQUIRED}.nodeSelectorTerms[0].matchExpressions[4].values[0]: Invalid value: "/": ${VALUE}`,
        `${N}.${REQUIRED}.nodeSelectorTerms[0].matchFields[0].operator: Invalid value: "Exists": not a valid selector operator`,
        `${N}.${REQUIRED}.nodeSelectorTerms[0].matchFields[1].values: Required value: must be only one value when \`operator\` is 'In' or 'NotIn' for node field selector`,
        `${N}.${REQUIRED}.nodeSelectorTerms[0].matchFields[2].key: Invalid value: "spec": not a valid field selector key`,
      ],
    ],
    [
      'weights',
      node({ [PREFERRED]: [{ weight: 101, preference: { matchExpressions: [{ key: 'a', operator: 'Exists' }] } }] }),
      [`${N}.${PREFERRED}[0].weight: Invalid value: 101: must be in the range 1-100`],
    ],
    [
      'pods somewhere, in some namespace',
      pods({ labelSelector: {}, namespaces: ['A'], topologyKey: '' }),
      [
        `${P}.${REQUIRED}[0].namespace: Invalid value: "A": ${LABEL}`,
        `${P}.${REQUIRED}[0].topologyKey: Required value: can not be empty`,
        `${P}.${REQUIRED}[0].topologyKey: Invalid value: "": name part must be non-empty`,
        `${P}.${REQUIRED}[0].topologyKey: Invalid value: "": ${QUALIFIED}`,
      ],
    ],
    [
      'keys both ways, and keys without a selector',
      pod({
        affinity: {
          podAffinity: {
            [REQUIRED]: [
              { labelSelector: {}, topologyKey: 'z', matchLabelKeys: ['a', 'b'], mismatchLabelKeys: ['b'] },
              { topologyKey: 'z', matchLabelKeys: ['a'] },
            ],
          },
        },
      }),
      [
        `${P}.${REQUIRED}[0].matchLabelKeys[1]: Invalid value: "b": exists in both matchLabelKeys and mismatchLabelKeys`,
        `${P}.${REQUIRED}[1].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set`,
      ],
    ],
  ]);
});

describe('spread constraints', () => {
  const S = 'spec.topologySpreadConstraints';
  const spread = (...list: object[]) => pod({ topologySpreadConstraints: list });
  const fine = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: {} };
  refuse([
    [
      'numbers and words',
      spread({
        ...fine,
        maxSkew: 0,
        topologyKey: '',
        whenUnsatisfiable: 'Wait',
        minDomains: 0,
        nodeTaintsPolicy: 'No',
      }),
      [
        `${S}[0].maxSkew: Invalid value: 0: must be greater than zero`,
        `${S}[0].topologyKey: Required value: can not be empty`,
        `${S}[0].whenUnsatisfiable: Unsupported value: "Wait": supported values: "DoNotSchedule", "ScheduleAnyway"`,
        `${S}[0].minDomains: Invalid value: 0: must be greater than zero`,
        `${S}[0].minDomains: Invalid value: 0: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not Wait`,
        `${S}[0].nodeTaintsPolicy: Unsupported value: "No": supported values: "Honor", "Ignore"`,
      ],
    ],
    [
      'the same pair again',
      spread(fine, fine),
      [`${S}[0].{topologyKey, whenUnsatisfiable}: Duplicate value: "{zone, DoNotSchedule}"`],
    ],
    [
      'a key that the selector has as well',
      spread({
        ...fine,
        labelSelector: {
          matchLabels: { app: 'x' },
          matchExpressions: [{ key: 'app', operator: 'In', values: ['y'] }],
        },
        matchLabelKeys: ['other', 'app'],
      }),
      [`${S}[0][1]: Invalid value: "app": exists in both matchLabelKeys and labelSelector`],
    ],
  ]);
});

describe('security contexts', () => {
  const S = 'spec.securityContext';
  const C = 'spec.containers[0].securityContext';
  const context = (securityContext: object, spec: object = {}) => pod({ securityContext, ...spec });
  refuse([
    [
      'profiles',
      context({
        seccompProfile: { type: 'RuntimeDefault', localhostProfile: 'a' },
        appArmorProfile: { type: 'Localhost', localhostProfile: ' a' },
      }),
      [
        `${S}.seccompProfile.localhostProfile: Invalid value: {"Type":"RuntimeDefault","LocalhostProfile":"a"}: can only be set when seccomp type is Localhost`,
        `${S}.appArmorProfile.localhostProfile: Invalid value: " a": must not be padded with whitespace`,
      ],
    ],
    [
      'profiles without a name or of an unknown sort',
      podWith({
        securityContext: {
          seccompProfile: { type: 'Localhost' },
          appArmorProfile: { type: 'Strict', localhostProfile: 'a' },
        },
      }),
      [
        `${C}.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost`,
        `${C}.appArmorProfile.type: Unsupported value: "Strict": supported values: "Localhost", "RuntimeDefault", "Unconfined"`,
      ],
    ],
    [
      'settings of the kernel',
      context(
        {
          sysctls: [
            { name: '', value: '' },
            { name: 'A', value: '' },
            { name: 'kernel.sem', value: '' },
            { name: 'net/core.x', value: '' },
            { name: 'kernel.sem', value: '' },
          ],
        },
        { hostNetwork: true, hostIPC: true },
      ),
      [
        `${S}.sysctls[0].name: Required value`,
        `${S}.sysctls[1].name: Invalid value: "A": must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$`,
        `${S}.sysctls[2].name: Invalid value: "kernel.sem": may not be specified when 'hostIPC' is true`,
        `${S}.sysctls[3].name: Invalid value: "net/core.x": may not be specified when 'hostNetwork' is true`,
        `${S}.sysctls[4].name: Duplicate value: "kernel.sem"`,
        `${S}.sysctls[4].name: Invalid value: "kernel.sem": may not be specified when 'hostIPC' is true`,
      ],
    ],
    [
      'policies',
      context({
        fsGroupChangePolicy: 'No',
        supplementalGroupsPolicy: 'No',
        seLinuxChangePolicy: 'No',
        supplementalGroups: [1, -1],
      }),
      [
        `${S}.supplementalGroups[1]: Invalid value: -1: must be between 0 and 2147483647, inclusive`,
        `${S}.fsGroupChangePolicy: Unsupported value: "No": supported values: "Always", "OnRootMismatch"`,
        `${S}.supplementalGroupsPolicy: Unsupported value: "No": supported values: "Merge", "Strict"`,
        `${S}.seLinuxChangePolicy: Unsupported value: "No": supported values: "MountOption", "Recursive"`,
      ],
    ],
    [
      'processes of two minds',
      context({}, { shareProcessNamespace: true, hostPID: true }),
      [`${S}.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled`],
    ],
    [
      'the file system of processes, unmasked',
      podWith({ securityContext: { procMount: 'Unmasked' } }),
      [`${C}.procMount: Invalid value: "Unmasked": \`hostUsers\` must be false to use \`Unmasked\``],
    ],
    [
      'an escalation that follows anyway',
      podWith({ securityContext: { allowPrivilegeEscalation: false, capabilities: { add: ['CAP_SYS_ADMIN'] } } }),
      [
        `${C}: Invalid value: {"Capabilities":{"Add":["CAP_SYS_ADMIN"],"Drop":null},"Privileged":null,"SELinuxOptions":null,"WindowsOptions":null,"RunAsUser":null,"RunAsGroup":null,"RunAsNonRoot":null,"ReadOnlyRootFilesystem":null,"AllowPrivilegeEscalation":false,"ProcMount":null,"SeccompProfile":null,"AppArmorProfile":null}: cannot set \`allowPrivilegeEscalation\` to false and \`capabilities.Add\` CAP_SYS_ADMIN`,
      ],
    ],
    [
      'users of Windows',
      podWith({
        securityContext: {
          windowsOptions: { gmsaCredentialSpecName: 'A', gmsaCredentialSpec: '', runAsUserName: '-\\ .' },
        },
      }),
      [
        `${C}.windowsOptions.gmsaCredentialSpecName: Invalid value: "A": ${SUBDOMAIN}`,
        `${C}.windowsOptions.gmsaCredentialSpec: Invalid value: "": gmsaCredentialSpec cannot be an empty string`,
        `${C}.windowsOptions.runAsUserName: Invalid value: "-\\\\ .": runAsUserName's User cannot contain only periods or spaces`,
      ],
    ],
    [
      'processes of the host beside others',
      pod({
        containers: [
          { name: 'a', image: 'x', securityContext: { windowsOptions: { hostProcess: true } } },
          { name: 'b', image: 'x' },
        ],
      }),
      [
        'spec: Invalid value: "": If pod contains any hostProcess containers then all containers must be HostProcess containers',
        'spec.hostNetwork: Invalid value: false: hostNetwork must be true if pod contains any hostProcess containers',
      ],
    ],
  ]);
});

describe('operating systems', () => {
  const WINDOWS = 'Forbidden: cannot be set for a windows pod';
  refuse([
    ['no name', pod({ os: {} }), ['spec.os.name: Required value']],
    [
      'an unknown one',
      pod({ os: { name: 'plan9' } }),
      ['spec.os: Unsupported value: "plan9": supported values: "linux", "windows"'],
    ],
    [
      'Windows in Linux',
      podWith({ securityContext: { windowsOptions: {} } }, { os: { name: 'linux' } }),
      ['spec.containers[0].securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod'],
    ],
    [
      'Linux in Windows',
      podWith(
        { securityContext: { runAsUser: 1, capabilities: {} } },
        { os: { name: 'windows' }, hostPID: true, hostIPC: false, securityContext: { fsGroup: 1, seLinuxOptions: {} } },
      ),
      [
        `spec.securityContext.seLinuxOptions: ${WINDOWS}`,
        `spec.hostPID: ${WINDOWS}`,
        `spec.securityContext.fsGroup: ${WINDOWS}`,
        `spec.containers[0].securityContext.capabilities: ${WINDOWS}`,
        `spec.containers[0].securityContext.runAsUser: ${WINDOWS}`,
      ],
    ],
  ]);
});

describe('names', () => {
  const none = { dnsPolicy: 'None' };
  refuse([
    ['no resolver', pod(none), ['spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None']],
    [
      'no server',
      pod({ ...none, dnsConfig: {} }),
      ['spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None'],
    ],
    [
      'a resolver full of faults',
      pod({
        dnsPolicy: 'Mine',
        dnsConfig: {
          nameservers: ['1.1.1.1', '01.1.1.1', 'x', '::ffff:1.2.3.4'],
          searches: ['.', 'a_b.', '-'],
          options: [{}],
        },
      }),
      [
        'spec.dnsPolicy: Unsupported value: "Mine": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"',
        'spec.dnsConfig.nameservers: Invalid value: ["1.1.1.1","01.1.1.1","x","::ffff:1.2.3.4"]: must not have more than 3 nameservers',
        'spec.dnsConfig.nameservers[1]: Invalid value: "01.1.1.1": must not have leading 0s',
        'spec.dnsConfig.nameservers[2]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
        'spec.dnsConfig.nameservers[3]: Invalid value: "::ffff:1.2.3.4": must not be an IPv4-mapped IPv6 address',
        `spec.dnsConfig.searches[2]: Invalid value: "-": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')`,
        'spec.dnsConfig.options[0]: Required value: must not be empty',
      ],
    ],
    [
      'aliases',
      pod({ hostAliases: [{ ip: 'x', hostnames: ['A'] }] }),
      [
        'spec.hostAliases[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
        `spec.hostAliases[0].hostnames[0]: Invalid value: "A": ${SUBDOMAIN}`,
      ],
    ],
    [
      'names of the host',
      pod({ hostnameOverride: 'A', hostNetwork: true, setHostnameAsFQDN: true, hostname: 'A.b', subdomain: 'A' }),
      [
        'spec.hostnameOverride: Forbidden: may not be specified when setHostnameAsFQDN is true',
        'spec.hostnameOverride: Forbidden: may not be specified when hostNetwork is true',
        `spec.hostnameOverride: Invalid value: "A": ${SUBDOMAIN}`,
        `spec.hostname: Invalid value: "A.b": ${LABEL}`,
        `spec.subdomain: Invalid value: "A": ${LABEL}`,
      ],
    ],
    [
      'names of other things',
      pod({
        serviceAccountName: 'A',
        nodeName: 'B',
        priorityClassName: 'C',
        runtimeClassName: '',
        preemptionPolicy: 'x',
      }),
      [
        `spec.serviceAccountName: Invalid value: "A": ${SUBDOMAIN}`,
        `spec.nodeName: Invalid value: "B": ${SUBDOMAIN}`,
        `spec.priorityClassName: Invalid value: "C": ${SUBDOMAIN}`,
        `spec.runtimeClassName: Invalid value: "": ${SUBDOMAIN}`,
        'spec.preemptionPolicy: Unsupported value: "x": supported values: "PreemptLowerPriority", "Never"',
      ],
    ],
  ]);
});

describe('pods', () => {
  refuse([
    [
      'a user namespace beside those of the host',
      podWith({ volumeDevices: [] }, { hostUsers: false, hostNetwork: true, hostPID: true, hostIPC: true }),
      [
        'spec.hostNetwork: Forbidden: when `hostUsers` is false',
        'spec.HostPID: Forbidden: when `hostUsers` is false',
        'spec.HostIPC: Forbidden: when `hostUsers` is false',
      ],
    ],
    [
      'gates',
      pod({ schedulingGates: [{ name: 'a' }, { name: 'a' }, { name: '' }], nodeName: 'n' }),
      [
        'spec.schedulingGates[1]: Duplicate value: "a"',
        'spec.schedulingGates[2]: Invalid value: "": name part must be non-empty',
        `spec.schedulingGates[2]: Invalid value: "": ${QUALIFIED}`,
        'spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared',
      ],
    ],
    [
      'claims of devices',
      pod({
        resourceClaims: [
          { name: '', resourceClaimName: 'a' },
          { name: 'a' },
          { name: 'a', resourceClaimName: 'A', resourceClaimTemplateName: 'b' },
        ],
      }),
      [
        'spec.resourceClaims[0].name: Required value',
        'spec.resourceClaims[1]: Invalid value: {"Name":"a","ResourceClaimName":null,"ResourceClaimTemplateName":null}: must specify one of: `resourceClaimName`, `resourceClaimTemplateName`',
        'spec.resourceClaims[2].name: Duplicate value: "a"',
        'spec.resourceClaims[2]: Invalid value: {"Name":"a","ResourceClaimName":"A","ResourceClaimTemplateName":"b"}: at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified',
        `spec.resourceClaims[2].resourceClaimName: Invalid value: "A": ${SUBDOMAIN}`,
      ],
    ],
    [
      'words and numbers of the whole',
      pod({
        restartPolicy: 'Maybe',
        activeDeadlineSeconds: 0,
        nodeSelector: { '-': '' },
        readinessGates: [{ conditionType: '/' }],
      }),
      [
        'spec.restartPolicy: Unsupported value: "Maybe": supported values: "Always", "OnFailure", "Never"',
        `spec.nodeSelector: Invalid value: "-": ${QUALIFIED}`,
        'spec.readinessGates[0].conditionType: Invalid value: "/": prefix part must be non-empty',
        'spec.readinessGates[0].conditionType: Invalid value: "/": name part must be non-empty',
        `spec.readinessGates[0].conditionType: Invalid value: "/": ${QUALIFIED}`,
        'spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive',
      ],
    ],
  ]);
});
