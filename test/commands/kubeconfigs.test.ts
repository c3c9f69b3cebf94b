/**
 * What kubectl 1.36.3 itself answered where a kubeconfig, or what the flags name in it, can't be used. Which words those are
 * depends on what its command asks for first: the namespace to work in, or a client.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cli, createCli } from '../support/cli';

const RECORDED = fileURLToPath(new URL('./kubectl/kubeconfigs/', import.meta.url));

/** `$ ` command, `! ` stderr. */
function answers(): (readonly [command: string, err: string])[] {
  return readFileSync(join(RECORDED, 'answers.txt'), 'utf8')
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = '', ...lines] = part.trimEnd().split('\n');
      return [command, lines.map((line) => `${line.slice(2)}\n`).join('')] as const;
    });
}

let cli: Cli;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stsctl-kubeconfigs-'));
  cpSync(RECORDED, folder, { recursive: true });
  const manifests = readdirSync(RECORDED).filter((name) => name.endsWith('.yaml'));
  cli = createCli(Object.fromEntries(manifests.map((name) => [name, readFileSync(join(RECORDED, name), 'utf8')])));
  cli.calledAs = 'kubectl';
  cli.env.HOME = folder;
});
afterAll(() => {
  cli.dispose();
  rmSync(folder, { recursive: true, force: true });
});

describe('kubectl’s own answers to a kubeconfig that is of no use', () => {
  test.each(answers())('%s', async (command, err) => {
    const there = command.replace(/(--(?:kubeconfig|client-certificate|client-key)) (\w+\.yaml)/g, `$1 ${folder}/$2`);
    const said = await cli(there);
    expect({ out: said.out, err: said.err.replaceAll(`${folder}/`, '') }).toEqual({ out: '', err });
    expect(said.code).toBe(1);
  });
});
