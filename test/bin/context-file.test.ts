import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readContext, writeContext } from '../../bin/context-file';

let folder: string;
let state: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stsctl-context-'));
  state = join(folder, 'deep', 'state.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what was written is read; nothing set leaves no file', () => {
  expect(readContext(state)).toEqual({});
  writeContext(state, { namespace: 'staging' });
  expect(readContext(state)).toEqual({ namespace: 'staging' });
  expect(readdirSync(join(folder, 'deep'))).toEqual(['state.json.context']);
  writeContext(state, { namespace: '' });
  expect(existsSync(`${state}.context`)).toBe(false);
  expect(readContext(state)).toEqual({});
  writeContext(state, {});
  expect(readContext(state)).toEqual({});
});

test('a damaged file and a folder that cannot be made are told to the user', () => {
  const flat = join(folder, 'flat.json');
  writeFileSync(`${flat}.context`, '{');
  expect(() => readContext(flat)).toThrow(/^cannot read .*flat\.json\.context: /);
  expect(() => writeContext(join(`${flat}.context`, 'state.json'), { namespace: 'x' })).toThrow(
    /^cannot write .*: ENOTDIR|EEXIST/,
  );
});
