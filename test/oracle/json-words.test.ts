/** What is said of broken JSON, beside kubectl itself, over mutilated manifests and patches. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonFault } from '../../src/core/meta/json-syntax';
import { createCli } from '../support/cli';
import { BEARER, serve } from '../support/served';
import { describeOracle, kubectl, runs } from './support/kubectl';

const MAP = JSON.stringify({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', labels: { x: 'é"\\\u0001' } },
  data: { n: '1.5e3', t: 'true' },
});
const OPERATIONS = JSON.stringify([{ op: 'add', path: '/metadata/labels', value: { a: [1, -0.5e1, true, null] } }]);

/** A text with a few things taken out of it, put into it and cut off. */
const broken = (text: string) =>
  fc
    .array(
      fc.tuple(
        fc.nat(text.length),
        fc.nat(3),
        fc.constantFrom(
          '',
          '{',
          '}',
          '[',
          ']',
          ',',
          ':',
          '"',
          "'",
          '\\',
          '\\u12',
          'x',
          '01',
          '-',
          '1.',
          '2e',
          'tru',
          'é',
          '\t',
          '\n',
          '\u0001',
          ' ',
        ),
      ),
      { minLength: 1, maxLength: 3 },
    )
    .chain((edits) =>
      fc.nat(3 * text.length).map((end) => {
        let made = text;
        for (const [at, gone, put] of edits) made = made.slice(0, at) + put + made.slice(at + gone);
        return made.slice(0, end);
      }),
    );

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

test('there is a word for every text that is no JSON, and none for JSON', () => {
  fc.assert(
    fc.property(fc.oneof(broken(MAP), broken(OPERATIONS), fc.json(), fc.string()), (text) => {
      expect(jsonFault(text) === undefined).toBe(isJson(text));
    }),
    runs(3000),
  );
});

describeOracle("broken JSON is refused in Go's words", () => {
  test('--overrides with a JSON patch', { timeout: 120_000 }, async () => {
    const cli = createCli();
    const served = await serve();
    const there = [
      `--server=https://127.0.0.1:${served.server.port}`,
      `--token=${BEARER.replace('Bearer ', '')}`,
      '--insecure-skip-tls-verify',
    ];
    await fc.assert(
      fc.asyncProperty(broken(OPERATIONS), async (text) => {
        fc.pre(text !== '' && !isJson(text));
        const args = ['run', 'x', '--image=y', '--override-type=json', `--overrides=${text}`, '--dry-run=client'];
        const [real, own] = await Promise.all([kubectl([...there, ...args]), cli(args)]);
        expect({ err: own.err, code: own.code }).toEqual({ err: real.err, code: real.code });
      }),
      runs(60),
    );
    cli.dispose();
    await served.stop();
  });

  test('manifests', { timeout: 120_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stsctl-json-'));
    const path = join(folder, 'x.json');
    const cli = createCli({});
    // Of what can be read only whether it could be read is asked.
    const args = ['create', '--dry-run=client', '--validate=false', '-o', 'name', '-f', path];
    await fc.assert(
      fc.asyncProperty(broken(MAP), async (text) => {
        fc.pre(text.startsWith('{') && !isJson(text));
        writeFileSync(path, text);
        cli.files.set(path, text);
        const [real, own] = await Promise.all([kubectl(['--server=http://127.0.0.1:1', ...args]), cli(args)]);
        // What is no JSON may still be YAML to one of them: then nothing is said of JSON.
        if (/error parsing .*(JSON|json|character|EOF)/.test(real.err)) expect(own.err).toBe(real.err);
      }),
      runs(60),
    );
    cli.dispose();
    rmSync(folder, { recursive: true, force: true });
  });
});
