/** Files that no program of a container makes, but people do: undo, redo and snapshots bring them back as they were. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { type Cli, createCli } from '../../../../support/cli';
import { SET } from './fixtures';

let cli: Cli;
afterEach(() => cli.dispose());

const raw = (name: string): Buffer => Buffer.from(name, 'latin1');

/** Every name below a folder, by its bytes, with what it is; times in microseconds, as the system keeps them. */
function look(folder: string): string[] {
  return readdirSync(raw(folder), { encoding: 'buffer' })
    .map((name) => name.toString('latin1'))
    .sort()
    .flatMap((name) => {
      const path = `${folder}/${name}`;
      const stat = lstatSync(raw(path));
      const time = Math.round(stat.mtimeMs * 1000);
      const mode = (stat.mode & 0o7777).toString(8);
      if (stat.isSymbolicLink()) return [`${path} -> ${readlinkSync(raw(path))} ${time}`];
      if (stat.isDirectory()) return [`${path} ${mode} ${time}`, ...look(path)];
      return [`${path} ${mode} ${time} ${readFileSync(raw(path), 'latin1')}`];
    });
}

test('names that are no text, times, closed folders and links', async () => {
  cli = createCli({ 'set.yaml': SET });
  await cli('apply -f set.yaml');
  await cli('sim clock settle');
  const volumes = `${cli.state}.volumes`;
  const [volume] = readdirSync(volumes).map((name) => `${volumes}/${name}`);
  writeFileSync(raw(`${volume}/bad\xff\xfename`), 'bytes');
  mkdirSync(raw(`${volume}/folder\xfe`));
  writeFileSync(raw(`${volume}/folder\xfe/\xc3\xbc`), 'in it');
  writeFileSync(`${volume}/\ufffd`, 'a valid name');
  writeFileSync(`${volume}/two\nlines \u001b[31m`, 'hostile');
  symlinkSync('/etc/passwd', `${volume}/out`);
  lutimesSync(`${volume}/out`, 1_000_000_000.25, 1_000_000_000.25);
  for (const [i, name] of ['name', 'starts'].entries())
    utimesSync(`${volume}/${name}`, 1_700_000_000 + 0.000_001 * (i + 1.5), 1_700_000_000 + 0.000_001 * (i + 1.5));
  chmodSync(`${volume}/empty`, 0o1000);
  const before = look(volumes);
  await cli('sim snapshot save a');
  await cli('delete sts web');
  await cli('sim clock settle');
  expect(existsSync(volume)).toBe(false);
  const { out } = await cli('sim snapshot diff a');
  expect(out).toContain('two\\nlines \\u001b[31m" removed\n');
  expect(out).toContain('/bad\xff\xfename" removed\n');
  // A pod that came or went is one line, not all of its image.
  expect(out.match(/^File .*\.pods\/.*$/gm)).toEqual([
    expect.stringMatching(/\.pods\/[-0-9a-f]{36}\/ removed$/),
    expect.stringMatching(/\.pods\/[-0-9a-f]{36}\/ removed$/),
  ]);
  for (let times = 0; times < 3; times++) {
    await cli('sim undo');
    while (!existsSync(volume)) await cli('sim undo');
    expect(look(volumes)).toEqual(before);
    await cli('sim redo');
    while ((await cli('sim redo')).code === 0);
    expect(existsSync(volume)).toBe(false);
  }
  await cli('sim snapshot restore a');
  expect(look(volumes)).toEqual(before);
});
