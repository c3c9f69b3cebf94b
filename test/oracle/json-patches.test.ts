/** JSON patches and JSON merge patches: random ones, and the public suite, must give what kubectl gives. */
import fc from 'fast-check';
import suite from 'json-patch-test-suite/spec_tests.json';
import more from 'json-patch-test-suite/tests.json';
import { expect, test } from 'vitest';
import { resourceForKind } from '../../src/core/api/resources';
import type { KubeObject } from '../../src/core/api/types';
import { CommandError } from '../../src/core/client/errors';
import { patchLocally } from '../../src/core/client/local-patch';
import type { JsonObject } from '../../src/core/meta/objects';
import { describeOracle, kubectl, LONG, printedObjects, runs } from './support/kubectl';

const POD = resourceForKind('v1', 'Pod')!;

/** An object that has the document in a field. */
const around = (doc: unknown, index = 0): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `o${index}` },
  doc,
});

type PatchType = 'json' | 'merge';

interface Outcome {
  readonly results: readonly unknown[];
  readonly errors: string;
}

/** What becomes of each object that the patch fits, and what is said of the others. */
async function asked(type: PatchType, objects: readonly JsonObject[], patch: unknown): Promise<Outcome> {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  const args = ['patch', '--local', '-f', '-', '--type', type, '-p', JSON.stringify(patch), '-o', 'json'];
  const { out, err } = await kubectl(args, list);
  return { results: printedObjects(out), errors: err.replace(/^error: /, '').trimEnd() };
}

async function computed(type: PatchType, objects: readonly JsonObject[], patch: unknown): Promise<Outcome> {
  const results: unknown[] = [];
  const errors: string[] = [];
  for (const object of objects) {
    try {
      results.push(await patchLocally(POD, object as unknown as KubeObject, type, patch));
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      errors.push(error.message);
    }
  }
  return { results, errors: errors.join('\n').trimEnd() };
}

const key = fc.constantFrom('a', 'b', 'c', 'a/b', '~', 'm~n', '0', '-', '');
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom('x', '', 1, 2, 1.5, true, null),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
}));
const doc = fc.oneof(fc.dictionary(key, value, { maxKeys: 5 }), fc.array(value, { maxLength: 4 }));
const part = fc.oneof(
  { weight: 6, arbitrary: key.map((name) => name.replaceAll('~', '~0').replaceAll('/', '~1')) },
  { weight: 4, arbitrary: fc.constantFrom('0', '1', '2', '-', '-1', '-2', '01', '1e0', '9', '+1', '~2') },
);
const pointer = fc.oneof(
  { weight: 12, arbitrary: fc.array(part, { maxLength: 3 }).map((parts) => ['/doc', ...parts].join('/')) },
  { weight: 1, arbitrary: fc.constantFrom('', '/', 'doc/a', '/doc/', '/nope/a') },
);
const operation = fc.record(
  {
    op: fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test') },
      { weight: 1, arbitrary: fc.constantFrom('nonsense', 'ADD', '') },
    ),
    path: pointer,
    from: pointer,
    value,
  },
  { requiredKeys: ['op', 'path'] },
);

describeOracle('JSON patches', () => {
  test('random ones', async () => {
    const docs = fc.array(doc, { minLength: 1, maxLength: 15, size: 'max' });
    await fc.assert(
      fc.asyncProperty(docs, fc.array(operation, { maxLength: 3 }), async (drawn, patch) => {
        const objects = drawn.map(around);
        expect(await computed('json', objects, patch)).toEqual(await asked('json', objects, patch));
      }),
      runs(50),
    );
  });

  interface Case {
    readonly doc: unknown;
    readonly patch: unknown;
    readonly error?: string;
    readonly disabled?: boolean;
  }
  const cases = ([...suite, ...more] as readonly Case[]).filter(({ disabled }) => !disabled);

  /** The same patch for the document in its field. */
  const moved = (patch: unknown): unknown => {
    if (!Array.isArray(patch)) return patch;
    const under = (path: unknown) => (typeof path === 'string' ? `/doc${path}` : path);
    return (patch as JsonObject[]).map((each) => ({
      ...each,
      ...('path' in each && { path: under(each.path) }),
      ...('from' in each && { from: under(each.from) }),
    }));
  };

  test('the suite', async () => {
    // What is refused is what libraries disagree about; all of it takes a while.
    for (const { doc: document, patch } of cases.filter(({ error }) => LONG || error !== undefined)) {
      const objects = [around(document)];
      const own = await computed('json', objects, moved(patch));
      expect([document, patch, own]).toEqual([document, patch, await asked('json', objects, moved(patch))]);
    }
  });
});

describeOracle('JSON merge patches', () => {
  test('random ones', async () => {
    const docs = fc.array(doc, { minLength: 1, maxLength: 25, size: 'max' });
    await fc.assert(
      fc.asyncProperty(docs, value, async (drawn, change) => {
        const objects = drawn.map(around);
        const patch = { doc: change };
        expect(await computed('merge', objects, patch)).toEqual(await asked('merge', objects, patch));
      }),
      runs(25),
    );
  });
});
