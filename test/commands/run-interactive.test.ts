/** `run -i`: a pod whose command one is connected to, gone afterwards. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cli, createCli, webYaml } from '../support/cli';

const ATTACHED =
  'All commands and output from this session will be recorded in container logs, including credentials and sensitive ' +
  "information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.\n";
const answer = (i: number, ip: string): string =>
  'Server:    10.96.0.10\nAddress 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local\n\n' +
  `Name:      web-${i}.nginx\nAddress 1: ${ip} web-${i}.nginx.default.svc.cluster.local\n`;
const DELETED = 'pod "dns-test" deleted from default namespace\n';
const SHELL = 'run -i --tty --image busybox:1.28.0 dns-test --restart=Never --rm /bin/sh';

let cli: Cli;
let ips: string[];
beforeEach(async () => {
  cli = createCli({ 'web.yaml': webYaml(2) });
  await cli('apply -f web.yaml');
  await cli('sim clock settle');
  ips = (await cli(['get', 'pods', '-o', 'jsonpath={.items[*].status.podIP}'])).out.split(' ');
});
afterEach(() => cli.dispose());

test('a command that answers and ends', async () => {
  expect(await cli('run dns-test --image=busybox:1.28 --restart=Never --rm -it -- nslookup web-0.nginx')).toEqual({
    out: answer(0, ips[0] ?? '') + DELETED,
    err: '',
    code: 0,
  });
  expect((await cli('get pods -o name')).out).toBe('pod/web-0\npod/web-1\n');
});

test('look-ups typed at a shell, as the tutorials do', async () => {
  cli.typed = ['nslookup web-0.nginx', 'nslookup web-1.nginx', 'exit'];
  expect(await cli(SHELL)).toEqual({
    out: `/ # nslookup web-0.nginx\n${answer(0, ips[0] ?? '')}/ # nslookup web-1.nginx\n${answer(1, ips[1] ?? '')}/ # exit\n${DELETED}`,
    err: ATTACHED,
    code: 0,
  });
});

test('look-ups piped into a shell', async () => {
  expect(await cli(SHELL, 'nslookup web-0.nginx\nnslookup web-1.nginx\n')).toEqual({
    out: answer(0, ips[0] ?? '') + answer(1, ips[1] ?? '') + DELETED,
    err: `${ATTACHED}Unable to use a TTY - input is not a terminal or the right kind of file\n`,
    code: 0,
  });
  expect(await cli(`${SHELL} -q`, 'exit 3')).toMatchObject({ code: 3 });
});

test('the exit code of the command, and its log afterwards', async () => {
  const words = ['run', 'a', '--image=busybox', '--restart=Never', '--attach', '-q', '--env=X=y'];
  expect(await cli([...words, '--', 'sh', '-c', 'echo one $X; sleep 5; echo two; exit 7'])).toEqual({
    out: 'one y\ntwo\n',
    err: 'pod default/a terminated (Error)\n',
    code: 7,
  });
  expect(await cli('logs a')).toEqual({ out: 'one y\ntwo\n', err: '', code: 0 });
  cli.typed = ['echo typed'];
  await cli('run s --image=busybox --restart=Never -it');
  expect(await cli('logs s')).toMatchObject({ out: expect.stringContaining('typed\n') });
  expect((await cli('get pod s --no-headers')).out).toMatch(/Completed/);
});

test('a shell that waits for input does not end before somebody attaches', async () => {
  cli.files.set(
    'pod.json',
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'waits' },
      spec: { containers: [{ name: 'c', image: 'busybox', stdin: true, tty: true }] },
    }),
  );
  await cli('apply -f pod.json');
  await cli('sim clock settle');
  expect((await cli('get pod waits --no-headers')).out).toMatch(/1\/1\s+Running\s+0 /);
});

test('an image that nobody models has a shell all the same', async () => {
  cli.typed = ['nslookup web-0.nginx', 'exit'];
  const { out, code } = await cli('run dns-test --image=example.com/own/tools:1 --restart=Never --rm -it -- sh');
  expect(out).toMatch(/^\/ # nslookup web-0\.nginx\n[\s\S]*web-0\.nginx[\s\S]*\n\/ # exit\npod "dns-test" deleted/);
  expect(out).toContain(ips[0]);
  expect(code).toBe(0);
});

test('what the pod asks for', async () => {
  const { out } = await cli([
    ...['run', 'x', '--image=busybox', '-it', '--rm', '--dry-run=client', '-o', 'jsonpath={.spec.containers[0]}'],
    '--attach=false',
  ]);
  expect(out).toBe('');
  const { out: shown } = await cli([
    ...[
      'run',
      'x',
      '--image=busybox',
      '-it',
      '--attach=false',
      '--dry-run=client',
      '-o',
      'jsonpath={.spec.containers[0]}',
    ],
  ]);
  expect(JSON.parse(shown)).toEqual({
    name: 'x',
    image: 'busybox',
    resources: {},
    stdin: true,
    stdinOnce: true,
    tty: true,
  });
});

test.each([
  ['run x --image=busybox --rm', '--rm should only be used for attached containers'],
  ['run x --image=busybox -t', '-i/--stdin is required for containers with -t/--tty=true'],
])('%s is refused', async (command, words) => {
  expect(await cli(command)).toEqual({
    out: '',
    err: `error: ${words}\nSee 'stsctl run -h' for help and examples\n`,
    code: 1,
  });
  expect((await cli('get pods -o name')).out).not.toContain('pod/x');
});

test('a pod that starts again says how to come back', async () => {
  const said = "Session ended, resume using 'stsctl attach s -c s -n default -i -t' command\n";
  cli.typed = ['exit'];
  expect((await cli('run s --image=busybox -it')).out).toBe(`/ # exit\n${said}`);
  cli.typed = ['exit'];
  expect((await cli('run t --image=busybox -it --restart=Never')).out).toBe('/ # exit\n');
});
