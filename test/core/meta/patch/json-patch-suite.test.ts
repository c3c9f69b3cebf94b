/** The public test suite of RFC 6902, and what the API server's library does otherwise. */
import suite from 'json-patch-test-suite/spec_tests.json';
import more from 'json-patch-test-suite/tests.json';
import { describe, expect, test } from 'vitest';
import { applyJsonPatch, JsonPatchError } from '../../../../src/core/meta/patch/json-patch';

interface Case {
  readonly comment?: string;
  readonly doc: unknown;
  readonly patch: unknown;
  readonly expected?: unknown;
  readonly error?: string;
  readonly disabled?: boolean;
}

const cases = [...suite, ...more].filter((each) => !(each as Case).disabled) as readonly Case[];

/** Errors of the standard that the API server's library, and so kubectl, lets pass. */
const LENIENT: ReadonlySet<string | undefined> = new Set([
  'Out of bounds (lower)',
  "missing 'value' parameter to add",
  "missing 'value' parameter to replace",
  "missing 'value' parameter to test",
]);

/** And what it refuses although the standard allows it. */
const STRICT: ReadonlySet<string | undefined> = new Set(['replacing the root of the document is possible with add']);

describe('RFC 6902', () => {
  test.each(cases.map((each, index) => [`${index + 1} ${each.comment ?? each.error ?? ''}`, each] as const))(
    '%s',
    (_name, { comment, doc, patch, expected, error }) => {
      if (STRICT.has(comment)) expect(() => applyJsonPatch(doc, patch)).toThrow(JsonPatchError);
      else if (error === undefined) expect(applyJsonPatch(doc, patch)).toEqual(expected ?? doc);
      else if (LENIENT.has(comment ?? error)) applyJsonPatch(doc, patch);
      else expect(() => applyJsonPatch(doc, patch)).toThrow(JsonPatchError);
    },
  );
});
