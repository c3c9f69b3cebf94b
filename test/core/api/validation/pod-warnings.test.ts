/** What the API server says about pods and templates without refusing them. */
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../../src/core/api/types';
import { writeWarnings } from '../../../../src/core/api/validation';
import { pod, podWith, statefulSet, template } from '../fixtures';
import { annotated, complete, warnings } from './support';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

const rows: readonly (readonly [name: string, manifest: Manifest, warnings: readonly string[]])[] = [
  ['nothing', pod(), []],
  [
    'labels of nodes with newer names',
    pod({
      nodeSelector: { 'beta.kubernetes.io/os': 'linux', 'kubernetes.io/os': 'linux' },
      affinity: {
        nodeAffinity: {
          [REQUIRED]: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'failure-domain.beta.kubernetes.io/zone', operator: 'Exists' }] },
            ],
          },
          [PREFERRED]: [
            {
              weight: 1,
              preference: { matchExpressions: [{ key: 'node-role.kubernetes.io/master', operator: 'Exists' }] },
            },
          ],
        },
      },
      topologySpreadConstraints: [
        { maxSkew: 1, topologyKey: 'failure-domain.beta.kubernetes.io/region', whenUnsatisfiable: 'DoNotSchedule' },
      ],
    }),
    [
      'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
      `spec.affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms[0].matchExpressions[0].key: failure-domain.beta.kubernetes.io/zone is deprecated since v1.17; use "topology.kubernetes.io/zone" instead`,
      `spec.affinity.nodeAffinity.${PREFERRED}[0].preference.matchExpressions[0].key: node-role.kubernetes.io/master is use "node-role.kubernetes.io/control-plane" instead`,
      'spec.topologySpreadConstraints[0].topologyKey: failure-domain.beta.kubernetes.io/region is deprecated since v1.17; use "topology.kubernetes.io/region" instead',
      'spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod',
    ],
  ],
  [
    'affinities to no pod',
    pod({
      affinity: {
        podAffinity: { [REQUIRED]: [{ topologyKey: 'z' }] },
        podAntiAffinity: { [PREFERRED]: [{ weight: 1, podAffinityTerm: { topologyKey: 'z' } }] },
      },
    }),
    [
      `spec.affinity.podAffinity.${REQUIRED}[0].labelSelector: a null labelSelector results in matching no pod`,
      `spec.affinity.podAntiAffinity.${PREFERRED}[0].podAffinityTerm.labelSelector: a null labelSelector results in matching no pod`,
    ],
  ],
  [
    'annotations of old',
    annotated(pod(), {
      'scheduler.alpha.kubernetes.io/critical-pod': '',
      'seccomp.security.alpha.kubernetes.io/pod': 'unconfined',
      'container.seccomp.security.alpha.kubernetes.io/c': 'unconfined',
    }),
    [
      'metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; use the "priorityClassName" field instead',
      'metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]: non-functional in v1.27+; use the "seccompProfile" field instead',
      'metadata.annotations[container.seccomp.security.alpha.kubernetes.io/c]: non-functional in v1.27+; use the "seccompProfile" field instead',
    ],
  ],
  [
    'volumes of old',
    pod({
      volumes: [
        { name: 'a', gitRepo: { repository: 'r' } },
        { name: 'b', rbd: { monitors: ['m'], image: 'i' } },
        { name: 'c', storageos: { volumeName: 'v' } },
        {
          name: 'd',
          ephemeral: {
            volumeClaimTemplate: {
              spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1500m' } } },
            },
          },
        },
      ],
    }),
    [
      'spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by default in v1.33+',
      'spec.volumes[1].rbd: deprecated in v1.28, non-functional in v1.31+',
      'spec.volumes[2].storageOS: deprecated in v1.22, non-functional in v1.25+',
      'spec.volumes[3].ephemeral.volumeClaimTemplate.spec.resources.requests[storage]: fractional byte value "1500m" is invalid, must be an integer',
    ],
  ],
  [
    'files in each other’s way',
    pod({
      volumes: [
        {
          name: 'a',
          configMap: {
            name: 'cm',
            items: [
              { key: 'k', path: 'x' },
              { key: 'l', path: 'x/y' },
            ],
          },
        },
        {
          name: 'b',
          projected: {
            sources: [
              {},
              { configMap: { name: 'cm', items: [{ key: 'k', path: 'x' }] } },
              { secret: { name: 's', items: [{ key: 'k', path: 'x/y' }] } },
            ],
          },
        },
      ],
    }),
    [
      'volume "a" (ConfigMap "cm"): overlapping paths: "x/y" with "x"',
      'volume "b" (Projected) has no sources provided',
      'volume "b" (Projected Secret "s"): overlapping paths: "x/y" with "x"',
    ],
  ],
  [
    'names and addresses twice',
    pod({
      hostAliases: [
        { ip: '1.1.1.1', hostnames: ['a'] },
        { ip: '1.1.1.1', hostnames: ['b'] },
      ],
      imagePullSecrets: [{ name: 'a' }, { name: 'a' }, {}],
    }),
    [
      'spec.hostAliases[1].ip: duplicate ip "1.1.1.1"',
      'spec.imagePullSecrets[1].name: duplicate name "a"',
      'spec.imagePullSecrets[2].name: invalid empty name ""',
    ],
  ],
  [
    'parts of bytes',
    podWith({ resources: { limits: { memory: '1500m' }, requests: { 'ephemeral-storage': '100m', memory: '1' } } }),
    [
      'spec.containers[0].resources.limits[memory]: fractional byte value "1500m" is invalid, must be an integer',
      'spec.containers[0].resources.requests[ephemeral-storage]: fractional byte value "100m" is invalid, must be an integer',
    ],
  ],
  [
    'variables that hide others',
    podWith({
      env: [
        { name: 'A', value: 'x' },
        { name: 'A', value: '$(A)y' },
        { name: 'A', value: '$(A)' },
      ],
    }),
    ['spec.containers[0].env[2]: hides previous definition of "A", which may be dropped when using apply'],
  ],
  [
    'ports',
    podWith({
      ports: [
        { containerPort: 80, name: 'a' },
        { containerPort: 80, name: 'b' },
        { containerPort: 80, hostPort: 80 },
        { containerPort: 81, hostPort: 81 },
        { containerPort: 81, hostPort: 81, hostIP: '1.1.1.1' },
        { containerPort: 82, hostIP: '1.1.1.1' },
      ],
    }),
    [
      'spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]',
      'spec.containers[0].ports[2]: overlapping port definition with spec.containers[0].ports[0]',
      'spec.containers[0].ports[2]: overlapping port definition with spec.containers[0].ports[1]',
      'spec.containers[0].ports[4]: dangerously ambiguous port definition with spec.containers[0].ports[3]',
      'spec.containers[0].ports[5]: hostIP set without hostPort: {Name: HostPort:0 ContainerPort:82 Protocol:TCP HostIP:1.1.1.1}',
    ],
  ],
  [
    'a grace period below zero, and an address in a form of its own',
    pod({ terminationGracePeriodSeconds: -1, dnsConfig: { nameservers: ['2001:DB8::1'] } }),
    [
      'spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1',
      'spec.dnsConfig.nameservers[0]: IPv6 address "2001:DB8::1" should be in RFC 5952 canonical format ("2001:db8::1")',
    ],
  ],
  [
    'a name that is no host name',
    pod({}, 'a.b'),
    [
      "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
    ],
  ],
];

describe('warnings about pods', () => {
  it.each(rows)('say %s', (_, manifest, expected) => {
    expect(warnings(manifest)).toEqual(expected);
  });
  it('come with templates whenever the spec changed', () => {
    const twice = { containers: [{ name: 'c', image: 'x', ports: [{ containerPort: 80 }, { containerPort: 80 }] }] };
    const old = complete(statefulSet({ template: template(twice) }));
    const next = { ...old, metadata: { ...old.metadata, generation: 2 } };
    const expected = [
      'spec.template.spec.containers[0].ports[1]: duplicate port definition with spec.template.spec.containers[0].ports[0]',
    ];
    expect(writeWarnings(old)).toEqual(expected);
    expect(writeWarnings(next, { ...old, metadata: { ...old.metadata, generation: 1 } })).toEqual(expected);
    expect(writeWarnings(next, next)).toEqual([]);
  });
});
