import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../src/core/api/status';
import type { KubeObject, Manifest, Service } from '../../../src/core/api/types';
import { TestCluster } from '../../support/cluster';

type Fields = Readonly<Record<string, unknown>>;

const manifest = (name: string, spec: Fields): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec: { ports: [{ port: 80 }], ...spec },
});

function serving() {
  const { store } = new TestCluster();
  const create = (name: string, spec: Fields = {}): Service => store.create<Service>(manifest(name, spec));
  const get = (name: string): Service => store.get<Service>('services', 'default', name) as Service;
  const change = (name: string, spec: Fields): Service =>
    store.update<Service>({ ...get(name), spec: { ...get(name).spec, ...spec } } as unknown as KubeObject);
  const refusal = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      if (error instanceof ApiError) return error.message;
      throw error;
    }
    return 'accepted';
  };
  return { store, create, get, change, refusal };
}

describe('addresses', () => {
  it.each<[string, Fields, string]>([
    [
      'outside of the range',
      { clusterIP: '1.2.3.4' },
      'spec.clusterIPs: Invalid value: ["1.2.3.4"]: failed to allocate IP 1.2.3.4: the provided network does not match the current range',
    ],
    [
      'that is taken',
      { clusterIP: '10.96.0.1' },
      'spec.clusterIPs: Invalid value: ["10.96.0.1"]: failed to allocate IP 10.96.0.1: provided IP is already allocated',
    ],
    [
      'that is none, before anything else is looked at',
      { clusterIP: 'x', ports: [{ port: 0 }] },
      'spec.clusterIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ],
    [
      'of both families',
      { ipFamilyPolicy: 'RequireDualStack' },
      'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
    ],
    [
      'of the other family',
      { ipFamilies: ['IPv6'] },
      'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster',
    ],
    [
      'of a second family without a word',
      { clusterIP: '10.96.1.1', clusterIPs: ['10.96.1.1', 'fd00::1'] },
      `[spec.ipFamilyPolicy: Invalid value: "SingleStack": must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified, spec.clusterIPs[1]: Invalid value: ["10.96.1.1","fd00::1"]: IPv6 is not configured on this cluster]`,
    ],
  ])('refuses one %s', (_, spec, expected) => {
    const { create, refusal } = serving();
    expect(refusal(() => create('a', spec))).toBe(`Service "a" is invalid: ${expected}`);
  });

  it('gives a preference what there is', () => {
    const { spec } = serving().create('a', { ipFamilyPolicy: 'PreferDualStack' });
    expect(spec).toMatchObject({ ipFamilyPolicy: 'PreferDualStack', ipFamilies: ['IPv4'] });
    expect(spec.clusterIPs).toEqual([spec.clusterIP]);
  });

  it('takes a headless Service without a selector for one of any family', () => {
    const { create } = serving();
    const free = { clusterIP: 'None', clusterIPs: ['None'], ipFamilies: ['IPv4', 'IPv6'] };
    expect(create('a', { clusterIP: 'None' }).spec).toMatchObject({ ...free, ipFamilyPolicy: 'RequireDualStack' });
    expect(create('b', { clusterIP: 'None', selector: { a: 'b' } }).spec).toMatchObject({
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
    });
  });

  it('stay', () => {
    const { create, change, get, refusal } = serving();
    create('a');
    const before = get('a');
    expect(refusal(() => change('a', { clusterIP: '10.96.5.5' }))).toBe(
      'Service "a" is invalid: spec.clusterIPs[0]: Invalid value: ["10.96.5.5"]: may not change once set',
    );
    expect(refusal(() => change('a', { clusterIP: undefined, clusterIPs: undefined }))).toBe('accepted');
    expect(get('a').spec).toEqual(before.spec);
  });
});

describe('node ports', () => {
  it('lie in their range', () => {
    const { create, refusal } = serving();
    const ports = [{ port: 80, nodePort: 80 }];
    expect(refusal(() => create('a', { type: 'NodePort', ports }))).toBe(
      'Service "a" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
    );
  });

  it('are shared by the protocols of a port', () => {
    const ports = [
      { name: 'tcp', port: 53, protocol: 'TCP' },
      { name: 'udp', port: 53, protocol: 'UDP', nodePort: 30053 },
      { name: 'web', port: 80 },
    ];
    const [tcp, udp, web] = serving().create('a', { type: 'NodePort', ports }).spec.ports ?? [];
    expect([tcp?.nodePort, udp?.nodePort]).toEqual([30053, 30053]);
    expect(web?.nodePort).toBeGreaterThanOrEqual(30000);
  });

  it('belong to one Service', () => {
    const { create, change, refusal } = serving();
    create('a', { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] });
    create('b', { type: 'NodePort' });
    const taken =
      'Service "b" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated';
    expect(refusal(() => change('b', { ports: [{ port: 80, nodePort: 30080 }] }))).toBe(taken);
    expect(refusal(() => change('a', { ports: [{ port: 81, nodePort: 30080 }] }))).toBe('accepted');
  });

  it('count the one for the health of a load balancer', () => {
    const { create, get, change, refusal } = serving();
    create('a', { type: 'LoadBalancer', externalTrafficPolicy: 'Local' });
    const health = get('a').spec.healthCheckNodePort as number;
    expect(health).toBeGreaterThanOrEqual(30000);
    expect(refusal(() => create('b', { type: 'NodePort', ports: [{ port: 80, nodePort: health }] }))).toMatch(
      /provided port is already allocated$/,
    );
    expect(refusal(() => change('a', { healthCheckNodePort: 30001 }))).toMatch(
      /spec.healthCheckNodePort: Forbidden: field is immutable/,
    );
    expect(
      refusal(() => create('c', { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 1 })),
    ).toBe(
      'Internal error occurred: failed to allocate requested HealthCheck NodePort 1: provided port is not in the valid range. The range of valid ports is 30000-32767',
    );
  });
});
