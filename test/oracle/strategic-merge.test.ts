/** Strategic merge patches: random ones for random objects must give what kubectl gives, refusals included. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { patchSchemaFor } from '../../src/core/api/patch-schema';
import { allResources, resourceForKind } from '../../src/core/api/resources';
import { kindType } from '../../src/core/api/schema/schema';
import type { KubeObject } from '../../src/core/api/types';
import { patchLocally } from '../../src/core/client/local-patch';
import { deepEqual } from '../../src/core/meta/equal';
import type { JsonObject } from '../../src/core/meta/objects';
import { PatchError, threeWayStrategic } from '../../src/core/meta/patch/three-way';
import { describeOracle, kubectl, printedObjects, runs } from './support/kubectl';
import { apiVersionOf, everyField, type Kind, objectsOf, POD, STATEFUL_SET } from './support/objects';

/** Kinds whose types kubectl does not carry. */
const NOT_IN_KUBECTL: ReadonlySet<string> = new Set(['CustomResourceDefinition', 'APIService']);

const SET_FIELDS = ['metadata', 'spec'];

interface Outcome {
  readonly results: readonly unknown[];
  readonly errors: string;
}

/** What kubectl makes of the patch for each object, in one call. */
async function asked(objects: readonly JsonObject[], patch: JsonObject): Promise<Outcome> {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  const answer = await kubectl(
    ['patch', '--local', '-f', '-', '--type', 'strategic', '-p', JSON.stringify(patch), '-o', 'json'],
    list,
  );
  return { results: printedObjects(answer.out), errors: answer.err.replace(/^error: /, '').trimEnd() };
}

async function computed(kind: Kind, objects: readonly JsonObject[], patch: JsonObject): Promise<Outcome> {
  const results: unknown[] = [];
  const errors: string[] = [];
  const resource = resourceForKind(apiVersionOf(kind), kind.kind)!;
  for (const object of objects) {
    try {
      results.push(await patchLocally(resource, object as unknown as KubeObject, 'strategic', patch));
    } catch (error) {
      errors.push((error as Error).message);
    }
  }
  return { results, errors: errors.join('\n').trimEnd() };
}

/**
 * What a patch says twice, or of several things that are wrong with it, kubectl takes in any order, as Go's maps come: it is
 * asked again until it says the same.
 */
async function expectSame(kind: Kind, objects: readonly JsonObject[], patch: JsonObject): Promise<void> {
  for (const object of objects) {
    const own = await computed(kind, [object], patch);
    let answer = await asked([object], patch);
    // What makes it fall over in one order of its maps is nonsense in the others too.
    const isToAskAgain = () => !deepEqual(own, answer) && !answer.errors.startsWith('panic: ');
    for (let attempt = 0; attempt < 25 && isToAskAgain(); attempt++) answer = await asked([object], patch);
    if (!answer.errors.startsWith('panic: ')) expect(own).toEqual(answer);
  }
}

/** The objects with what kubectl needs to read them; a namespace would be normalised as it is read. */
const named = (kind: Kind, objects: readonly JsonObject[]): JsonObject[] =>
  objects.map((object, index) => {
    const { namespace: _, ...metadata } = (object.metadata ?? {}) as JsonObject;
    return { ...object, apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: { ...metadata, name: `o${index}` } };
  });

describeOracle('strategic merge', () => {
  test.each([POD, STATEFUL_SET])('of a $kind', async (kind) => {
    const object = objectsOf(kind, { only: SET_FIELDS });
    const patch = objectsOf(kind, { only: SET_FIELDS, patch: true });
    await fc.assert(
      fc.asyncProperty(fc.array(object, { minLength: 1, maxLength: 12, size: 'max' }), patch, async (drawn, change) => {
        const objects = named(kind, drawn);
        const answer = await asked(objects, change);
        // Some nonsense makes kubectl itself fall over, which is nothing to follow.
        fc.pre(!answer.errors.startsWith('panic: '));
        if (!deepEqual(await computed(kind, objects, change), answer)) await expectSame(kind, objects, change);
      }),
      runs(40),
    );
  });

  test('of the patches that apply makes', async () => {
    const object = objectsOf(STATEFUL_SET, { only: SET_FIELDS });
    const schema = patchSchemaFor(STATEFUL_SET);
    await fc.assert(
      fc.asyncProperty(object, object, object, async (last, wanted, live) => {
        const objects = named(STATEFUL_SET, [live]);
        let patch: JsonObject;
        try {
          patch = threeWayStrategic(last, wanted, objects[0]!, schema);
        } catch (error) {
          fc.pre(!(error instanceof PatchError));
          throw error;
        }
        const answer = await asked(objects, patch);
        if (!deepEqual(await computed(STATEFUL_SET, objects, patch), answer)) {
          await expectSame(STATEFUL_SET, objects, patch);
        }
      }),
      runs(20),
    );
  });

  const kinds = allResources().filter(
    (each) => kindType(apiVersionOf(each), each.kind) && !NOT_IN_KUBECTL.has(each.kind),
  );
  test.each(kinds)('every field of a $kind', async (kind) => {
    const { object, patch } = everyField(kind);
    const objects = named(kind, [object]);
    expect(await computed(kind, objects, patch)).toEqual(await asked(objects, patch));
  });
});
