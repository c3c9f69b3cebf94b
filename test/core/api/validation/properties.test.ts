/** What holds for any pod template: accepted as long as it is right, and refused for its one fault alone. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pod, statefulSet } from '../fixtures';
import { create, update } from './support';
import { faults, validSpec } from './valid-templates';

const setOf = (spec: object) => statefulSet({ template: { metadata: { labels: { app: 'nginx' } }, spec } });
/** A template may not have a deadline in a StatefulSet. */
const forSet = ({ activeDeadlineSeconds: _, ...spec }: Record<string, unknown>): Record<string, unknown> => spec;

describe('random pod templates', () => {
  it('are accepted in sets and as pods', () => {
    fc.assert(
      fc.property(validSpec, (spec) => {
        expect(create(setOf(forSet(spec)))).toEqual([]);
        expect(create(pod({ ...spec, serviceAccountName: 's' }))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
  it('stay acceptable', () => {
    fc.assert(
      fc.property(validSpec, validSpec, (before, after) => {
        expect(update(setOf(forSet(after)), setOf(forSet(before)))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
  it.each(Object.entries(faults))('are refused for %s alone', (_, fault) => {
    fc.assert(
      fc.property(validSpec, (spec) => {
        const [bad, error] = fault(spec);
        const podTemplate = {
          apiVersion: 'v1',
          kind: 'PodTemplate',
          metadata: { name: 't', namespace: 'default' },
          template: { metadata: {}, spec: bad },
        };
        expect(create(podTemplate)).toEqual([`template.spec.${error}`]);
      }),
      { numRuns: 15 },
    );
  });
});
