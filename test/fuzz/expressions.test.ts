/**
 * No regular expression of ours can be made to backtrack for long: each is proved to take time linear in its text, or stands among those
 * that take more, with the reason why its text is short. recheck proves it; what it has proved is kept in expressions.json, which
 * UPDATE_EXPRESSIONS=1 writes. The long run proves everything again.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkSync } from 'recheck';
import { expect, test } from 'vitest';
import { expressionsIn } from './support/expressions';
import { LONG } from './support/fuzz';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LIST = fileURLToPath(new URL('expressions.json', import.meta.url));
const UPDATE = Boolean(process.env.UPDATE_EXPRESSIONS);

interface Known {
  /** Proved to be linear. */
  readonly linear: readonly string[];
  /** At worst the square or the cube of a text's length, and why that is short. */
  readonly bounded: Readonly<Record<string, string>>;
}

/** Proving may take a while, ms. */
const PATIENCE = 20_000;

/** `linear`, or what it is instead. */
function complexityOf(expression: string): string {
  const [, source = '', flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(expression) ?? [];
  // Without a repetition that has no end there is nothing to try twice.
  if (!/[*+]|\{\d+,\}/.test(source)) return 'linear';
  // A group's name says nothing of what it matches.
  const result = checkSync(source, flags, { timeout: PATIENCE });
  if (result.status === 'safe') return 'linear';
  return result.status === 'vulnerable' ? result.complexity.summary : result.status;
}

test('every regular expression ends soon', () => {
  const { linear, bounded } = JSON.parse(readFileSync(LIST, 'utf8')) as Known;
  const proved = new Set(LONG || UPDATE ? [] : linear);
  const found = expressionsIn(ROOT, ['src', 'bin']);
  expect(found.size).toBeGreaterThan(400);
  const wrong: string[] = [];
  const fine: string[] = [];
  for (const [expression, place] of found) {
    if (Object.hasOwn(bounded, expression)) continue;
    const complexity = proved.has(expression) ? 'linear' : complexityOf(expression);
    if (complexity === 'linear') fine.push(expression);
    else wrong.push(`${place} ${complexity}: ${expression}`);
  }
  const listed = Object.fromEntries(
    Object.entries(bounded)
      .filter(([expression]) => found.has(expression))
      .sort(),
  );
  if (UPDATE) writeFileSync(LIST, `${JSON.stringify({ linear: fine.sort(), bounded: listed }, undefined, 2)}\n`);
  expect(wrong).toEqual([]);
}, 1_800_000);
