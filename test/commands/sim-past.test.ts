/** sim undo, redo, history, restore and snapshot, as the user types them. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { differences, SET, worldOf } from '../core/backends/local/undo/fixtures';
import { type Cli, createCli } from '../support/cli';

let cli: Cli;
beforeEach(() => {
  cli = createCli({ 'set.yaml': SET, 'a.txt': 'a\n' });
});
afterEach(() => cli.dispose());

const world = () => worldOf(cli.state);
const history = async (): Promise<string[]> =>
  JSON.parse((await cli('sim history -o json')).out).map(
    ({ command, undone }: { command: string; undone: boolean }) => `${undone ? '-' : '+'} ${command}`,
  );
/** The folder of web-0's volume. */
const volumeOf = (): string => {
  const volumes = readdirSync(`${cli.state}.volumes`).map((name) => join(`${cli.state}.volumes`, name));
  return volumes.find((volume) => readFileSync(join(volume, 'name'), 'utf8') === 'web-0\n') ?? '';
};

describe('what is a step', () => {
  test('a command that changed something, however often it saved; not one that reads, fails or changes nothing', async () => {
    await cli('get pods');
    await cli('apply -f set.yaml');
    await cli('rollout status sts/web');
    await cli('get pods');
    await cli('exec web-0 -- cat /data/name');
    await cli('cp web-0:/data/name copied.txt');
    await cli('logs web-0');
    await cli('label sts/web a=b');
    await cli('label sts/web a=b');
    await cli('delete pod nobody');
    await cli('scale sts/web --replicas=3 --dry-run=server');
    await cli('sim config start=1s');
    await cli(['annotate', 'sts/web', "note=it's two words"]);
    await cli('delete sts web');
    expect(await history()).toEqual([
      '+ apply -f set.yaml',
      '+ rollout status sts/web',
      '+ label sts/web a=b',
      "+ annotate sts/web 'note=it'\\''s two words'",
      '+ delete sts web',
    ]);
  });

  test('a table for people', async () => {
    expect(await cli('sim history')).toEqual({ out: '', err: 'No commands yet.\n', code: 0 });
    await cli('create configmap one --from-literal=a=b');
    await cli('create configmap two --from-literal=a=b');
    await cli('sim undo');
    expect((await cli('sim history')).out).toBe(
      'NUMBER   TYPED                  STATE    COMMAND\n' +
        '1        1970-01-01T00:00:00Z   done     create configmap one --from-literal=a=b\n' +
        '2        1970-01-01T00:00:00Z   undone   create configmap two --from-literal=a=b\n',
    );
  });
});

test('a command of several lines is one line, without a header where none is wanted, and never steers the terminal', async () => {
  await cli(['create', 'configmap', 'one', '--from-literal=a=b\n  c\u001b[31m']);
  const command = "create configmap one '--from-literal=a=b c^[[31m'";
  expect((await cli('sim history --no-headers')).out).toBe(`1     1970-01-01T00:00:00Z   done   ${command}\n`);
  expect((await cli('sim undo')).out).toBe(`undone: ${command}\n`);
  expect((await cli('sim redo')).out).toBe(`redone: ${command}\n`);
  await cli('sim snapshot save here');
  expect((await cli('sim snapshot list --no-headers')).out).toMatch(
    /^here {3}\S+Z {3}virtual {3}2026\S+Z {3}\d+ +0\n$/,
  );
});

describe('undo and redo', () => {
  test('say what they did, the last first', async () => {
    await cli('create configmap one --from-literal=a=b');
    await cli('create configmap two --from-literal=a=b');
    expect(await cli('sim undo 2')).toEqual({
      out: 'undone: create configmap two --from-literal=a=b\nundone: create configmap one --from-literal=a=b\n',
      err: '',
      code: 0,
    });
    expect((await cli('sim redo')).out).toBe('redone: create configmap one --from-literal=a=b\n');
    expect((await cli('get cm -o name')).out).toBe('configmap/kube-root-ca.crt\nconfigmap/one\n');
  });

  test('a command after an undo ends what can be redone', async () => {
    await cli('create configmap one --from-literal=a=b');
    await cli('create configmap two --from-literal=a=b');
    await cli('sim undo');
    await cli('create configmap three --from-literal=a=b');
    expect((await cli('sim redo')).err).toBe('error: there is nothing to redo\n');
    expect(await history()).toEqual([
      '+ create configmap one --from-literal=a=b',
      '+ create configmap three --from-literal=a=b',
    ]);
    await cli('sim undo');
    expect((await cli('get cm -o name')).out).not.toContain('three');
  });

  test.each([
    ['sim undo', 'error: there is nothing to undo\n'],
    ['sim redo', 'error: there is nothing to redo\n'],
    ['sim undo 0', 'error: invalid count "0": must be a positive number\n'],
    ['sim undo -- -1', 'error: invalid count "-1": must be a positive number\n'],
    ['sim redo x', 'error: invalid count "x": must be a positive number\n'],
  ])('%s is refused', async (command, err) => {
    expect(await cli(command)).toEqual({ out: '', err, code: 1 });
    expect(existsSync(cli.state)).toBe(false);
  });

  test('more than there is is refused, and nothing is changed', async () => {
    await cli('create configmap one --from-literal=a=b');
    const before = world();
    expect((await cli('sim undo 2')).err).toBe('error: there is less to undo: only 1 command\n');
    expect(differences(before, world())).toEqual([]);
  });

  test('reset, of a cluster with files', async () => {
    await cli('apply -f set.yaml');
    await cli('sim clock settle');
    const before = world();
    await cli('sim reset');
    expect(Object.keys(world())).toEqual(['state']);
    await cli('sim undo');
    expect(differences(before, world())).toEqual([]);
  });

  test('files that somebody else changed come back as they were before the command', async () => {
    await cli('apply -f set.yaml');
    await cli('sim clock settle');
    const volume = volumeOf();
    writeFileSync(join(volume, 'mine'), 'by hand');
    mkdirSync(join(volume, 'closed'));
    writeFileSync(join(volume, 'closed', 'secret'), 'hidden');
    chmodSync(join(volume, 'closed'), 0);
    symlinkSync('/etc/passwd', join(volume, 'out'));
    const before = world();
    await cli('delete sts web');
    await cli('sim clock settle');
    expect(existsSync(volume)).toBe(false);
    const passwords = readFileSync('/etc/passwd', 'utf8');
    await cli('sim undo 2');
    expect(differences(before, world())).toEqual([]);
    expect(readFileSync('/etc/passwd', 'utf8')).toBe(passwords);
  });

  test('a large file that changed in place, at the same size', async () => {
    await cli('apply -f set.yaml');
    await cli('sim clock settle');
    const file = join(volumeOf(), 'large');
    for (const letter of ['a', 'b', 'c']) {
      writeFileSync(file, letter.repeat(200_000));
      await cli(['exec', 'web-0', '--', 'sh', '-c', `echo ${letter} >> /data/log`]);
    }
    for (const letter of ['c', 'b', 'a']) {
      await cli('sim undo');
      expect(readFileSync(file, 'utf8')).toBe(letter.repeat(200_000));
    }
  });
});

describe('how much is kept', () => {
  test('hundreds of commands, in little space', async () => {
    await cli('create configmap one --from-literal=a=b');
    for (let i = 0; i < 200; i++) await cli(`label cm one n=${i} --overwrite`);
    const folder = `${cli.state}.undo`;
    const size = readdirSync(folder).reduce((sum, name) => sum + readFileSync(join(folder, name)).length, 0);
    // The last 64 to 127 are whole.
    expect(size).toBeLessThan(128 * readFileSync(cli.state).length + 200 * 1000);
    expect((await history()).length).toBe(201);
    await cli('sim undo 200');
    expect((await cli(['get', 'cm', 'one', '-o', 'jsonpath={.metadata.labels}'])).out).toBe('');
    await cli('sim redo 100');
    expect((await cli(['get', 'cm', 'one', '-o', 'jsonpath={.metadata.labels.n}'])).out).toBe('99');
    await cli('label cm one n=new --overwrite');
    expect((await history()).length).toBe(102);
    await cli('sim undo 2');
    expect((await cli(['get', 'cm', 'one', '-o', 'jsonpath={.metadata.labels.n}'])).out).toBe('98');
  });

  test('the oldest goes where the space ends; the last command can always be undone', async () => {
    await cli('create configmap one --from-literal=a=b');
    await cli('sim config undo=100Ki');
    expect((await cli('sim config')).out).toContain('undo=100Ki\n');
    for (let i = 0; i < 40; i++) await cli(`label cm one n=${i} --overwrite`);
    const steps = await history();
    expect(steps.length).toBeGreaterThan(5);
    expect(steps.length).toBeLessThan(42);
    expect(steps.at(-1)).toBe('+ label cm one n=39 --overwrite');
    await cli(`sim undo ${steps.length}`);
    expect((await cli('sim undo')).err).toBe('error: there is nothing to undo\n');
    await cli(`sim redo ${steps.length}`);
    expect((await cli(['get', 'cm', 'one', '-o', 'jsonpath={.metadata.labels.n}'])).out).toBe('39');
    await cli('sim config undo=1Ki');
    await cli('label cm one n=last --overwrite');
    expect(await history()).toEqual(['+ label cm one n=last --overwrite']);
  });

  test('the space is told as it can be typed again', async () => {
    for (const [typed, told] of [
      ['64Mi', '64Mi'],
      ['67108864', '64Mi'],
      ['2048Mi', '2Gi'],
      ['1000', '1000'],
      ['off', 'off'],
    ]) {
      expect((await cli(`sim config undo=${typed}`)).out).toContain(`undo=${told}\n`);
      expect((await cli(`sim config undo=${told}`)).code).toBe(0);
    }
  });

  test('nothing, where the user wants nothing kept', async () => {
    await cli('create configmap one --from-literal=a=b');
    await cli('sim config undo=off');
    await cli('label cm one n=1');
    expect(existsSync(`${cli.state}.undo`)).toBe(false);
    expect((await cli('sim undo')).err).toBe('error: there is nothing to undo\n');
    for (const value of ['0', 'x', '-1', '12Ti', ''])
      expect((await cli(['sim', 'config', `undo=${value}`])).err).toBe(
        `error: invalid value "${value}" for setting undo: must be off, or a size such as 64Mi or 1Gi\n`,
      );
  });
});

describe('snapshots', () => {
  test('are saved, listed, compared, restored and deleted', async () => {
    await cli('apply -f set.yaml');
    await cli('sim clock settle');
    expect(await cli('sim snapshot save one')).toEqual({ out: 'snapshot "one" saved\n', err: '', code: 0 });
    const saved = world();
    expect(await cli('sim snapshot diff one')).toEqual({ out: '', err: '', code: 0 });
    await cli('label sts/web a=b');
    await cli(['exec', 'web-0', '--', 'sh', '-c', 'echo new > /data/new; rm /data/link; echo more >> /data/starts']);
    const changed = await cli('sim snapshot diff one');
    expect(changed.code).toBe(1);
    const volume = volumeOf().split('/').at(-1);
    expect(changed.out).toContain(
      'diff -u -N one/apps.v1.StatefulSet.default.web NOW/apps.v1.StatefulSet.default.web\n',
    );
    expect(changed.out).toContain('\n+    a: b\n');
    expect(changed.out).not.toContain('resourceVersion');
    expect(changed.out.split('\n').filter((line) => line.startsWith('File '))).toEqual([
      `File state.json.volumes/${volume}/link removed`,
      `File state.json.volumes/${volume}/new added`,
      `File state.json.volumes/${volume}/starts changed`,
    ]);
    await cli('sim snapshot save two');
    expect((await cli('sim snapshot diff one two')).out.replaceAll('two/', 'NOW/')).toBe(changed.out);
    expect((await cli('sim snapshot list')).out).toMatch(
      /^NAME {3}SAVED +CLOCK +TIME +OBJECTS +PODS\none .*virtual.* 2\ntwo .*virtual.* 2\n$/,
    );
    expect(JSON.parse((await cli('sim snapshot list -o json')).out)[0]).toMatchObject({
      name: 'one',
      clock: 'virtual',
      pods: 2,
    });
    const before = world();
    expect((await cli('sim snapshot restore one')).out).toBe('snapshot "one" restored\n');
    expect(differences(saved, world())).toEqual([]);
    expect((await history()).at(-1)).toBe('+ sim snapshot restore one');
    await cli('sim undo');
    expect(differences(before, world())).toEqual([]);
    expect((await cli('sim snapshot delete one two')).out).toBe('snapshot "one" deleted\nsnapshot "two" deleted\n');
    expect(readdirSync(`${cli.state}.snapshots`)).toEqual(['files']);
    expect(readdirSync(`${cli.state}.snapshots/files`)).toEqual([]);
    expect(await cli('sim snapshot list')).toEqual({ out: '', err: 'No snapshots yet.\n', code: 0 });
  });

  test('hide the values of Secrets', async () => {
    await cli('create secret generic s --from-literal=key=first');
    await cli('sim snapshot save one');
    await cli('delete secret s');
    await cli('create secret generic s --from-literal=key=second');
    const { out } = await cli('sim snapshot diff one');
    expect(out).toContain("-  key: '*** (before)'\n+  key: '*** (after)'\n");
    expect((await cli('sim snapshot diff one --show-secrets')).out).toContain(Buffer.from('second').toString('base64'));
    await cli('delete secret s');
    expect((await cli('sim snapshot diff one')).out).not.toContain(Buffer.from('first').toString('base64'));
  });

  test('refuse what makes no sense, and change nothing', async () => {
    await cli('create configmap one --from-literal=a=b');
    await cli('sim snapshot save one');
    const before = world();
    const refusals: [string, RegExp][] = [
      ['sim snapshot save one', /^error: snapshot "one" already exists; --overwrite replaces it\n$/],
      ['sim snapshot save One', /^error: invalid name "One" for a snapshot: a lowercase RFC 1123 subdomain/],
      [`sim snapshot save ${'a'.repeat(201)}`, /: must be no more than 200 characters\n$/],
      ['sim snapshot save ../x', /^error: invalid name "..\/x" for a snapshot: /],
      ['sim snapshot restore two', /^error: snapshot "two" not found\n$/],
      ['sim snapshot delete two', /^error: snapshot "two" not found\n$/],
      ['sim snapshot diff one two', /^error: snapshot "two" not found\n$/],
      ['sim snapshot save', /^error: expected exactly one NAME\n/],
      ['sim snapshot diff', /^error: expected one or two NAMEs\n/],
      ['sim snapshot list -o table', /^error: --output must be 'yaml' or 'json'\n$/],
    ];
    for (const [command, err] of refusals) {
      const result = await cli(command);
      expect(result.err, command).toMatch(err);
      expect(result).toMatchObject({ out: '', code: 1 });
    }
    expect((await cli('sim snapshot save one --overwrite')).code).toBe(0);
    expect(differences(before, world())).toEqual([]);
  });
});

describe('sim restore', () => {
  test('puts the state before the last command back, with its files', async () => {
    await cli('apply -f set.yaml');
    await cli('sim clock settle');
    const before = world();
    await cli(['exec', 'web-0', '--', 'sh', '-c', 'echo late > /data/late']);
    const damaged = readFileSync(cli.state, 'utf8').slice(0, -9);
    writeFileSync(cli.state, damaged);
    const { err } = await cli('get pods');
    expect(err).toContain(`To go back to it:\n  stsctl sim restore --state ${cli.state}\n`);
    const { out, code } = await cli('sim restore');
    expect(code).toBe(0);
    expect(out).toMatch(/^restored from .*state\.json\.bak, saved .*; the damaged file is .*state\.json\.damaged\n$/);
    expect(differences(before, world())).toEqual([]);
    expect(readFileSync(`${cli.state}.damaged`, 'utf8')).toBe(damaged);
    expect(await history()).toEqual(['+ apply -f set.yaml', '+ sim clock settle']);
    await cli('sim undo');
    expect((await cli('get pods')).code).toBe(0);
  });

  test('goes further back where the backup is damaged too', async () => {
    await cli('create configmap one --from-literal=a=b');
    await cli('create configmap two --from-literal=a=b');
    await cli('create configmap three --from-literal=a=b');
    for (const path of [cli.state, `${cli.state}.bak`]) writeFileSync(path, '{');
    // The backup is the version before the last command by another name.
    expect((await cli('sim restore')).code).toBe(0);
    expect((await cli('get cm -o name')).out).toBe('configmap/kube-root-ca.crt\nconfigmap/one\n');
  });

  test('leaves a good file alone', async () => {
    await cli('create configmap one --from-literal=a=b');
    const before = world();
    expect((await cli('sim restore')).err).toBe(
      `error: the state file ${cli.state} is not damaged: there is nothing to restore\n`,
    );
    expect(differences(before, world())).toEqual([]);
  });

  test('says where nothing is left', async () => {
    writeFileSync(cli.state, '{');
    expect((await cli('sim restore')).err).toBe(
      `error: there is no good copy of ${cli.state}; "sim reset" begins with an empty cluster\n`,
    );
  });
});
