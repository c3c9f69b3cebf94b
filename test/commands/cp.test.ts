/** Copying into containers and out of them. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cli, createCli, webYaml } from '../support/cli';

let cli: Cli;
beforeEach(async () => {
  cli = createCli({ 'web.yaml': webYaml(2), 'note.txt': 'hello\n', 'site/index.html': '<p>', 'site/deep/a.txt': 'a' });
  await cli('apply -f web.yaml');
  await cli('sim clock settle');
});
afterEach(() => cli.dispose());

const ok = (out = '') => ({ out, err: '', code: 0 });
const text = (name: string): string => {
  const content = cli.files.get(name);
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
};

test('a file in: under its name in a folder, under a new name else', async () => {
  expect(await cli('cp note.txt web-0:/tmp')).toEqual(ok());
  expect(await cli('cp note.txt default/web-0:/tmp/other.txt -c nginx')).toEqual(ok());
  expect(await cli('exec web-0 -- cat /tmp/note.txt /tmp/other.txt')).toEqual(ok('hello\nhello\n'));
});

test('a folder in, and out again', async () => {
  expect(await cli('cp site web-0:/tmp/copy --no-preserve')).toEqual(ok());
  expect(await cli('exec web-0 -- find /tmp/copy -type f')).toEqual(ok('/tmp/copy/deep/a.txt\n/tmp/copy/index.html\n'));
  expect(await cli('cp web-0:/tmp/copy back')).toEqual(ok("tar: Removing leading `/' from member names\n"));
  expect([text('back/index.html'), text('back/deep/a.txt')]).toEqual(['<p>', 'a']);
});

test('bytes stay what they are', async () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  cli.files.set('all.bin', bytes);
  await cli('cp all.bin web-0:/tmp/all.bin');
  await cli('cp web-0:tmp/all.bin again.bin');
  expect(cli.files.get('again.bin')).toEqual(bytes);
});

test('links are not followed out of a container', async () => {
  await cli(['exec', 'web-0', '--', 'sh', '-c', 'mkdir /tmp/d; ln -s /etc/passwd /tmp/d/link; echo x > /tmp/d/file']);
  const { err, code } = await cli('cp web-0:/tmp/d out');
  expect(err).toMatch(/^warning: skipping symlink: "out\/link" -> /);
  expect(code).toBe(0);
  expect([...cli.files.keys()].filter((name) => name.startsWith('out'))).toEqual(['out/file']);
  const { err: outside } = await cli('cp note.txt web-0:/../../../tmp/up.txt');
  expect(outside).toBe('');
  expect(await cli('exec web-0 -- cat /tmp/up.txt')).toEqual(ok('hello\n'));
});

test.each([
  ['cp a', 'error: source and destination are required\n'],
  ['cp a b', 'error: one of src or dest must be a remote file specification\n'],
  ['cp web-0:/a web-1:/b', 'error: one of src or dest must be a local file specification\n'],
  ['cp :a b', 'error: filespec must match the canonical format: [[namespace/]pod:]file/path\n'],
  ['cp a/b/c:x b', 'error: filespec must match the canonical format: [[namespace/]pod:]file/path\n'],
  ['cp web-0: b', 'error: filepath can not be empty\n'],
  ['cp nosuch web-0:/tmp', "error: nosuch doesn't exist in local filesystem\n"],
  ['cp note.txt web-9:/tmp', 'Error from server (NotFound): pods "web-9" not found\n'],
  ['cp note.txt web-0:/tmp -c x', 'Error from server (BadRequest): container x is not valid for pod web-0\n'],
  [
    'cp note.txt web-0:/nosuch/x',
    "tar: can't change directory to '/nosuch': No such file or directory\ncommand terminated with exit code 1\n",
  ],
  ['cp web-0:/etc/hostname site', 'error: open site: is a directory\n'],
])('%s is refused', async (command, err) => {
  expect(await cli(command)).toMatchObject({ err, code: 1 });
});

test('what is not there cannot be copied out', async () => {
  expect(await cli('cp web-0:/nosuch x')).toEqual({
    out: '',
    err:
      'tar: /nosuch: Cannot stat: No such file or directory\ntar: Exiting with failure status due to previous errors\n' +
      'command terminated with exit code 2\n',
    code: 2,
  });
});
