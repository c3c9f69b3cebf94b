/** The resize of pods as users meet it: `patch` and `edit` with --subresource=resize. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cli, createCli } from '../support/cli';

let cli: Cli;
beforeEach(() => {
  cli = createCli({});
});
afterEach(() => cli.dispose());

const patch = (cpu: string): string[] => [
  'patch',
  'pod',
  'a',
  '--subresource=resize',
  '-p',
  JSON.stringify({ spec: { containers: [{ name: 'a', resources: { requests: { cpu } } }] } }),
];

/** A pod that asks for so much cpu. */
async function run(cpu: string): Promise<void> {
  const overrides = { spec: { containers: [{ name: 'a', image: 'nginx', resources: { requests: { cpu } } }] } };
  await cli(['run', 'a', '--image=nginx', `--overrides=${JSON.stringify(overrides)}`]);
  await cli('sim clock advance 20s');
}

test('a pod too big for the nodes is made smaller and runs', async () => {
  await run('100k');
  expect((await cli('get pod a --no-headers')).out).toMatch(/Pending/);
  expect(await cli(patch('1'))).toEqual({ out: 'pod/a patched\n', err: '', code: 0 });
  await cli('sim clock advance 20s');
  expect((await cli('get pod a --no-headers')).out).toMatch(/Running/);
  expect(await cli('get pod a --subresource=resize -o jsonpath={.spec.containers[0].resources}')).toMatchObject({
    out: '{"requests":{"cpu":"1"}}',
  });
});

test('a pod that runs is left as it is', async () => {
  await run('1');
  expect(await cli(patch('2'))).toEqual({
    out: '',
    err: 'The Pod "a" is invalid: spec: Forbidden: Pod running on node without support for resize\n',
    code: 1,
  });
});

test('only pods have a size', async () => {
  await cli('create service clusterip a --tcp=80');
  expect(await cli('patch svc a --subresource=resize -p {}')).toEqual({
    out: '',
    err: 'Error from server (NotFound): the server could not find the requested resource\n',
    code: 1,
  });
});
