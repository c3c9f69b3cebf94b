/** Machines whose clock jumps: set back, or asleep for a week. Time goes on in the cluster, and nothing is played twice. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cli, createCli, webYaml } from '../../../../support/cli';
import { systemHost } from '../system-host';

const CRASHING = `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: crash}
spec:
  serviceName: crash
  replicas: 1
  selector: {matchLabels: {app: crash}}
  template:
    metadata: {labels: {app: crash}}
    spec:
      containers:
      - {name: main, image: busybox, command: [sh, -c, 'echo no; exit 1']}
`;
const HOUR = 3_600_000;
const BEGIN = Date.UTC(2026, 2, 1);

let cli: Cli;
let now: number;
beforeEach(() => {
  cli = createCli({ 'web.yaml': webYaml(2), 'crash.yaml': CRASHING });
  cli.clock = 'wall';
  now = BEGIN;
  cli.local = () => ({ host: { ...systemHost(), hostname: hostname(), now: () => now } });
});
afterEach(() => cli.dispose());

/** The cluster's time as the file says, ms. */
const clusterTime = (): number => JSON.parse(readFileSync(cli.state, 'utf8')).clock.now;

describe('a clock that is set back', () => {
  test.each([5 * 60_000, 26 * HOUR, 400 * 24 * HOUR])('by %i ms: time goes on from where it was', async (jump) => {
    await cli('apply -f web.yaml');
    now += 10_000;
    expect((await cli('get pods --no-headers')).out).toMatch(/^web-0 +1\/1 +Running .*\nweb-1 +1\/1 +Running .*\n$/);
    await cli('label sts/web a=b');
    const before = clusterTime();
    const events = (await cli('get events -o name')).out;
    now -= jump;
    expect((await cli('get pods --no-headers')).out).toMatch(/^web-0 +1\/1 +Running .*\nweb-1 +1\/1 +Running .*\n$/);
    expect(await cli('scale sts/web --replicas=3')).toMatchObject({ code: 0, err: '' });
    expect(clusterTime()).toBeGreaterThanOrEqual(before);
    expect(clusterTime() - before).toBeLessThan(1000);
    now += 5000;
    expect((await cli('get pods web-2 --no-headers')).out).toMatch(/^web-2 +1\/1 +Running +0 +[345]s\n$/);
    for (const event of events.trim().split('\n')) expect((await cli('get events -o name')).out).toContain(event);
    const stamps = (await cli('get pods -o jsonpath={.items[*].metadata.creationTimestamp}')).out.split(' ');
    expect([...stamps].sort()).toEqual(stamps);
  });

  test('and far ahead afterwards: no lock stays behind', async () => {
    await cli('apply -f web.yaml');
    now -= 26 * HOUR;
    expect(await cli('label sts/web a=b')).toMatchObject({ code: 0, err: '' });
    now += 52 * HOUR;
    expect(await cli('label sts/web b=c')).toMatchObject({ code: 0, err: '' });
  });
});

describe('asleep for a week', () => {
  test('a pod that crashes all the time is made up for at once', async () => {
    await cli('apply -f crash.yaml');
    now += 30_000;
    await cli('get pods');
    now += 7 * 24 * HOUR;
    const { code, out } = await cli('get pods --no-headers');
    expect(code).toBe(0);
    const restarts = Number(/ (\d{4}) \(/.exec(out)?.[1]);
    // Every five minutes once the back-off has grown to that.
    expect(restarts).toBeGreaterThan(1900);
    expect(restarts).toBeLessThan(2100);
    expect((await cli('get pods --no-headers')).out).toBe(out);
  });
});
