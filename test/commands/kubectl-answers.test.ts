/**
 * What kubectl 1.36.3 itself answered to some hundred command lines: mistakes of every kind, and what it prints without a
 * server (--dry-run=client, --local). Called by the name of kubectl, every answer is the same to the letter.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cli, createCli } from '../support/cli';

const FOLDER = fileURLToPath(new URL('./kubectl/', import.meta.url));
const manifests = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));

interface Answer {
  readonly command: string;
  out: string;
  err: string;
  code: number;
}

/** `$ ` command, `| ` stdout, `! ` stderr, `= ` exit code where it is not 0. */
function answers(): Answer[] {
  const read: Answer[] = [];
  for (const line of readFileSync(`${FOLDER}answers.txt`, 'utf8').split('\n')) {
    const rest = line.slice(2);
    const last = read.at(-1);
    if (line.startsWith('$ ')) read.push({ command: rest, out: '', err: '', code: 0 });
    else if (last && line.startsWith('| ')) last.out += `${rest}\n`;
    else if (last && line.startsWith('! ')) last.err += `${rest}\n`;
    else if (last && line.startsWith('= ')) last.code = Number(rest);
  }
  return read;
}

/** Words as a shell reads them; only single quotes are known. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replace(/'([^']*)'/g, '$1'));

let cli: Cli;

beforeAll(async () => {
  cli = createCli(Object.fromEntries(manifests.map((name) => [name, readFileSync(FOLDER + name, 'utf8')])));
  cli.calledAs = 'kubectl';
  await cli('apply -f web.yaml');
  await cli('sim clock settle');
});
afterAll(() => cli.dispose());

describe('kubectl’s own answers', () => {
  test.each(answers().map((answer) => [answer.command, answer] as const))('%s', async (command, answer) => {
    const { out, err, code } = await cli(wordsOf(command));
    expect({ out, err: err.replace(/^W \S+\] /gm, 'W '), code }).toEqual({
      out: answer.out,
      err: answer.err,
      code: answer.code,
    });
  });
});
