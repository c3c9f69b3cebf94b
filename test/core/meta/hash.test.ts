import { expect, test } from 'vitest';
import { goStringify } from '../../../src/core/meta/gojson';
import { fnv32, fnv32a, revisionHash, safeEncode } from '../../../src/core/meta/hash';

test('published FNV test vectors', () => {
  expect([fnv32(''), fnv32('a'), fnv32('foobar')]).toEqual([0x811c9dc5, 0x050c5d7e, 0x31f0b262]);
  expect([fnv32a(''), fnv32a('a'), fnv32a('foobar')]).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
  expect(fnv32(new Uint8Array([0xc3, 0xa9]))).toBe(fnv32('é'));
  // By hand: the two bytes of é, and an ASCII letter before them.
  const steps = (bytes: readonly number[]): number =>
    bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5) >>> 0;
  expect([fnv32a('aé'), fnv32a('😀')]).toEqual([steps([0x61, 0xc3, 0xa9]), steps([0xf0, 0x9f, 0x98, 0x80])]);
});

test('the safe alphabet has no vowels', () => {
  expect(safeEncode('0123456789')).toBe('456789bcdf');
});

/** The revisions of a set whose image was changed, as a Kubernetes 1.36.2 cluster named them. */
test.each([
  ['nginx:1.23', '85fddcfd8f'],
  ['nginx:1.24', '7b97549f6b'],
  ['nginx:1.25', 'f4b769f5f'],
])('the revision of %s is named as on a real cluster', (image, hash) => {
  const container = {
    image,
    imagePullPolicy: 'IfNotPresent',
    name: 'nginx',
    ports: [{ name: 'web', containerPort: 80, protocol: 'TCP' }],
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  };
  const spec = {
    containers: [container],
    terminationGracePeriodSeconds: 10,
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
    securityContext: {},
  };
  const template = { metadata: { labels: { app: 'nginx' } }, spec, $patch: 'replace' };
  const data = goStringify({ spec: { template } });
  expect(revisionHash(data, 0)).toBe(hash);
  expect(revisionHash(data, 1)).not.toBe(hash);
});
