/** Commands in containers: output, input, exit codes, and kubectl's words where there is no such container. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cli, createCli, webYaml } from '../support/cli';

const TWO = `apiVersion: v1
kind: Pod
metadata:
  name: two
spec:
  initContainers:
  - {name: first, image: busybox, command: [sh, -c, 'echo prepared']}
  containers:
  - {name: a, image: nginx}
  - {name: b, image: busybox, command: [sleep, infinity]}
`;

let cli: Cli;
beforeEach(async () => {
  cli = createCli({ 'web.yaml': webYaml(2), 'two.yaml': TWO });
  await cli('apply -f web.yaml');
  await cli('sim clock settle');
});
afterEach(() => cli.dispose());

const ok = (out: string) => ({ out, err: '', code: 0 });
const refused = (err: string, code = 1) => ({ out: '', err, code });

test('prints what the command prints, on both streams, and ends with its exit code', async () => {
  expect(await cli('exec web-0 -- hostname')).toEqual(ok('web-0\n'));
  expect(await cli(['exec', 'web-0', '--', 'sh', '-c', 'echo a; echo b >&2; exit 3'])).toEqual({
    out: 'a\n',
    err: 'b\ncommand terminated with exit code 3\n',
    code: 3,
  });
});

test('takes words as they are', async () => {
  const words = ['$HOME', 'a b', "it's", '*', '--', '-c'];
  expect(await cli(['exec', 'web-0', '--', 'printf', '%s\\n', ...words])).toEqual(ok(`${words.join('\n')}\n`));
});

test('the older form works, with a word about it', async () => {
  expect(await cli('exec web-0 hostname')).toEqual({
    ...ok('web-0\n'),
    err: 'stsctl exec [POD] [COMMAND] is DEPRECATED and will be removed in a future version. Use stsctl exec [POD] -- [COMMAND] instead.\n',
  });
  expect(await cli('exec -q web-0 hostname')).toEqual(ok('web-0\n'));
});

test('finds the pod of a set, a Service', async () => {
  expect(await cli('exec sts/web -- hostname')).toEqual(ok('web-0\n'));
  expect(await cli('exec service/nginx -c nginx -- hostname')).toEqual(ok('web-0\n'));
});

test('a program that is not there ends with 127', async () => {
  const { out, err, code } = await cli('exec web-0 -- nosuch x');
  expect({ out, code }).toEqual({ out: '', code: 127 });
  expect(err).toMatch(
    /^error: Internal error occurred: .*exec: "nosuch": executable file not found in \$PATH: unknown\n$/,
  );
  expect((await cli('exec web-0 -- /opt/nosuch')).err).toMatch(
    /exec: "\/opt\/nosuch": stat \/opt\/nosuch: no such file/,
  );
  expect(await cli(['exec', 'web-0', '--', 'sh', '-c', 'nosuch'])).toMatchObject({ code: 127 });
});

test.each([
  ['exec', 'error: pod, type/name or --filename must be specified\n'],
  ['exec web-0', 'error: you must specify at least one command for the container\n'],
  ['exec -- ls', 'error: pod, type/name or --filename must be specified\n'],
  ['exec web-9 -- ls', 'Error from server (NotFound): pods "web-9" not found\n'],
  ['exec web-0 -c x -- ls', 'error: container x is not valid for pod web-0 out of: nginx\n'],
  [
    'exec cm/kube-root-ca.crt -- ls',
    'error: cannot attach to *v1.ConfigMap: selector for *v1.ConfigMap not implemented\n',
  ],
  [
    'exec web-0 --pod-running-timeout=0s -- ls',
    "error: --pod-running-timeout must be higher than zero\nSee 'stsctl exec -h' for help and examples\n",
  ],
])('%s is refused', async (command, err) => {
  expect(await cli(command)).toEqual(refused(err));
});

test('a container that does not run, or not any more', async () => {
  await cli('apply -f two.yaml');
  expect(await cli('exec two -c a -- ls')).toEqual(
    refused('error: Internal error occurred: unable to upgrade connection: container not found ("a")\n'),
  );
  await cli('run once --image=busybox --restart=Never -- true');
  await cli('sim clock settle');
  expect(await cli('exec once -- ls')).toEqual(
    refused('error: cannot exec into a container in a completed pod; current phase is Succeeded\n'),
  );
});

test('chooses a container: the annotation, else the first with a word about it', async () => {
  await cli('apply -f two.yaml');
  await cli('sim clock settle');
  const said = 'Defaulted container "a" out of: a, b, first (init)\n';
  expect(await cli('exec two -- nginx -v')).toMatchObject({ err: expect.stringContaining(said) });
  expect(await cli('exec -q two -- true')).toEqual(ok(''));
  await cli('annotate pod two kubectl.kubernetes.io/default-container=b');
  expect(await cli('exec two -- true')).toEqual(ok(''));
});

test('time goes by while a command sleeps; one that goes on for ever is given up', async () => {
  expect(await cli('exec web-0 -- sleep 30')).toEqual(ok(''));
  expect(await cli('sim clock')).toMatchObject({ out: 'virtual 2026-01-01T00:00:32Z\n' });
  expect(await cli('exec web-0 -- sleep infinity')).toEqual(
    refused(
      'error: the command was given up: it serves, waits or sleeps for longer than ten minutes of simulated time\n',
      124,
    ),
  );
});

test('the time and the owner inside are those of the container', async () => {
  await cli('exec web-0 -- sleep 30');
  expect(await cli('exec web-0 -- date -u +%FT%TZ')).toEqual(ok('2026-01-01T00:00:32Z\n'));
  expect(await cli('exec web-0 -- date -d @0 +%F')).toEqual(ok('1970-01-01\n'));
  const script = 'sleep 5; date +%S; cd /tmp; echo x > äö; ls; ls -l | tail -n 1 | cut -c 1-24';
  expect(await cli(['exec', 'web-0', '--', 'sh', '-c', script])).toEqual(ok('37\näö\n-rw-r--r-- 1 root root  \n'));
});

describe('input', () => {
  test('goes to the command as it is piped', async () => {
    expect(await cli('exec -i web-0 -- cat', 'äb\n')).toEqual(ok('äb\n'));
    expect(await cli('exec -i web-0 -- sh', 'cd /tmp\npwd\nX=5; echo $X | wc -c')).toEqual(
      ok('/tmp\n5\n2\n'.replace('5\n', '')),
    );
    expect(await cli('exec web-0 -- cat', 'unread')).toEqual(ok(''));
    expect(await cli(['exec', '-i', 'web-0', '--', 'sh', '-c', 'cat | wc -c'], 'äöü\n')).toEqual(ok('7\n'));
  });

  test('a terminal that is none is told', async () => {
    const said = 'Unable to use a TTY - input is not a terminal or the right kind of file\n';
    expect(await cli('exec -it web-0 -- sh', 'pwd')).toEqual({ ...ok('/\n'), err: said });
    expect(await cli('exec -itq web-0 -- bash -il', 'pwd')).toEqual(ok('/\n'));
  });

  test('a shell keeps folder, variables and status from line to line', async () => {
    cli.typed = [
      'X=5',
      'cd /tmp',
      'echo $X $(pwd)',
      'false',
      'echo $?',
      'for i in 1 2; do',
      'echo $i',
      'done',
      'exit 4',
    ];
    expect(await cli('exec -it web-0 -- bash')).toEqual({
      out:
        'root@web-0:/# X=5\nroot@web-0:/# cd /tmp\nroot@web-0:/tmp# echo $X $(pwd)\n5 /tmp\nroot@web-0:/tmp# false\n' +
        'root@web-0:/tmp# echo $?\n1\nroot@web-0:/tmp# for i in 1 2; do\n> echo $i\n> done\n1\n2\nroot@web-0:/tmp# exit 4\n',
      err: 'command terminated with exit code 4\n',
      code: 4,
    });
  });

  test('Ctrl-C leaves the line, Ctrl-D the shell', async () => {
    await cli('run box --image=busybox -- sleep infinity');
    await cli('sim clock settle');
    cli.typed = ['echo "half', '^C', 'echo $?', 'cat <<E', '$HOSTNAME', 'E'];
    expect(await cli('exec -it box -- sh')).toEqual(
      ok('/ # echo "half\n> ^C\n/ # echo $?\n130\n/ # cat <<E\n> $HOSTNAME\n> E\nbox\n/ # \n'),
    );
  });

  test('a shell ends with its container', async () => {
    const before = cli.wrap;
    let lines = 0;
    cli.typed = ['touch /tmp/x', 'sleep 60', 'echo still here'];
    cli.wrap = (backend) =>
      new Proxy(backend, {
        get: (target, key) => {
          if (key === 'commit' && cli.typed?.length === 1 && lines++ === 0)
            return async () => {
              await backend.sim?.advance(0);
              const pods = (await backend.resources()).find(({ plural }) => plural === 'pods');
              if (pods) await backend.delete(pods, 'default', 'web-0', { gracePeriodSeconds: 0 });
              await backend.commit();
            };
          const value: unknown = Reflect.get(target, key, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    expect(await cli('exec -it web-0 -- sh')).toMatchObject({ code: 137 });
    cli.wrap = before;
  });

  test('a shell that the image has not', async () => {
    await cli('run box --image=busybox -- sleep infinity');
    await cli('sim clock settle');
    cli.typed = [];
    expect(await cli('exec -it box -- bash')).toMatchObject({ code: 127 });
  });
});

describe('a container is a closed place', () => {
  test.each([
    ['a path upwards', 'cat ../../../../../../etc/passwd /../../etc/shadow'],
    [
      'a link out',
      'ln -s /../../../../etc/passwd /tmp/l; cat /tmp/l; ln -s ../../../../../../../../etc /tmp/d; cat /tmp/d/passwd',
    ],
    ['processes', 'cat /proc/1/environ /proc/self/environ; ls /proc/self/fd'],
    ['an archive with links', 'cd /tmp; ln -s /etc x; tar cf a.tar x; rm x; tar xf a.tar; cat x/passwd'],
  ])('%s shows nothing of this machine', async (_, script) => {
    const { out, err } = await cli(['exec', 'web-0', '--', 'sh', '-c', script]);
    expect(out + err).not.toMatch(/root:x?:|daemon|PATH=.*node|\/work|\/home\/|\/tmp\/stsctl-test/);
  });

  test.each([
    ['an endless loop', 'while true; do :; done'],
    ['a fork bomb', 'b() { b | b & }; b'],
    ['endless recursion', 'f() { f; }; f'],
    ['huge output', 'while true; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done'],
    ['a line that grows for ever', "sed ':a;s/^/xxxxxxxxxxxxx/;ta' /etc/hosts"],
    ['a long sequence', 'seq 1 1000000000'],
    ['a wide format', "printf '%1000000000s' x"],
    ['a long list', 'echo {1..1000}{1..1000}{1..1000}'],
    ['an endless awk', 'awk \'BEGIN { while (1) s = s "xxxxxxxxxxxx" }\''],
    [
      'a file that grows for ever',
      'echo x > /tmp/f; while true; do cat /tmp/f /tmp/f > /tmp/g; mv /tmp/g /tmp/f; done',
    ],
    ['a huge string', 'x=aaaaaaaaaaaaaaaa; while true; do x=$x$x; done'],
  ])(
    '%s ends with an error',
    async (_, script) => {
      const { err, code } = await cli(['exec', 'web-0', '--', 'sh', '-c', script]);
      expect(code).not.toBe(0);
      expect(err).toMatch(/limit|exceed|too (many|deep|large)|maximum/i);
      expect(await cli('exec web-0 -- echo alive')).toEqual(ok('alive\n'));
    },
    20_000,
  );
});
