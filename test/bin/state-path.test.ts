import os from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { statePath } from '../../bin/state-path';
import { transcriptPort } from '../../bin/transcripts';

const homeless = () =>
  vi.spyOn(os, 'homedir').mockImplementation(() => {
    throw new Error('uv_os_homedir returned ENOENT');
  });

beforeEach(() => {
  vi.stubEnv('STSCTL_STATE', '');
  vi.stubEnv('XDG_STATE_HOME', '');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test('the nearest word counts', () => {
  vi.spyOn(os, 'homedir').mockReturnValue('/home/me');
  expect(statePath(undefined)).toBe(join('/home/me', '.local', 'state', 'stsctl', 'state.json'));
  vi.stubEnv('XDG_STATE_HOME', '/states');
  expect(statePath(undefined)).toBe(join('/states', 'stsctl', 'state.json'));
  vi.stubEnv('STSCTL_STATE', 'a.json');
  expect(statePath(undefined)).toBe(resolve('a.json'));
  expect(statePath('b.json')).toBe(resolve('b.json'));
});

test('a user without a home is asked for a file, and nothing is recorded for one', () => {
  homeless();
  expect(() => statePath(undefined)).toThrow(
    'cannot tell where the cluster is kept: the user has no home folder\nSet HOME, or name a file with --state FILE or STSCTL_STATE.',
  );
  expect(statePath('/b.json')).toBe(resolve('/b.json'));
  expect(transcriptPort(statePath).current(undefined)).toBeUndefined();
  vi.stubEnv('XDG_STATE_HOME', '/states');
  expect(statePath(undefined)).toBe(join('/states', 'stsctl', 'state.json'));
});
