import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StateFileError } from '../../../../src/core/backends/local/errors';
import { type Files, StateFile } from '../../../../src/core/backends/local/state-file';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stsctl-state-'));
  path = join(folder, 'state.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const failing = (code: string) => () => {
  throw Object.assign(new Error(code), { code });
};
const withFiles = (files: Partial<Files>) => new StateFile(path, { files: { ...fs, ...files } });

function errorOf(action: () => unknown): StateFileError {
  try {
    action();
  } catch (error) {
    if (error instanceof StateFileError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the folder', () => {
  test('is made with its parents', () => {
    const deep = join(folder, 'a', 'b', 'state.json');
    const file = new StateFile(deep);
    file.prepareFolder();
    file.prepareFolder();
    file.save({ clock: 1 });
    expect(new StateFile(deep).load()).toEqual({ clock: 1 });
  });

  test('is refused, without trying for ever, where it cannot be made', () => {
    const error = errorOf(() => new StateFile('/proc/nowhere/deep/state.json').prepareFolder());
    expect(error.summary).toMatch(/^cannot create the folder of the state file \/proc\/nowhere\/deep: /);
  });
});

describe('saving', () => {
  test('what is saved is read back, the version before stays as .bak', () => {
    const file = new StateFile(path);
    expect(file.load()).toBeUndefined();
    file.save({ clock: 1 });
    file.save({ clock: 2 });
    expect(file.load()).toEqual({ clock: 2 });
    expect(new StateFile(file.backupPath).load()).toEqual({ clock: 1 });
    expect(readdirSync(folder).sort()).toEqual(['state.json', 'state.json.bak']);
  });

  test('a failure at any step leaves the version before, and says so', () => {
    new StateFile(path).save({ clock: 1 });
    const before = readFileSync(path, 'utf8');
    const steps: (keyof Files)[] = ['openSync', 'writeSync', 'fsyncSync', 'renameSync'];
    for (const step of steps) {
      const error = errorOf(() => withFiles({ [step]: failing('ENOSPC') }).save({ clock: 2 }));
      expect(error.summary).toBe(`cannot write the state file ${path}: the disk is full`);
      expect(error.hint).toBe(
        'This change was not saved; the state before it is untouched.\nFree some space, or keep the state elsewhere with --state FILE.',
      );
      expect(readFileSync(path, 'utf8')).toBe(before);
      expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    }
  });

  test('the path names a complete file at every step', () => {
    const steps: string[] = [];
    const real: Files = fs;
    const watched = Object.fromEntries(
      (['openSync', 'writeSync', 'fsyncSync', 'closeSync', 'linkSync', 'renameSync', 'rmSync'] as const).map((name) => [
        name,
        (...args: never[]) => {
          steps.push(JSON.stringify(new StateFile(path).load()?.clock));
          return (real[name] as (...args: never[]) => unknown)(...args);
        },
      ]),
    );
    new StateFile(path).save({ clock: 1 });
    withFiles(watched).save({ clock: 2 });
    expect(new Set(steps)).toEqual(new Set(['1', '2']));
  });

  test('a link stays a link, and permissions stay', () => {
    const real = join(folder, 'real.json');
    new StateFile(real).save({ clock: 1 });
    expect(fs.statSync(real).mode & 0o777).toBe(0o600);
    chmodSync(real, 0o640);
    symlinkSync(real, path);
    const file = new StateFile(path);
    file.load();
    file.save({ clock: 2 });
    expect(fs.lstatSync(path).isSymbolicLink()).toBe(true);
    expect(new StateFile(real).load()).toEqual({ clock: 2 });
    expect(fs.statSync(real).mode & 0o777).toBe(0o640);
  });

  test('a link that leads nowhere yet leads to the file that is made', () => {
    symlinkSync(join('later', 'real.json'), path);
    symlinkSync(path, `${path}.link`);
    const file = new StateFile(`${path}.link`);
    expect(file.load()).toBeUndefined();
    file.prepareFolder();
    file.save({ clock: 1 });
    expect(fs.lstatSync(path).isSymbolicLink()).toBe(true);
    expect(fs.lstatSync(`${path}.link`).isSymbolicLink()).toBe(true);
    expect(new StateFile(join(folder, 'later', 'real.json')).load()).toEqual({ clock: 1 });
    expect(file.load()).toEqual({ clock: 1 });
  });

  test.skipIf(process.platform === 'win32')('what is no file is not read for ever, and never replaced', () => {
    execFileSync('mkfifo', [path]);
    for (const each of [path, '/dev/zero', '/dev/null']) {
      const error = errorOf(() => new StateFile(each).load());
      expect(error.summary).toBe(`cannot read the state file ${each}: it is no ordinary file`);
      expect(error.hint).toBe('Nothing was changed.\nName a file with --state FILE.');
      expect(errorOf(() => new StateFile(each).save({ clock: 1 })).summary).toBe(
        `cannot write the state file ${each}: it is no ordinary file`,
      );
    }
    expect(readdirSync(folder)).toEqual([basename(path)]);
  });

  test('without hard links the backup is a copy', () => {
    const file = withFiles({ linkSync: failing('EPERM') });
    file.save({ clock: 1 });
    file.save({ clock: 2 });
    expect(new StateFile(file.backupPath).load()).toEqual({ clock: 1 });
  });

  test('the folder is made', () => {
    const deep = new StateFile(join(folder, 'a', 'b', 'state.json'));
    deep.prepareFolder();
    deep.save({ clock: 1 });
    expect(deep.load()).toEqual({ clock: 1 });
    writeFileSync(join(folder, 'file'), '');
    const error = errorOf(() => new StateFile(join(folder, 'file', 'x', 'state.json')).prepareFolder());
    expect(error.summary).toBe(
      `cannot create the folder of the state file ${join(folder, 'file', 'x')}: a part of the path is no folder`,
    );
  });

  test('another version has another identity', () => {
    const file = new StateFile(path);
    expect(file.identity()).toBeUndefined();
    file.save({ clock: 1 });
    const first = file.identity();
    expect(file.identity()).toEqual(first);
    file.save({ clock: 1 });
    expect(file.identity()).not.toEqual(first);
  });
});

describe('reading what cannot be read', () => {
  test('a damaged file: what is wrong, where the last good copy is; nothing is changed', () => {
    const file = new StateFile(path);
    file.save({ clock: 1 });
    file.save({ clock: 2 });
    const text = readFileSync(path, 'utf8').slice(0, -5);
    writeFileSync(path, text);
    const error = errorOf(() => file.load());
    expect(error.summary).toContain(`the state file ${path} is damaged: `);
    expect(error.hint).toMatch(
      /^Nothing was changed\. The last good copy is .*state\.json\.bak, saved \d{4}-.*\. To go back to it:\n {2}stsctl sim restore --state \S*state\.json$/,
    );
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(new StateFile(file.backupPath).load()).toEqual({ clock: 1 });
  });

  test.each([
    ['', 'it is empty'],
    ['[]', 'it is no JSON object'],
    ['{"lists":{}}', 'it carries no schema number'],
    ['{"schema":"1","lists":{}}', 'it carries no schema number'],
    ['{"schema":1,"lists":{"objects":[]}}', '"objects" has no shapes and lines'],
    [
      '{"schema":1,"lists":{"objects":{"shapes":[{}],"lines":[]}}}',
      'shape 0 of "objects" has no base, columns and derived',
    ],
  ])('%s: %s', (text, why) => {
    writeFileSync(path, text);
    const error = errorOf(() => new StateFile(path).load());
    expect(error.summary).toBe(`the state file ${path} is damaged: ${why}`);
    expect(error.hint).toBe(
      `Nothing was changed. There is no good copy beside it. To start anew, move it away:\n  mv ${path} ${path}.damaged`,
    );
  });

  test('a damaged backup is not recommended', () => {
    writeFileSync(path, '{');
    writeFileSync(`${path}.bak`, '{');
    expect(errorOf(() => new StateFile(path).load()).hint).toContain('There is no good copy beside it');
  });

  test('a newer schema is refused by name', () => {
    new StateFile(path, { schema: 7 }).save({ clock: 1 });
    const error = errorOf(() => new StateFile(path).load());
    expect(error.summary).toBe(
      `the state file ${path} was written by a newer stsctl: it has schema 7, this version reads up to 1`,
    );
    expect(error.hint).toBe('Nothing was changed. Update stsctl, or use another file with --state FILE.');
  });

  test('an older schema is migrated step by step', () => {
    new StateFile(path).save({ clock: 1 });
    const migrations = { 1: (d: object) => ({ ...d, two: true }), 2: (d: object) => ({ ...d, three: true }) };
    expect(new StateFile(path, { schema: 3, migrations }).load()).toEqual({ clock: 1, two: true, three: true });
    expect(errorOf(() => new StateFile(path, { schema: 3, migrations: {} }).load()).message).toContain(
      'has schema 1, which',
    );
  });

  test('a folder, and a file that may not be read', () => {
    fs.mkdirSync(path);
    expect(errorOf(() => new StateFile(path).load()).summary).toBe(
      `cannot read the state file ${path}: it is a folder`,
    );
    const error = errorOf(() => withFiles({ readFileSync: failing('EACCES') as Files['readFileSync'] }).load());
    expect(error.summary).toBe(`cannot read the state file ${path}: permission denied`);
    expect(error.hint).toBe(
      'Nothing was changed.\nCheck the permissions, or keep the state elsewhere with --state FILE.',
    );
  });
});
