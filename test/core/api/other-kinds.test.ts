import { describe, expect, it } from 'vitest';
import { decode } from '../../../src/core/api/decode';
import { withDefaults } from '../../../src/core/api/defaults';
import { fieldErrorText } from '../../../src/core/api/status';
import type { KubeObject, Manifest } from '../../../src/core/api/types';
import { validateCreate, validateUpdate, writeWarnings } from '../../../src/core/api/validation';
import { asStored, claim, service, volume } from './fixtures';

type Fields = Readonly<Record<string, unknown>>;

const complete = (manifest: Manifest): KubeObject => asStored(withDefaults(decode(manifest, 'Strict').manifest));
const create = (manifest: Manifest): string[] => validateCreate(complete(manifest)).map(fieldErrorText);
const update = (next: Manifest, old: Manifest, subresource?: 'status'): string[] =>
  validateUpdate(complete(next), complete(old), subresource).map(fieldErrorText);
const of = (kind: string, fields: Fields, apiVersion = 'v1', namespaced = true): Manifest => ({
  apiVersion,
  kind,
  metadata: { name: 'x', ...(namespaced && { namespace: 'default' }) },
  ...fields,
});
const QUALIFIED =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const CIDR = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

const many = (count: number): Fields[] =>
  Array.from({ length: count }, (_, i) => ({ addresses: [`10.0.${i >> 8}.${i % 256}`] }));
const slice = (fields: Fields): Manifest =>
  of('EndpointSlice', { addressType: 'IPv4', endpoints: [], ...fields }, 'discovery.k8s.io/v1');
const storageClass = (fields: Fields): Manifest =>
  of('StorageClass', { provisioner: 'a.b/c', volumeBindingMode: 'Immediate', ...fields }, 'storage.k8s.io/v1', false);
const node = (fields: Fields): Manifest => of('Node', fields, 'v1', false);
const event = (fields: Fields, namespace = 'default'): Manifest => ({
  ...of('Event', { involvedObject: {}, ...fields }),
  metadata: { name: 'x', namespace },
});
const term = (key: string, values: readonly string[]): Fields => ({ matchLabelExpressions: [{ key, values }] });

describe('creation', () => {
  it.each<[string, Manifest, string[]]>([
    [
      'a Service whose annotations disagree',
      {
        ...service(),
        metadata: {
          name: 'a',
          namespace: 'default',
          annotations: {
            'service.kubernetes.io/topology-mode': 'Auto',
            'service.kubernetes.io/topology-aware-hints': 'disabled',
          },
        },
      },
      [
        'metadata.annotations[service.kubernetes.io/topology-mode]: Invalid value: "Auto": must match annotations[service.kubernetes.io/topology-aware-hints] when both are specified',
      ],
    ],
    [
      'a Service with ranges in an annotation',
      {
        ...service(),
        metadata: {
          name: 'a',
          namespace: 'default',
          annotations: { 'service.beta.kubernetes.io/load-balancer-source-ranges': '10.0.0.0/8, x' },
        },
      },
      [
        "metadata.annotations[service.beta.kubernetes.io/load-balancer-source-ranges]: Forbidden: may only be used when `type` is 'LoadBalancer'",
        `metadata.annotations[service.beta.kubernetes.io/load-balancer-source-ranges]: Invalid value: "x": ${CIDR}`,
      ],
    ],
    [
      'a load balancer without its health port',
      service({ type: 'LoadBalancer', externalTrafficPolicy: 'Local' }),
      ['spec.healthCheckNodePort: Required value'],
    ],
    [
      'Endpoints',
      of('Endpoints', {
        subsets: [{ addresses: [{ ip: 'x', hostname: 'A' }], ports: [{ port: 80, appProtocol: 'a b' }] }],
      }),
      [
        'subsets[0].addresses[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
        `subsets[0].addresses[0].hostname: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
        `subsets[0].ports[0].appProtocol: Invalid value: "a b": ${QUALIFIED}`,
      ],
    ],
    [
      'too many endpoints',
      slice({ endpoints: many(1001) }),
      ['endpoints: Too many: 1001: must have at most 1000 items'],
    ],
    [
      'a name of one segment',
      slice({ addressType: 'FQDN', endpoints: [{ addresses: ['web', 'a.b.'] }] }),
      [
        'endpoints[0].addresses[0]: Invalid value: "web": should be a domain with at least two segments separated by dots',
      ],
    ],
    [
      'the protocol of a slice',
      slice({ ports: [{ protocol: 'ICMP', appProtocol: 'a b' }] }),
      [
        'ports[0].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"',
        `ports[0].appProtocol: Invalid value: "a b": ${QUALIFIED}`,
      ],
    ],
    [
      'ranges of a node',
      node({ spec: { podCIDRs: ['10.0.0.0/24', '10.0.0.0/24', 'x'] } }),
      [
        `spec.podCIDRs[2]: Invalid value: "x": ${CIDR}`,
        'spec.podCIDRs: Invalid value: ["10.0.0.0/24","10.0.0.0/24","x"]: may specify no more than one CIDR for each IP family',
        'spec.podCIDRs[1]: Duplicate value: "10.0.0.0/24"',
      ],
    ],
    [
      'an event of another namespace',
      event({ involvedObject: { namespace: 'other' } }),
      ['involvedObject.namespace: Invalid value: "other": does not match event.namespace'],
    ],
    [
      'an old event of nobody in kube-system',
      event({}, 'kube-system'),
      ['involvedObject.namespace: Invalid value: "": does not match event.namespace'],
    ],
    [
      'a new event that says nothing',
      event({ eventTime: '2026-01-01T00:00:00.000000Z', message: 'x'.repeat(1025) }, 'kube-system'),
      [
        'reportingController: Required value',
        'reportingController: Invalid value: "": name part must be non-empty',
        `reportingController: Invalid value: "": ${QUALIFIED}`,
        'reportingInstance: Required value',
        'action: Required value',
        'reason: Required value',
        'message: Invalid value: "": can have at most 1024 characters',
      ],
    ],
    [
      'a claim from a source elsewhere',
      claim({ dataSourceRef: { kind: 'PersistentVolumeClaim', name: 'a', namespace: 'A' } }),
      [
        `spec.dataSourceRef.namespace: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
      ],
    ],
    [
      'a volume with attributes',
      volume({ volumeAttributesClassName: '' }),
      [
        'spec.volumeAttributesClassName: Required value: an empty string is disallowed',
        'spec.csi: Required value: has to be specified when using volumeAttributesClassName',
      ],
    ],
    [
      'topologies of a class',
      storageClass({ allowedTopologies: [term('a b', []), term('zone', ['x', 'x']), term('zone', ['x'])] }),
      [
        'allowedTopologies.matchLabelExpressions[0].values: Required value',
        `allowedTopologies.matchLabelExpressions[0].key: Invalid value: "a b": ${QUALIFIED}`,
        'allowedTopologies.matchLabelExpressions[0].values[1]: Duplicate value: "x"',
        'allowedTopologies[2].matchLabelExpressions: Duplicate value: ""',
      ],
    ],
    [
      'too many parameters',
      storageClass({ parameters: Object.fromEntries(Array.from({ length: 513 }, (_, i) => [`p${i}`, ''])) }),
      ['parameters: Too long: may not be more than 512 bytes'],
    ],
  ])('%s', (_, manifest, expected) => {
    expect(create(manifest)).toEqual(expected);
  });
});

describe('updates', () => {
  it('keep the attributes of a claim', () => {
    const bound = (name?: string): Manifest =>
      claim(
        { ...(name !== undefined && { volumeAttributesClassName: name }) },
        { phase: 'Bound', capacity: { storage: '1Gi' } },
      );
    expect(update(bound(''), bound('fast'))).toEqual([
      'spec.volumeAttributesClassName: Forbidden: update from non-nil value to an empty string is forbidden',
    ]);
  });

  it('refuse an address that a node has twice', () => {
    const address = { type: 'InternalIP', address: '10.0.0.1' };
    expect(update(node({ status: { addresses: [address, address] } }), node({}))).toEqual([
      'status.addresses[1]: Duplicate value: {"Type":"InternalIP","Address":"10.0.0.1"}',
    ]);
  });
});

describe('the status of', () => {
  it('a Service is that of its load balancer', () => {
    const balanced = (ingress: Fields, type = 'LoadBalancer'): Manifest => ({
      ...service({ type }),
      status: { loadBalancer: { ingress: [ingress] } },
    });
    const old = balanced({});
    expect(update(balanced({ ip: '10.0.0.1', ipMode: 'VIP' }), old, 'status')).toEqual([]);
    expect(update(balanced({ ip: '10.0.0.1' }, 'ClusterIP'), old, 'status')).toEqual([
      "status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'",
    ]);
    expect(update(balanced({ ip: 'x', hostname: '10.0.0.1', ipMode: 'Other' }), old, 'status')).toEqual([
      'status.loadBalancer.ingress[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      'status.loadBalancer.ingress[0].ipMode: Unsupported value: "Other": supported values: "Proxy", "VIP"',
      'status.loadBalancer.ingress[0].hostname: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
    ]);
  });

  it('a Namespace follows its deletion', () => {
    const space = (phase: string): Manifest => of('Namespace', { status: { phase } }, 'v1', false);
    expect(update(space('Terminating'), space('Active'), 'status')).toEqual([
      'status.Phase: Invalid value: "Terminating": may only be \'Active\' if `deletionTimestamp` is empty',
    ]);
    expect(update(space('Active'), space('Active'), 'status')).toEqual([]);
  });

  it('a budget counts no fewer than none', () => {
    const budget = (status: Fields): Manifest =>
      of('PodDisruptionBudget', { spec: { minAvailable: 1 }, status }, 'policy/v1');
    expect(update(budget({ disruptionsAllowed: -1, expectedPods: -2 }), budget({}), 'status')).toEqual([
      'status.disruptionsAllowed: Invalid value: -1: must be greater than or equal to 0',
      'status.expectedPods: Invalid value: -2: must be greater than or equal to 0',
    ]);
  });
});

describe('custom resources', () => {
  const thing = (finalizers: readonly string[]): Manifest => ({
    apiVersion: 'example.com/v1',
    kind: 'Thing',
    metadata: { name: 'x', finalizers },
  });

  it('may have finalizers of any name, with a warning', () => {
    expect(create(thing(['mine']))).toEqual([]);
    expect(update(thing(['mine']), thing([]))).toEqual([]);
    expect(update(thing(['mine']), thing([]), 'status')).toEqual([]);
    expect(writeWarnings(complete(thing(['mine', 'a.b/c'])))).toEqual([
      'metadata.finalizers: "mine": prefer a domain-qualified finalizer name including a path (/) to avoid accidental conflicts with other finalizer writers',
    ]);
    expect(writeWarnings(complete(thing(['mine'])), complete(thing(['mine'])))).toEqual([]);
  });
});

it('warns about annotations that fields took the place of', () => {
  const ingress = of('Ingress', { spec: {} }, 'networking.k8s.io/v1');
  const annotated = {
    ...ingress,
    metadata: { ...ingress.metadata, annotations: { 'kubernetes.io/ingress.class': 'nginx' } },
  };
  expect(writeWarnings(complete(annotated))).toEqual([
    'annotation "kubernetes.io/ingress.class" is deprecated, please use \'spec.ingressClassName\' instead',
  ]);
  const old = volume();
  const annotations = { 'volume.beta.kubernetes.io/storage-class': 'x' };
  expect(writeWarnings(complete({ ...old, metadata: { ...old.metadata, annotations } }))).toEqual([
    'metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use "storageClassName" attribute instead',
  ]);
});
