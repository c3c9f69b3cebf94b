/** Plays every walkthrough of examples/ from first command to last, and compares all that it prints. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { shell, workshop } from './conformance/replay';

const EXAMPLES = fileURLToPath(new URL('../examples', import.meta.url));
const folders = readdirSync(EXAMPLES).filter((name) => statSync(join(EXAMPLES, name)).isDirectory());

/** `# ` comments and `$ ` commands stay; what each command prints stands below it. */
async function play(folder: string): Promise<{ expected: string; actual: string }> {
  const path = join(EXAMPLES, folder, 'walkthrough.txt');
  const expected = readFileSync(path, 'utf8');
  const { env, clean } = workshop();
  const lines: string[] = [];
  try {
    for (const line of expected.split('\n')) {
      if (line.startsWith('#')) lines.push(line);
      if (!line.startsWith('$ ')) continue;
      const { stdout, stderr, code } = await shell(line.slice(2), join(EXAMPLES, folder), env);
      lines.push(line, ...`${stderr}${stdout}`.split('\n').slice(0, -1));
      if (code !== 0) lines.push(`(exit code ${code})`);
    }
  } finally {
    clean();
  }
  const actual = `${lines.join('\n')}\n`;
  if (process.env.UPDATE_EXAMPLES) writeFileSync(path, actual);
  return { expected: process.env.UPDATE_EXAMPLES ? actual : expected, actual };
}

describe.concurrent('the examples', () => {
  it.each(folders)('%s', async (folder) => {
    const { expected, actual } = await play(folder);
    expect(actual).toBe(expected);
  });
});
