/** Days of a crash loop are made up for at once, with the counts and times of a cluster that was played all along. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Cli, createCli } from '../../../support/cli';

const YAML = `apiVersion: v1
kind: Pod
metadata: {name: crash}
spec:
  containers:
  - {name: c, image: busybox, command: [sh, -c, 'echo failing; sleep 3; exit 1']}
`;
const clis: Cli[] = [];
const open = async (): Promise<Cli> => {
  const cli = createCli({ 'crash.yaml': YAML });
  clis.push(cli);
  await cli('apply -f crash.yaml');
  return cli;
};
afterEach(() => {
  for (const cli of clis.splice(0)) cli.dispose();
});

const podOf = async (cli: Cli) => {
  const { status } = JSON.parse((await cli('get pod crash -o json')).out);
  return status;
};

test('a day at once is like a day in steps', async () => {
  const [atOnce, inSteps] = [await open(), await open()];
  await atOnce('sim clock advance 24h');
  for (let i = 0; i < 48; i++) await inSteps('sim clock advance 30m');
  const status = await podOf(atOnce);
  expect(status.containerStatuses[0].restartCount).toBeGreaterThan(250);
  expect(status).toEqual(await podOf(inSteps));
  expect(await atOnce('logs crash --timestamps')).toEqual(await inSteps('logs crash --timestamps'));
  expect(await atOnce('logs crash -p')).toMatchObject({ out: 'failing\n', code: 0 });
}, 60_000);

test('of the lives of a container only the last two are kept on disk', async () => {
  const cli = await open();
  await cli('sim clock advance 1h');
  const { uid } = JSON.parse((await cli('get pod crash -o json')).out).metadata;
  const pod = join(`${cli.state}.pods`, uid);
  expect(readdirSync(join(pod, 'logs'))).toHaveLength(2);
  expect(readdirSync(join(pod, 'containers', 'c')).length).toBeLessThanOrEqual(2);
});
