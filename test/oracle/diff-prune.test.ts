/** `diff --prune` beside kubectl on the same server. */
import { expect, test } from 'vitest';
import { createCli } from '../support/cli';
import { BEARER, serve } from '../support/served';
import { describeOracle, kubectl } from './support/kubectl';

const map = (name: string, app = 'q') =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels: { app } }, data: { k: name } });
const secret = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's', labels: { app: 'q' } },
  data: { k: 'c2VjcmV0' },
});
const list = (...items: string[]) => `{"apiVersion":"v1","kind":"List","items":[${items.join(',')}]}`;

/** Without the names of temporary folders, and what the time was. */
const cleaned = ({ out, err, code }: { out: string; err: string; code: number | null }) => ({
  out: out.replace(/\/tmp\/(LIVE|MERGED)-\d+/g, '$1').replace(/^((?:---|\+\+\+) \S+)\t.*$/gm, '$1'),
  err: err.replace(/^W.*Deprecated/gm, 'W Deprecated'),
  code,
});

describeOracle('diff --prune', () => {
  test('shows what apply --prune would delete', { timeout: 90_000 }, async () => {
    const served = await serve();
    const there = [
      `--server=https://127.0.0.1:${served.server.port}`,
      `--token=${BEARER.replace('Bearer ', '')}`,
      '--insecure-skip-tls-verify',
    ];
    const cli = createCli();
    cli.calledAs = 'kubectl';
    await kubectl(['apply', '-f', '-', ...there], list(map('a'), map('b'), map('c', 'other'), secret));
    // Nobody applied it, so nobody prunes it.
    await kubectl(['create', 'configmap', 'by-hand', ...there]);
    const maps = '--prune-allowlist=core/v1/ConfigMap';
    for (const flags of [
      [],
      ['--prune', maps],
      ['--prune', maps, '-l', 'app=q'],
      ['--prune', '-l', 'app=nobody'],
      ['--prune', maps, '--prune-allowlist=apps/v1/StatefulSet', '-n', 'default'],
      ['--prune-allowlist=wrong'],
      ['--prune', '--prune-allowlist=wrong'],
      ['--prune', '--prune-allowlist=core/v1/Nope'],
    ]) {
      const args = ['diff', '-f', '-', ...flags, ...there];
      const [real, own] = [await kubectl(args, map('a')), await cli([...args, '--show-managed-fields'], map('a'))];
      expect(cleaned(own), flags.join(' ')).toEqual(cleaned(real));
    }
    // What is secret stays so, unless it is asked for.
    const secrets = ['diff', '-f', '-', '--prune', '--prune-allowlist=core/v1/Secret', ...there];
    expect((await cli(secrets, map('a'))).out).toContain("\n-  k: '***'\n");
    expect((await cli([...secrets, '--show-secrets'], map('a'))).out).toContain('\n-  k: c2VjcmV0\n');
    expect(JSON.parse((await kubectl(['get', 'cm', '-o', 'json', ...there])).out).items).toHaveLength(5);
    cli.dispose();
    await served.stop();
  });
});
