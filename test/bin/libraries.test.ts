/** The libraries that the built program loads late, each by a command that needs it: what tests of the sources can't see. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const BIN = resolve('bin/stsctl.js');
const folder = mkdtempSync(join(tmpdir(), 'stsctl-libraries-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(args: string, input = ''): string {
  const env = { ...process.env, STSCTL_STATE: join(folder, 'state.json'), STSCTL_CLOCK: 'virtual' };
  const options = { env, input, encoding: 'utf8' } as const;
  const { stdout, stderr } = spawnSync(process.execPath, [BIN, ...args.split(' ')], options);
  expect(stderr).toBe('');
  return stdout;
}

test('cli-table3 draws a framed table', () => {
  expect(run('get namespaces kube-system -o table')).toBe(
    `
┌─────────────┬────────┬─────┐
│ NAME        │ STATUS │ AGE │
├─────────────┼────────┼─────┤
│ kube-system │ Active │ 0s  │
└─────────────┴────────┴─────┘
`.trimStart(),
  );
});

test('js-yaml reads manifests and writes objects, diff compares them', () => {
  const manifest = (word: string): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: words\ndata:\n  word: ${word}\n`;
  expect(run('apply -f -', manifest('one'))).toBe('configmap/words created\n');
  expect(run('get configmap words -o yaml')).toContain('data:\n  word: one\n');
  expect(run('diff -f -', manifest('two'))).toContain('-  word: one\n+  word: two\n');
});

test('chalk colours', () => {
  expect(run('run web --image=nginx:1.21')).toBe('pod/web created\n');
  expect(run('--color=always get pods')).toContain('\u001b[');
});
