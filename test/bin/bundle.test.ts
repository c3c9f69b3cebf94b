/** Chunks as the build leaves them: each is evaluated when something of it is first used, also where two need one another. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const { open } = createRequire(import.meta.url)(resolve('bin/bundle.js')) as {
  open(dist: string): { entry: { look(): Promise<unknown> }; used: Map<string, unknown> } | undefined;
};

const body = (text: string): string => `function(exports,require,module,__filename,__dirname,live){${text}}`;
const CHUNKS = {
  one: 'var b=require("#two");live({f:()=>f,n:()=>n,grow:()=>grow});function f(){return "f"+b.g()}let n=1;function grow(){n++}',
  two: 'var a=require("#one");live({g:()=>g,word:()=>word});function g(){return "g"+a.n}let word="w"',
  three: 'live({never:()=>never});var never=1',
  entry:
    'live({look:()=>look});var a=require("#one"),b=require("#two"),c=require("#three");async function look(){' +
    'const before=[a.f(),a.n];a.grow();return [...before,a.n,b.word,b.nothing,await require.late("#two")===b]}',
};

test.each([[[]], [[0]]])('chunks that need one another find what they need (always: %j)', async (always) => {
  const dist = mkdtempSync(join(tmpdir(), 'stsctl-bundle-'));
  onTestFinished(() => rmSync(dist, { recursive: true, force: true }));
  const members = Object.entries(CHUNKS).map(([id, text]) => `"${id}":${body(text)}`);
  writeFileSync(join(dist, 'pack.cjs'), `({${members.join(',\n')}})`);
  const chunks = Object.fromEntries(Object.keys(CHUNKS).map((id) => [id, 0]));
  writeFileSync(
    join(dist, 'index.json'),
    JSON.stringify({ entry: 'entry', packs: ['pack.cjs'], always, chunks, whole: {} }),
  );
  const opened = open(dist);
  expect(await opened?.entry.look()).toEqual(['fg1', 1, 2, 'w', undefined, true]);
  expect(opened?.used.has('three')).toBe(always.length > 0);
});

test('where nothing was built there is nothing to open', () => {
  expect(open(join(tmpdir(), 'stsctl-nowhere'))).toBeUndefined();
});
