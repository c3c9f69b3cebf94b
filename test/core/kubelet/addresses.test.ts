/** Addresses of pods: the same as ever for as many as the first network holds, and room for more behind it. */
import { expect, test } from 'vitest';
import type { Pod } from '../../../src/core/api/types';
import type { ControllerContext } from '../../../src/core/apiserver/controller';
import { PodAddresses } from '../../../src/core/kubelet/addresses';

const FIRST_NETWORK = 64_768;

const withAddress = (podIP: string): Pod => ({ status: { podIP } }) as Pod;

function cluster(present: readonly string[] = []) {
  const counters: Record<string, number> = {};
  const context = {
    store: { list: () => present.map(withAddress) },
    nextNumber: (name: string) => {
      counters[name] = (counters[name] ?? -1) + 1;
      return counters[name];
    },
  } as unknown as ControllerContext;
  return new PodAddresses(context);
}

test('in turn, without the addresses that end in 0 or 255', () => {
  const addresses = cluster();
  const given = Array.from({ length: 255 }, () => addresses.allocate());
  expect(given.slice(0, 2)).toEqual(['10.244.1.2', '10.244.1.3']);
  expect(given.slice(252)).toEqual(['10.244.1.254', '10.244.2.1', '10.244.2.2']);
});

test('the next network when the first is full, and back when there is room again', () => {
  const addresses = cluster();
  const given = new Set(Array.from({ length: FIRST_NETWORK }, () => addresses.allocate()));
  expect(given.size).toBe(FIRST_NETWORK);
  expect([...given].every((address) => address.startsWith('10.244.'))).toBe(true);
  expect([addresses.allocate(), addresses.allocate()]).toEqual(['10.245.1.2', '10.245.1.3']);
  addresses.release(withAddress('10.244.7.7'));
  addresses.release(withAddress('10.244.7.7'));
  expect([addresses.allocate(), addresses.allocate()]).toEqual(['10.244.7.7', '10.245.1.4']);
});

test('addresses of pods that are there already are taken', () => {
  expect(cluster(['10.244.1.2', '10.244.1.4']).allocate()).toBe('10.244.1.3');
});
