/** A damaged state file: it is noticed, named with the way back, left as it is, and put back by `sim restore`. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cli, createCli, webYaml } from '../../../../support/cli';
import { differences, random, worldOf } from '../undo/fixtures';

const LONG = process.env.STSCTL_TEST_LONG === '1';

let cli: Cli;
let original: string;
let text: Uint8Array;
beforeAll(async () => {
  cli = createCli({ 'web.yaml': webYaml(3) });
  await cli('apply -f web.yaml');
  await cli('sim clock advance 1m');
  await cli('create secret generic umlaut --from-literal=a=häß😀');
  original = mkdtempSync(join(tmpdir(), 'stsctl-damaged-'));
  cpSync(dirname(cli.state), original, { recursive: true });
  text = Uint8Array.from(readFileSync(cli.state));
});
afterAll(() => {
  cli.dispose();
  rmSync(original, { recursive: true, force: true });
});

function again(): void {
  rmSync(dirname(cli.state), { recursive: true, force: true });
  cpSync(original, dirname(cli.state), { recursive: true, preserveTimestamps: true });
}

type Damage = (bytes: Uint8Array, next: () => number) => Uint8Array;
const at = (bytes: Uint8Array, next: () => number) => Math.floor(next() * bytes.length);

const DAMAGES: Readonly<Record<string, Damage>> = {
  'a truncation': (bytes, next) => bytes.slice(0, at(bytes, next)),
  'a flipped bit': (bytes, next) => {
    bytes[at(bytes, next)] ^= 1 << Math.floor(next() * 8);
    return bytes;
  },
  'a digit that became another': (bytes, next) => {
    let place = at(bytes, next);
    while (bytes[place] < 48 || bytes[place] > 57) place = (place + 1) % bytes.length;
    bytes[place] = 48 + ((bytes[place] - 47) % 10);
    return bytes;
  },
  'several flipped bits': (bytes, next) => {
    for (let i = 0; i < 20; i++) bytes[at(bytes, next)] ^= 1 << Math.floor(next() * 8);
    return bytes;
  },
  'a sector of zeros': (bytes, next) => {
    const sector = 512 * Math.floor(at(bytes, next) / 512);
    return bytes.fill(0, sector, sector + 512);
  },
  'a line that is missing': (bytes, next) => {
    // Who takes out the line of the sum, the second, has edited the file.
    const place = bytes.indexOf(10, 40 + Math.floor(at(bytes, next) / 2));
    const end = bytes.indexOf(10, place + 1);
    return Uint8Array.of(...bytes.slice(0, place), ...bytes.slice(end < 0 ? bytes.length : end));
  },
  'a line that is there twice': (bytes, next) => {
    const place = bytes.indexOf(10, Math.floor(at(bytes, next) / 2));
    const end = bytes.indexOf(10, place + 1);
    return Uint8Array.of(...bytes.slice(0, end), ...bytes.slice(place));
  },
};

describe.each(Object.entries(DAMAGES))('%s', (name, damage) => {
  test('is noticed by who reads and who writes, and repaired', async () => {
    again();
    const next = random(Object.keys(DAMAGES).indexOf(name));
    for (let i = 0; i < (LONG ? 3000 : 30); i++) {
      const damaged = damage(text.slice(), next);
      writeFileSync(cli.state, damaged);
      for (const command of ['get pods -o name', 'label sts/web n=1', 'sim history', 'sim undo']) {
        if (command.startsWith('sim') && i % 10 > 0) continue;
        const { code, err, out } = await cli(command);
        if (command === 'sim history') continue;
        expect({ code, out }, command).toEqual({ code: 1, out: '' });
        expect(err).toContain(`the state file ${cli.state} is damaged: `);
        expect(err).toContain(`The last good copy is ${cli.state}.bak, saved `);
        expect(err).toContain(`stsctl sim restore --state ${cli.state}`);
        expect(err.split('\n').length).toBeLessThan(9);
        expect(readFileSync(cli.state).equals(damaged)).toBe(true);
      }
      if (i % 20 > 0) continue;
      expect(await cli('sim restore')).toMatchObject({ code: 0, err: '' });
      expect((await cli('get secrets -o name')).out).toBe('');
      expect((await cli('get pods -o name')).out).toBe('pod/web-0\npod/web-1\npod/web-2\n');
      again();
    }
  });
});

describe('edited by hand', () => {
  const lines = () => new TextDecoder().decode(text).replace('"replicas":3', '"replicas":1');
  const without = (edited: string) => edited.replace(/^"sum":.*\n/m, '');

  test('it is taken as it is without its sum, and gets a new one', async () => {
    again();
    writeFileSync(cli.state, lines());
    expect((await cli('get sts')).err).toContain(
      'it is not what was saved (its content and its line "sum" differ)\nNothing was changed. The last good copy is',
    );
    expect((await cli('get sts')).err).toContain(
      '\nIf you edited it by hand, remove its line "sum": it is then taken as it is.\n',
    );
    writeFileSync(cli.state, without(lines()));
    expect((await cli('get sts web -o jsonpath={.spec.replicas}')).out).toBe('1');
    expect(await cli('label sts/web n=1')).toMatchObject({ code: 0, err: '' });
    expect(readFileSync(cli.state, 'utf8')).toMatch(/^\{"schema":1,\n"sum":"[0-9a-f]{8}",\n/);
    expect(await cli('sim clock settle')).toMatchObject({ code: 0 });
    expect((await cli('get pods -o name')).out).toBe('pod/web-0\n');
  });

  test('as jq writes it', async () => {
    again();
    const document = JSON.parse(without(new TextDecoder().decode(text)));
    writeFileSync(cli.state, JSON.stringify(document, null, 2));
    expect((await cli('get pods -o name')).out).toBe('pod/web-0\npod/web-1\npod/web-2\n');
    writeFileSync(cli.state, JSON.stringify({ sum: 'x', ...document }, null, 2));
    expect((await cli('get pods')).err).toContain('it is not what was saved');
  });

  test('what makes no sense is refused, whatever it is', { timeout: LONG ? 1_800_000 : 120_000 }, async () => {
    again();
    const next = random(5);
    const plain = new TextEncoder().encode(without(new TextDecoder().decode(text)));
    for (let i = 0; i < (LONG ? 5000 : 140); i++) {
      const damage = Object.values(DAMAGES)[i % 7];
      writeFileSync(cli.state, damage(plain.slice(), next));
      for (const command of ['get all -o yaml', 'sim clock advance 10s', 'apply -f web.yaml', 'describe sts web']) {
        const { code, err } = await cli(command).catch((error) => ({ code: 2, err: `${error.stack}` }));
        if (code > 0)
          expect(err, `${i}, ${command}`).toMatch(/^error: |^Error from server|^The (?:\w+ ".*"|request) is invalid: /);
      }
    }
  });
});

test('where the backup is damaged too, the newest version that undo keeps is put back', async () => {
  again();
  await cli('create configmap one');
  await cli('create configmap two');
  const before = worldOf(cli.state);
  await cli('create configmap three');
  await cli('create configmap four');
  writeFileSync(cli.state, '{');
  writeFileSync(`${cli.state}.bak`, '{');
  expect((await cli('get pods')).err).toContain('The last good copy is the newest of those that undo keeps.');
  expect(await cli('sim restore')).toMatchObject({ code: 0, err: '' });
  expect(differences(before, worldOf(cli.state)).length).toBeLessThan(2);
  expect((await cli('get configmaps -o name')).out).toContain('configmap/two');
});
