/** Random commands, undone one by one back to the beginning and redone to the end: the same bytes at every stop. */
import { afterEach, describe, expect, test } from 'vitest';
import { type Cli, createCli } from '../../../../support/cli';
import { differences, random, randomCommand, SET, type World, worldOf } from './fixtures';

/** The long run plays more. */
const FIRST = Number(process.env.FUZZ_SEED ?? 1);
const SEEDS = process.env.STSCTL_TEST_LONG ? Array.from({ length: 30 }, (_, i) => FIRST + i) : [1, 2, 6];

let cli: Cli;
afterEach(() => cli.dispose());

async function steps(): Promise<{ number: number; undone: boolean; command: string }[]> {
  return JSON.parse((await cli('sim history -o json')).out);
}

describe('undo and redo', () => {
  test.each(SEEDS)('of twenty random commands, seed %i', async (seed) => {
    cli = createCli({ 'set.yaml': SET, 'local.txt': 'hello\n' });
    await cli('get pods');
    const next = random(seed);
    const worlds: World[] = [worldOf(cli.state)];
    const typed: string[] = [];
    await cli('apply -f set.yaml');
    typed.push('apply');
    worlds.push(worldOf(cli.state));
    for (let i = 0; typed.length < 20 && i < 200; i++) {
      const before = await steps();
      const command = randomCommand(next, i);
      await cli(command);
      const after = await steps();
      const world = worldOf(cli.state);
      if (after.length === before.length) {
        // What is no step changes nothing either; looking into a container is noted by the kubelet.
        if (command[0] === 'exec') worlds[worlds.length - 1] = world;
        else expect(differences(worlds[worlds.length - 1], world), command.join(' ')).toEqual([]);
        continue;
      }
      expect(after.length, command.join(' ')).toBe(before.length + 1);
      typed.push(command.join(' '));
      worlds.push(world);
    }
    expect(typed.length).toBe(20);
    for (let at = 19; at >= 0; at--) {
      expect(await cli('sim undo')).toMatchObject({ code: 0, err: '' });
      expect(differences(worlds[at], worldOf(cli.state)), `undo ${typed[at]}`).toEqual([]);
    }
    expect((await cli('sim undo')).err).toBe('error: there is nothing to undo\n');
    for (let at = 1; at <= 20; at++) {
      expect(await cli('sim redo')).toMatchObject({ code: 0, err: '' });
      expect(differences(worlds[at], worldOf(cli.state)), `redo ${typed[at - 1]}`).toEqual([]);
    }
    let at = 20;
    for (let i = 0; i < 12; i++) {
      const to = Math.floor(next() * 21);
      if (to === at) continue;
      await cli(to < at ? `sim undo ${at - to}` : `sim redo ${to - at}`);
      at = to;
      expect(differences(worlds[at], worldOf(cli.state)), `at ${at}`).toEqual([]);
    }
  });
});
