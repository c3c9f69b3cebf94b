/** The commands with which tutorials look into StatefulSets, from manifest to answer. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cli, createCli } from '../support/cli';

const example = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../examples/${path}`, import.meta.url)), 'utf8');

let cli: Cli;
beforeEach(() => {
  cli = createCli({
    'redis.yaml': example('redis/redis.yaml'),
    'mysql.yaml': example('mysql/mysql.yaml'),
    'nginx.yaml': example('nginx.yaml'),
  });
});
afterEach(() => cli.dispose());

async function standing(file: string): Promise<void> {
  await cli(`apply -f ${file}`);
  await cli('sim clock settle');
}

test('a Redis cluster over six pods', async () => {
  await standing('redis.yaml');
  const nodes = [0, 1, 2, 3, 4, 5].map((i) => `redis-cluster-${i}.redis-cluster:6379`);
  const create = ['redis-cli', '--cluster', 'create', ...nodes, '--cluster-replicas', '1'];
  const { out, code } = await cli(['exec', '-it', 'redis-cluster-0', '--', ...create], 'yes\n');
  expect(out).toMatch(/All 16384 slots covered/);
  expect(code).toBe(0);
  const { out: info } = await cli('exec redis-cluster-3 -- redis-cli cluster info');
  expect(info).toMatch(/cluster_state:ok/);
  expect(info).toMatch(/cluster_known_nodes:6/);
});

test('its question is answered at a terminal, or not', async () => {
  await standing('redis.yaml');
  const nodes = [0, 1, 2].map((i) => `redis-cluster-${i}.redis-cluster:6379`);
  const create = ['exec', '-it', 'redis-cluster-0', '--', 'redis-cli', '--cluster', 'create', ...nodes];
  cli.typed = ['no'];
  const refused = await cli(create);
  expect(refused.out).toMatch(/\(type 'yes' to accept\): no\n\n\*\*\* Aborting\.\.\.\n$/);
  expect(refused.code).toBe(1);
  cli.typed = ['yes'];
  const { out, code } = await cli(create);
  expect(out.match(/type 'yes' to accept/g)).toHaveLength(1);
  expect(out.match(/Performing hash slots allocation/g)).toHaveLength(1);
  expect(out).toMatch(/All 16384 slots covered/);
  expect(code).toBe(0);
});

test('a MySQL server asked by its name', async () => {
  await standing('mysql.yaml');
  for (const i of [0, 1]) {
    const words = `exec mysql-0 -- mysql -h mysql-${i}.mysql -uroot -ppassword -e`.split(' ');
    const { out, code } = await cli([...words, 'SELECT @@hostname']);
    expect(out).toContain(`mysql-${i}`);
    expect(code).toBe(0);
  }
  const client = 'run m --image=mysql:5.7 --restart=Never --rm -i -q -- mysql -h mysql-0.mysql -uroot -ppassword';
  expect((await cli(client, 'SELECT @@hostname;\n')).out).toContain('mysql-0');
});

test('ping and a page by a stable name', async () => {
  await standing('nginx.yaml');
  const ping = await cli('run p --image=busybox --restart=Never --rm -i -q -- ping -c 1 web-0.nginx');
  expect(ping.out).toMatch(/1 packets transmitted, 1 packets received, 0% packet loss/);
  await cli(['exec', 'web-0', '--', 'sh', '-c', 'echo hello > /usr/share/nginx/html/index.html']);
  expect(await cli('exec web-1 -- curl -s http://web-0.nginx')).toEqual({ out: 'hello\n', err: '', code: 0 });
});
