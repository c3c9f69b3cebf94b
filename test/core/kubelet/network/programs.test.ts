import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { podManifest, serviceManifest, setManifest, World } from './world';

let world: World;
beforeAll(() => {
  world = new World();
  world.create(
    serviceManifest('nginx'),
    setManifest('web', 'nginx', 2, {
      containers: [{ name: 'nginx', image: 'nginx:1.21', ports: [{ containerPort: 80 }] }],
    }),
    podManifest('old', { image: 'busybox:1.28.0' }),
    podManifest('new', { image: 'busybox' }),
    podManifest('tools', { image: 'nicolaka/netshoot' }),
    podManifest('plain', { image: 'mine:1', ports: [{ containerPort: 9000 }] }),
  );
});
afterAll(() => world.close());

const ip = (pod: string) => world.pod(pod).status.podIP;
const ok = (stdout: string, stderr = '') => ({ stdout, stderr, code: 0 });

describe('nslookup', () => {
  const old = 'Server:    10.96.0.10\nAddress 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local\n\n';
  const recent = 'Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n';

  test('of busybox 1.28', async () => {
    expect(await world.run('old', 'nslookup web-0.nginx')).toEqual(
      ok(`${old}Name:      web-0.nginx\nAddress 1: ${ip('web-0')} web-0.nginx.default.svc.cluster.local\n`),
    );
    expect(await world.run('old', 'nslookup web-9.nginx')).toEqual({
      stdout: old,
      stderr: "nslookup: can't resolve 'web-9.nginx'\n",
      code: 1,
    });
  });

  test('of busybox today', async () => {
    const name = 'web-0.nginx.default.svc.cluster.local';
    expect(await world.run('new', 'nslookup web-0.nginx')).toEqual(
      ok(`${recent}Name:\t${name}\nAddress: ${ip('web-0')}\n\n\n`),
    );
    const line = "** server can't find nope: NXDOMAIN\n\n";
    expect(await world.run('new', 'nslookup nope')).toEqual({ stdout: recent + line + line, stderr: '', code: 1 });
  });

  test('of BIND, with a type', async () => {
    const head = recent.replace(':53', '#53');
    const line = (i: number) =>
      `_web._tcp.nginx.default.svc.cluster.local\tservice = 0 50 80 web-${i}.nginx.default.svc.cluster.local.\n`;
    expect(await world.run('tools', 'nslookup -type=SRV _web._tcp.nginx')).toEqual(ok(`${head}${line(0)}${line(1)}\n`));
  });
});

test('dig takes a name as it is unless told to search', async () => {
  expect(await world.run('tools', 'dig +short web-0.nginx')).toEqual(ok(''));
  expect(await world.run('tools', 'dig +short +search nginx')).toEqual(ok(`${ip('web-0')}\n${ip('web-1')}\n`));
  expect(await world.run('tools', `dig -x ${ip('web-1')} +short`)).toEqual(
    ok('web-1.nginx.default.svc.cluster.local.\n'),
  );
  const { stdout } = await world.run('tools', 'dig SRV _web._tcp.nginx.default.svc.cluster.local');
  expect(stdout).toContain('status: NOERROR');
  expect(stdout).toContain(
    ';; ANSWER SECTION:\n_web._tcp.nginx.default.svc.cluster.local.\t30\tIN\tSRV\t0 50 80 web-0.',
  );
  expect(stdout).toContain(
    `;; ADDITIONAL SECTION:\nweb-0.nginx.default.svc.cluster.local.\t30\tIN\tA\t${ip('web-0')}\n`,
  );
});

test('getent and host', async () => {
  expect(await world.run('web-0', 'getent hosts web-1.nginx')).toEqual(
    ok(`${ip('web-1')?.padEnd(15)} web-1.nginx.default.svc.cluster.local\n`),
  );
  expect((await world.run('web-0', 'getent hosts nope')).code).toBe(2);
  expect(await world.run('tools', 'host nope')).toEqual({
    stdout: 'Host nope not found: 3(NXDOMAIN)\n',
    stderr: '',
    code: 1,
  });
});

test('ping', async () => {
  expect(await world.run('old', 'ping -c 2 web-0.nginx')).toEqual(
    ok(
      `PING web-0.nginx (${ip('web-0')}): 56 data bytes\n` +
        `64 bytes from ${ip('web-0')}: seq=0 ttl=64 time=0.078 ms\n64 bytes from ${ip('web-0')}: seq=1 ttl=64 time=0.064 ms\n` +
        '\n--- web-0.nginx ping statistics ---\n2 packets transmitted, 2 packets received, 0% packet loss\n' +
        'round-trip min/avg/max = 0.064/0.071/0.078 ms\n',
    ),
  );
  expect(await world.run('old', 'ping -c 1 nope')).toEqual({
    stdout: '',
    stderr: "ping: bad address 'nope'\n",
    code: 1,
  });
  expect((await world.run('old', 'ping -c 1 -W 1 10.99.0.1')).code).toBe(1);
});

describe('curl', () => {
  test.each([
    ['curl nowhere', 6, 'curl: (6) Could not resolve host: nowhere\n'],
    [
      'curl web-0.nginx:81',
      7,
      "curl: (7) Failed to connect to web-0.nginx port 81 after 0 ms: Couldn't connect to server\n",
    ],
    ['curl -f web-0.nginx/nope', 22, 'curl: (22) The requested URL returned error: 404\n'],
    [
      'curl --connect-timeout 2 10.99.0.1',
      28,
      'curl: (28) Failed to connect to 10.99.0.1 port 80 after 2000 ms: Timeout was reached\n',
    ],
    ['curl --nope x', 2, "curl: option --nope: is unknown\ncurl: try 'curl --help' for more information\n"],
    ['curl -s nowhere', 6, ''],
  ])('%s fails', async (line, code, stderr) => {
    expect(await world.run('tools', line)).toEqual({ stdout: '', stderr, code });
  });

  test('writes what it is asked for', async () => {
    expect(
      await world.run('tools', "curl -s -o /dev/null -w '%{http_code} %{content_type}\\n' http://web-0.nginx"),
    ).toEqual(ok('200 text/html\n'));
    await world.run('web-1', 'mkdir -p /usr/share/nginx/html/a; echo in > /usr/share/nginx/html/a/index.html');
    expect(await world.run('tools', 'curl -sL web-1.nginx/a')).toEqual(ok('in\n'));
    expect(await world.run('tools', 'curl -s -o /tmp/f web-1.nginx/a/; cat /tmp/f')).toEqual(ok('in\n'));
    expect(await world.out('tools', `curl -i -s ${ip('plain')}:9000`)).toBe(
      'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n',
    );
  });
});

test('wget', async () => {
  await world.run('web-1', 'echo one > /usr/share/nginx/html/one.txt');
  expect(await world.run('new', 'wget -qO- web-1.nginx/one.txt')).toEqual(ok('one\n'));
  const connecting = `Connecting to web-1.nginx (${ip('web-1')}:80)\n`;
  expect(await world.run('new', 'cd /tmp; wget http://web-1.nginx/one.txt; cat one.txt')).toEqual(
    ok(
      'one\n',
      `${connecting}saving to 'one.txt'\none.txt              100% |${'*'.repeat(32)}|     4  0:00:00 ETA\n'one.txt' saved\n`,
    ),
  );
  expect(await world.run('new', 'wget web-1.nginx/nope')).toEqual({
    stdout: '',
    stderr: `${connecting}wget: server returned error: HTTP/1.1 404 Not Found\n`,
    code: 1,
  });
  expect(await world.run('new', 'wget -T 2 nope')).toEqual({
    stdout: '',
    stderr: "wget: bad address 'nope'\n",
    code: 1,
  });
});

test('nc', async () => {
  expect(await world.run('new', 'nc -zv web-0.nginx 80')).toEqual(ok('', `web-0.nginx (${ip('web-0')}:80) open\n`));
  expect((await world.run('new', 'nc -z web-0.nginx 81')).code).toBe(1);
  const answer = await world.out('new', 'nc web-0.nginx 80', { stdin: 'GET /nope HTTP/1.1\r\nHost: x\r\n\r\n' });
  expect(answer).toMatch(/^HTTP\/1\.1 404 Not Found\r\nServer: nginx\/1\.21\r\n/);
});
