/** A plan never writes to a real cluster, whatever flags stand behind the command. */
import { expect, it } from 'vitest';
import type { CommandBackend, Host } from '../../../src/commands/host';
import { play } from '../../../src/commands/plan/play';

it('refuses a cluster that cannot be copied before anything is written to it', async () => {
  const calls: string[] = [];
  const backend = new Proxy({ name: 'prod' } as CommandBackend, {
    get(target, key) {
      if (key === 'name' || key === 'rehearse' || key === 'then') return Reflect.get(target, key);
      return async () => void calls.push(String(key));
    },
  });
  const host = {
    program: 'stsctl',
    env: {},
    context: { read: () => ({}), write: () => calls.push('write context') },
    clusters: {
      locate: async () => ({ name: 'prod' }),
      open: async () => backend,
      edit: async () => void calls.push('edit'),
    },
  } as unknown as Host;
  const { failure, report } = await play(['scale', 'sts/web', '--replicas=1', '--context=prod'], host, {});
  expect(failure?.text).toBe("error: plan needs a cluster that can be copied; prod can't be\n");
  expect(report).toBeUndefined();
  expect(calls).toEqual(['close']);
});
