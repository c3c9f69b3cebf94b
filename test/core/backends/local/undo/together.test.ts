/** Undo beside others: two shells, a server, and a state file that somebody else put there. */
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findResources, type ResourceInfo } from '../../../../../src/core/api/resources';
import { serveLocal } from '../../../../../src/core/backends/local/served';
import { type Cli, createCli } from '../../../../support/cli';
import { differences, SET, worldOf } from './fixtures';

const MAPS = findResources('configmaps') as ResourceInfo;

let cli: Cli;
beforeEach(() => {
  cli = createCli({ 'set.yaml': SET });
});
afterEach(() => cli.dispose());

const commands = async (): Promise<string[]> =>
  JSON.parse((await cli('sim history -o json')).out).map(({ command }: { command: string }) => command);

test('all that clients of a server ask for is one step; time that goes by on it is none', async () => {
  await cli('apply -f set.yaml');
  await cli('sim clock settle');
  const before = worldOf(cli.state);
  const served = serveLocal({
    statePath: cli.state,
    clock: 'virtual',
    seed: 7,
    host: {
      now: () => Date.now(),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      pid: process.pid,
      isAlive: () => true,
      hostname: 'test',
    },
    paceMs: 1,
    idleMs: 1,
  });
  await served.start();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await commands()).toEqual(['apply -f set.yaml', 'sim clock settle']);
  for (const name of ['a', 'b', 'c'])
    await served.perform((backend) =>
      backend.create(MAPS, 'default', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace: 'default' },
      }),
    );
  await served.close();
  expect(await commands()).toEqual(['apply -f set.yaml', 'sim clock settle', 'serve']);
  await cli('sim undo');
  const found = differences(before, worldOf(cli.state));
  // Only what this machine's clock says may differ.
  expect(found.filter((line) => !line.startsWith('state: '))).toEqual([]);
  expect((await cli('get cm -o name')).out).toBe('configmap/kube-root-ca.crt\n');
});

test('undo waits for whoever writes, and takes back what was written last', async () => {
  await cli('create configmap one --from-literal=a=b');
  await Promise.all([
    ...Array.from({ length: 6 }, (_, i) => cli(`create configmap c${i} --from-literal=a=b`)),
    cli('sim undo'),
    cli('sim undo'),
  ]);
  const steps = JSON.parse((await cli('sim history -o json')).out) as { undone: boolean; command: string }[];
  const done = steps.filter(({ undone }) => !undone).map(({ command }) => command.split(' ')[2]);
  const names = (await cli('get cm -o name')).out
    .trim()
    .split('\n')
    .map((name) => name.split('/')[1]);
  expect(names.filter((name) => name !== 'kube-root-ca.crt').sort()).toEqual(done.sort());
});

test('a state file that somebody put there is what the next undo comes back to', async () => {
  await cli('create configmap one --from-literal=a=b');
  copyFileSync(cli.state, `${cli.state}.kept`);
  await cli('create configmap two --from-literal=a=b');
  await cli('create configmap three --from-literal=a=b');
  writeFileSync(cli.state, readFileSync(`${cli.state}.kept`, 'utf8'));
  const before = worldOf(cli.state);
  await cli('create configmap four --from-literal=a=b');
  await cli('sim undo');
  expect(differences(before, worldOf(cli.state))).toEqual([]);
  // What was kept is no other name of the file that was written over.
  await cli('sim undo');
  expect((await cli('get cm -o name')).out).toContain('configmap/two');
  expect((await cli('get cm -o name')).out).not.toContain('configmap/three');
});

test('a journal whose end is damaged is believed up to there', async () => {
  await cli('create configmap one --from-literal=a=b');
  await cli('create configmap two --from-literal=a=b');
  const journal = `${cli.state}.undo/journal`;
  writeFileSync(journal, `${readFileSync(journal, 'utf8')}{"step":2,"comm`);
  await cli('create configmap three --from-literal=a=b');
  expect((await commands()).map((command) => command.split(' ')[2])).toEqual(['one', 'two', 'three']);
  await cli('sim undo 3');
  expect(existsSync(cli.state)).toBe(false);
});

test('nothing is left of undo but what can be undone', async () => {
  await cli('apply -f set.yaml');
  await cli('sim clock settle');
  await cli('sim undo 2');
  await cli('create configmap one --from-literal=a=b');
  expect(readdirSync(`${cli.state}.undo`).sort()).toEqual(['0.none', 'files', 'journal']);
  expect(readdirSync(`${cli.state}.undo/files`)).toEqual([]);
});
