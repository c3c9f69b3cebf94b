/** What the API server says of Services that it accepts, and how strictly it reads addresses and ranges. */
import { describe, expect, it } from 'vitest';
import { service } from '../fixtures';
import { annotated, create, warnings } from './support';

describe('warnings about Services', () => {
  it.each<[string, Record<string, unknown>, string[]]>([
    ['nothing doubtful', {}, []],
    ['addresses from outside', { externalIPs: ['1.2.3.4', '1.2.3.5'] }, ['spec.externalIPs is deprecated']],
    [
      'fields that a headless service has no use for',
      { clusterIP: 'None', loadBalancerIP: '1.2.3.4', externalIPs: ['1.2.3.4'], sessionAffinity: 'ClientIP' },
      [
        'spec.loadBalancerIP is ignored for headless services',
        'spec.externalIPs is ignored for headless services',
        'spec.SessionAffinity is ignored for headless services',
        'spec.externalIPs is deprecated',
      ],
    ],
    [
      'the name of another service',
      { externalName: 'a.b' },
      ['spec.externalName is ignored when spec.type is not "ExternalName"'],
    ],
    [
      'a traffic distribution of old',
      { trafficDistribution: 'PreferClose' },
      ['spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'],
    ],
    ['the one of today', { trafficDistribution: 'PreferSameZone' }, []],
    [
      'addresses that are written in a long way',
      {
        type: 'LoadBalancer',
        loadBalancerIP: '2001:db8:0::1',
        loadBalancerSourceRanges: ['2001:db8:0::/64', '10.0.0.0/8'],
      },
      [
        'spec.loadBalancerIP: IPv6 address "2001:db8:0::1" should be in RFC 5952 canonical format ("2001:db8::1")',
        'spec.loadBalancerSourceRanges[0]: IPv6 CIDR value "2001:db8:0::/64" should be in RFC 5952 canonical format ("2001:db8::/64")',
      ],
    ],
  ])('%s', (_, spec, expected) => {
    expect(warnings(service(spec))).toEqual(expected);
  });

  it('an annotation of old', () => {
    const key = 'service.kubernetes.io/topology-aware-hints';
    expect(warnings(annotated(service(), { [key]: 'auto' }))).toEqual([
      `annotation ${key} is deprecated, please use service.kubernetes.io/topology-mode instead`,
    ]);
  });
});

describe('ranges', () => {
  const refused = (range: string): string[] =>
    create(service({ type: 'LoadBalancer', loadBalancerSourceRanges: [range] })).filter((text) =>
      text.includes('Ranges'),
    );
  const why = (range: string, text: string): string[] => [
    `spec.LoadBalancerSourceRanges[0]: Invalid value: "${range}": ${text}`,
  ];
  const NO_CIDR = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

  it.each(['10.0.0.0/8', '10.9.8.7/32', '0.0.0.0/0', '192.168.16.0/20', '2001:db8::/64', '2001:db8::1/128'])(
    '%s is one',
    (range) => expect(refused(range)).toEqual([]),
  );
  it.each([
    ['10.0.0.0', NO_CIDR],
    ['10.0.0.0/33', NO_CIDR],
    ['10.0.0.0/8/8', NO_CIDR],
    ['010.0.0.0/8', 'must not have leading 0s in IP or prefix length'],
    ['10.0.0.0/08', 'must not have leading 0s in IP or prefix length'],
    ['::ffff:10.0.0.0/104', 'must not have an IPv4-mapped IPv6 address'],
    ['10.0.0.1/8', 'must not have bits set beyond the prefix length'],
    ['192.168.17.0/20', 'must not have bits set beyond the prefix length'],
    ['2001:db8::1/64', 'must not have bits set beyond the prefix length'],
  ])('%s is none', (range, text) => expect(refused(range)).toEqual(why(range, text)));
});
