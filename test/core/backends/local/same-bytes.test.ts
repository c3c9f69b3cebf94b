/** On a virtual clock the same commands make the same files, whatever time the machine has. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createCli, webYaml } from '../../../support/cli';
import { differences, worldOf } from './undo/fixtures';

test('the same commands, hours apart', async () => {
  const lives = [0, 7_654_321].map(async (apart) => {
    const cli = createCli({ 'web.yaml': webYaml(2) });
    try {
      cli.local = () => ({
        host: { now: () => apart, sleep: async () => {}, pid: process.pid, isAlive: () => true, hostname: 'test' },
      });
      for (const command of [
        'apply -f web.yaml',
        'sim clock settle',
        'exec web-0 -- touch /tmp/x',
        'scale sts/web --replicas=1',
        'sim clock advance 10s',
        'sim clock until sts/web ready',
        'rollout status sts/web',
      ])
        expect((await cli(command)).code, command).toBe(0);
      return { world: worldOf(cli.state), text: readFileSync(cli.state, 'utf8') };
    } finally {
      cli.dispose();
    }
  });
  const [one, other] = await Promise.all(lives);
  expect(differences(one.world, other.world)).toEqual([]);
  expect(one.text).toContain('"local":{"offset":0},\n"clock":{"mode":"virtual"');
});
