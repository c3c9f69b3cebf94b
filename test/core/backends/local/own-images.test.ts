import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readOwnImages } from '../../../../src/core/backends/local/pods/own-images';
import { registerImages } from '../../../../src/core/kubelet/catalogue';
import { podManifest, World } from '../../kubelet/network/world';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stsctl-images-'));
  mkdirSync(join(folder, 'mydb*', 'bin'), { recursive: true });
  writeFileSync(join(folder, 'mydb*', 'bin', 'mydb'), '#!/bin/sh\necho "mydb $1 on $(hostname)"\nexit 3\n');
});
afterEach(() => {
  registerImages([]);
  rmSync(folder, { recursive: true, force: true });
});

test('scripts of a folder are programs of the images that it names', async () => {
  writeFileSync(
    join(folder, 'mydb*', 'image.json'),
    '{"listens": [{"port": 7000, "protocol": "http"}], "files": {"/etc/mydb": "x"}}',
  );
  const world = new World();
  registerImages(readOwnImages(folder));
  world.create(podManifest('a', { image: 'registry.example.com/team/mydb-server:1.2' }));
  expect(await world.run('a', 'mydb up')).toEqual({ stdout: 'mydb up on a\n', stderr: '', code: 3 });
  expect(await world.out('a', 'cat /etc/mydb')).toBe('x');
  expect((await world.run('a', 'nc -z localhost 7000')).code).toBe(0);
  expect((await world.run('a', 'nosuch')).code).toBe(127);
  world.close();
});

test('a folder that is not there holds none; a wrong image.json is named', () => {
  expect(readOwnImages(join(folder, 'nope'))).toEqual([]);
  writeFileSync(join(folder, 'mydb*', 'image.json'), '{"listens": 3}');
  expect(() => readOwnImages(folder)).toThrow(/image\.json: expected/);
});
