import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cli, createCli, webYaml } from '../support/cli';

let cli: Cli;
beforeEach(async () => {
  cli = createCli({ 'web.yaml': webYaml() });
  await cli('apply -f web.yaml');
  await cli('sim clock settle');
});
afterEach(() => cli.dispose());

const updated = async (): Promise<void> => {
  await cli('sim clock advance 10m');
  await cli('set image sts/web nginx=nginx:1.22');
  await cli('sim clock settle');
};

test('draws pods over time, a hundred columns wide in a pipe', async () => {
  await updated();
  const before = readFileSync(cli.state);
  expect((await cli('sim timeline')).out).toMatchInlineSnapshot(`
    "2026-01-01 00:00:00 to 00:10:07 UTC, 10m7s

    default/web  2 pods
      A  web-74d8c97447  nginx:1.21
      B  web-6c58ccb4  nginx:1.22
           |0s         |1s           //  |10m2s      |10m3s      |10m4s      |10m5s      |10m6s
    web-0  A░░░░░░░░░░░██████████████//████████████████████████████████××××××××××××B░░░░░░░░░░░█████████
    web-1              A░░░░░░░░░░░██//████████××××××××××××B░░░░░░░░░░░█████████████████████████████████

    ░ creating   █ ready   × terminating   // nothing changed: 10m
    "
  `);
  expect((await cli('sim timeline sts/web --width 50 --absolute --ascii --compress=false')).out).toMatchInlineSnapshot(`
    "2026-01-01 00:00:00 to 00:10:07 UTC, 10m7s

    default/web  2 pods
      A  web-74d8c97447  nginx:1.21
      B  web-6c58ccb4  nginx:1.22
           |00:00:00            |00:05:00
    web-0  A=========================================B
    web-1  A========================================B=

    . creating   = ready   x terminating
    "
  `);
  for (const output of ['events', 'json', 'yaml', 'svg', 'html']) await cli(`sim timeline -o ${output}`);
  expect(readFileSync(cli.state)).toEqual(before);
});

test('-o json tells of the five transitions and nothing else, everywhere', async () => {
  await cli('create namespace other');
  await cli('-n other run lone --image=nginx:1.21');
  await cli('annotate pod web-0 stsctl.dev/ready=false');
  await cli('sim clock settle');
  const rows: { event: string; pod: string }[] = JSON.parse((await cli('sim timeline -o json')).out);
  expect(rows.map(({ event, pod }) => `${event} ${pod}`)).toEqual([
    ...['create web-0', 'ready web-0', 'create web-1', 'ready web-1', 'create lone', 'unready web-0', 'ready lone'],
  ]);
  for (const row of rows) expect(Object.keys(row).sort()).toEqual(['event', 'namespace', 'pod', 'revision', 'time']);
  expect((await cli('sim timeline -o events -n other')).out).toMatch(
    /^TIME +EVENT +POD +REVISION\n.* create +lone +<none>\n.* ready +lone +<none>\n$/,
  );
  expect((await cli('sim timeline -o events -A')).out.split('\n')[0]).toMatch(/^TIME +EVENT +NAMESPACE +POD/);
});

test('shows the pods, sets and time that are asked for', async () => {
  await updated();
  const events = async (rest: string): Promise<string[]> =>
    (await cli(`sim timeline -o events --no-headers ${rest}`)).out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split(/ +/).slice(1, 3).join(' '));
  expect(await events('pod/web-1')).toEqual([
    ...['create web-1', 'ready web-1', 'terminate web-1', 'delete web-1', 'create web-1', 'ready web-1'],
  ]);
  expect(await events('po web-0 --until=10m')).toEqual(['create web-0', 'ready web-0']);
  expect(await events('statefulset web --since=2026-01-01T00:10:00Z --until=2026-01-01T00:10:03.9Z')).toEqual([
    ...['terminate web-1', 'delete web-1', 'create web-1'],
  ]);
  expect(await events('sts')).toEqual(await events(''));
  expect((await cli('sim timeline pod/web-0')).out).not.toContain('\nweb-1');
});

test.each([
  ['pod/nope', 'error: the timeline holds no pod for "pod/nope" in namespace "default"\n'],
  ['sts/web -n other', 'error: the timeline holds no pod for "sts/web" in namespace "other"\n'],
  ['svc/nginx', 'error: a timeline shows pods and StatefulSets, not "svc/nginx"\n'],
  ['wat/web', 'the server doesn\'t have a resource type "wat"\n'],
  [
    'sts/web web-0',
    'error: expected TYPE/NAME for each argument, got "sts/web" "web-0"\n' +
      "See 'stsctl sim timeline -h' for help and examples\n",
  ],
  [
    'sts/',
    'error: arguments in resource/name form must have a single resource and name\n' +
      "See 'stsctl sim timeline -h' for help and examples\n",
  ],
  ['-o wide', 'error: --output must be one of: json, yaml, events, svg, html\n'],
  ['-o html -w', 'error: --watch cannot be used with --output html\n'],
  ['--width 3', 'error: --width must be between 20 and 10000\n'],
  [
    '--since yesterday',
    'error: invalid --since "yesterday": must be a duration such as 10m, or an instant such as 2026-01-01T00:00:00Z\n',
  ],
  ['--since 1m --until 2m', 'error: --since must not be later than --until\n'],
])('sim timeline %s fails', async (rest, err) => {
  const before = readFileSync(cli.state);
  const result = await cli(`sim timeline ${rest}`);
  expect(result).toEqual({
    out: '',
    err,
    code: 1,
  });
  expect(readFileSync(cli.state)).toEqual(before);
});

test('says so when there is nothing to draw', async () => {
  await cli('sim reset');
  for (const rest of ['', ' -o events', ' -w --request-timeout=1s'])
    expect(await cli(`sim timeline${rest}`)).toMatchObject({ out: '', code: 0 });
  expect((await cli('sim timeline')).err).toBe('No pod transitions yet.\n');
  expect(await cli('sim timeline -o json')).toEqual({ out: '[]\n', err: '', code: 0 });
  expect((await cli('sim timeline -o svg')).out).toContain('<title>Timeline of nothing</title>');
});

test('--watch appends lines in a pipe, and ends on a virtual clock when nothing would change', async () => {
  await cli('scale sts web --replicas=3');
  await cli('delete pod web-0 --wait=false');
  const { out, err, code } = await cli('sim timeline -w');
  expect([err, code]).toEqual(['', 0]);
  expect(out.replace(/web-\w{8,}/g, 'REVISION')).toMatchInlineSnapshot(`
    "TIME                       EVENT       NAMESPACE   POD     REVISION
    2026-01-01T00:00:00.000Z   create      default     web-0   REVISION
    2026-01-01T00:00:01.000Z   ready       default     web-0   REVISION
    2026-01-01T00:00:01.000Z   create      default     web-1   REVISION
    2026-01-01T00:00:02.000Z   ready       default     web-1   REVISION
    2026-01-01T00:00:02.500Z   create      default     web-2   REVISION
    2026-01-01T00:00:02.500Z   terminate   default     web-0   REVISION
    2026-01-01T00:00:03.500Z   ready       default     web-2   REVISION
    2026-01-01T00:00:03.500Z   delete      default     web-0   REVISION
    2026-01-01T00:00:03.500Z   create      default     web-0   REVISION
    2026-01-01T00:00:04.500Z   ready       default     web-0   REVISION
    "
  `);
  const json = (await cli('sim timeline -w -o json')).out;
  expect(json.match(/"event": "\w+"/g)).toHaveLength(out.split('\n').length - 2);
});

test('--watch redraws in place on a terminal, as high as that is', async () => {
  cli.terminal = { columns: 40, rows: 10 };
  await cli('scale sts web --replicas=6');
  const { out } = await cli('sim timeline sts/web -w');
  // The second frame goes back to where the first one began, and stands over it line by line.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the terminal is steered by them
  const [first, back, second, ...more] = out.split(/\u001b\[(\d+)A\r/);
  expect([first.includes('\u001b'), Number(back), more]).toEqual([false, first.split('\n').length - 1, []]);
  const lines = second.split('\n');
  expect(lines.slice(0, -1).filter((line) => !line.endsWith('\u001b[K'))).toEqual([]);
  expect(lines.at(-1)).toBe('\u001b[J');
  expect(lines.length).toBeLessThanOrEqual(10);
  expect(second).toContain('\nweb-5  ');
  expect(lines.at(-2)).toMatch(/^and [1-5] more pods that changed less lately/);
});

test('a terminal without UTF-8 gets ASCII, a dumb one is not drawn over, and files get what there is', async () => {
  cli.env.LANG = 'C';
  expect((await cli('sim timeline')).out).toContain('█');
  cli.terminal = { columns: 80, rows: 24 };
  expect((await cli('sim timeline')).out).toMatch(/^[\n -~]*web-0 {2}A\.+=+\n[\n -~]*$/);
  cli.env.LC_ALL = 'de_AT.utf8';
  expect((await cli('sim timeline')).out).toContain('█');
  delete cli.env.LANG;
  delete cli.env.LC_ALL;
  expect((await cli('sim timeline')).out).toContain('█');
  cli.env.TERM = 'dumb';
  expect((await cli('sim timeline')).out).not.toContain('█');
  expect((await cli('sim timeline -w')).out).toMatch(/^TIME +EVENT/);
});

test('is as wide in a pipe as COLUMNS says', async () => {
  const width = async (): Promise<number> =>
    Math.max(...(await cli('sim timeline')).out.split('\n').map((line) => line.length));
  expect(await width()).toBe(100);
  cli.env.COLUMNS = '64';
  expect(await width()).toBe(64);
  cli.env.COLUMNS = 'wide';
  expect(await width()).toBe(100);
});

test('-l goes by the labels of pods, and by the template for those that are gone', async () => {
  await cli('run lone --image=nginx:1.21 --labels=app=lone');
  await cli('scale sts web --replicas=1');
  await cli('sim clock settle');
  const pods = async (selector: string): Promise<string[]> =>
    JSON.parse((await cli(`sim timeline -o json -l ${selector}`)).out).map((row: { pod: string }) => row.pod);
  expect([...new Set(await pods('app=lone'))]).toEqual(['lone']);
  expect([...new Set(await pods('app=nginx'))]).toEqual(['web-0', 'web-1']);
  expect([...new Set(await pods('statefulset.kubernetes.io/pod-name=web-0'))]).toEqual(['web-0']);
  expect([...new Set(await pods('app!=nginx'))]).toEqual(['lone']);
  expect(await cli('sim timeline -l app=none')).toEqual({ out: '', err: 'No pod transitions match.\n', code: 0 });
  expect(await cli('sim timeline -l =x')).toMatchObject({
    err: expect.stringMatching(/^error: found '=', expected: /),
    code: 1,
  });
});

test('warnings are told although their Events are long gone', async () => {
  await cli('set image sts/web nginx=nginx:does-not-exist');
  await cli('sim clock settle');
  await cli('sim clock advance 3h');
  await cli('sim clock advance 3h');
  await cli('rollout undo sts/web');
  await cli('delete pod web-1 --wait=false');
  await cli('sim clock settle');
  await cli('sim clock advance 2h');
  expect((await cli('get events')).out).not.toContain('does-not-exist');
  for (const output of ['svg', 'html'])
    expect((await cli(`sim timeline -o ${output}`)).out).toContain('Failed to pull image');
});

test('colours on a terminal only, unless told', async () => {
  cli.terminal = { columns: 80, rows: 24 };
  expect((await cli('sim timeline')).out).not.toContain('\u001b');
  delete cli.env.NO_COLOR;
  cli.env.NO_COLOR = '';
  expect((await cli('sim timeline')).out).toContain('\u001b[46m');
  cli.terminal = undefined;
  expect((await cli('sim timeline')).out).not.toContain('\u001b');
  expect((await cli('sim timeline --color=always')).out).toContain('\u001b[46m');
});

test('pictures tell of claims, revisions and events', async () => {
  await cli('annotate sts web kubernetes.io/change-cause=</script><script>alert(1)</script>');
  await cli('set image sts/web nginx=nginx:does-not-exist');
  await cli('sim clock settle');
  const svg = (await cli('sim timeline -o svg')).out;
  expect(svg).toContain('revision B: ');
  expect(svg).toContain('nginx:does-not-exist');
  expect(svg).toContain('&lt;/script&gt;&lt;script&gt;alert(1)');
  expect(svg).toMatch(/Warning: Failed, pod web-1/);
  const html = (await cli('sim timeline -o html')).out;
  expect(html).not.toContain('alert(1)</script>');
  expect(html.match(/<script/g)).toHaveLength(2);
});
