/** What a script prints is heard as it runs, and only what leaves the script. */
import { Bash } from 'just-bash';
import { expect, test } from 'vitest';
import { heard } from '../../../../src/core/kubelet/shell/heard';

async function run(script: string) {
  const bash = new Bash({ cwd: '/', files: { '/out': '', '/err': '', '/s.sh': 'echo script; echo bad >&2' } });
  bash.registerTransformPlugin(heard('/out', '/err'));
  const { exitCode, stdout, stderr } = await bash.exec(script, { rawScript: true });
  return { out: await bash.readFile('/out'), err: await bash.readFile('/err'), rest: stdout + stderr, exitCode };
}

test.each([
  ['a substitution', 'x=$(echo hi); y=`echo old`; echo got $x $y', 'got hi old\n', ''],
  ['a pipe', 'echo a | wc -c; for i in 1 2; do echo $i; done | wc -l', '2\n2\n', ''],
  ['a loop', 'i=0; while [ $i -lt 2 ]; do i=$((i+1)); echo w$i; done; until true; do :; done', 'w1\nw2\n', ''],
  ['a choice', 'if echo c; then echo d; else echo e; fi; case a in a) echo k;; esac', 'c\nd\nk\n', ''],
  ['a function', 'f() { echo in; }; y=$(f); f; echo $y', 'in\nin\n', ''],
  ['a document', 'cat <<X\na $(echo b)\nX', 'a b\n', ''],
  ['complaints', 'echo e >&2; nosuch; (echo s; echo t >&2)', 's\n', 'e\nbash: nosuch: command not found\nt\n'],
  ['redirections', 'echo z > /f; cat < /f; ls /nosuch 2>&1 | cat', 'z\nls: /nosuch: No such file or directory\n', ''],
  [
    'scripts in scripts',
    "y=$(sh -c 'echo hi'); echo got $y; bash /s.sh | wc -l; z=$(. /s.sh); echo $z",
    'got hi\n1\nscript\n',
    undefined,
  ],
  ['a script that moves itself', 'exec >/q; echo to q', '', ''],
])('%s', async (_, script, out, err) => {
  expect(await run(script)).toMatchObject({ out, ...(err !== undefined && { err }) });
});

test('the exit code is that of the script', async () => {
  expect(await run('echo a; exit 3; echo b')).toEqual({ out: 'a\n', err: '', rest: '', exitCode: 3 });
});
