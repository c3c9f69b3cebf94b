/** Pods that share their template's objects are told the same as pods that share nothing. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Json } from '../../../../src/core/api/json';
import type { KubeObject } from '../../../../src/core/api/types';
import { validateCreate } from '../../../../src/core/api/validation';
import { isAlike } from '../../../../src/core/api/validation/alike';
import { pod } from '../fixtures';
import { complete } from './support';

const claim = (claimName: string) => ({ name: 'data', persistentVolumeClaim: { claimName } });
const template = complete(
  pod({
    hostname: 'web-0',
    volumes: [claim('data-web-0')],
    containers: [{ name: 'a', image: 'a', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
  }),
);
const spec = template.spec as Json;

const EPHEMERAL = {
  name: 'data',
  ephemeral: {
    volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
  },
};
const volumes = fc.constantFrom<readonly unknown[]>(
  spec.volumes as readonly unknown[],
  [claim('data-web-1')],
  [claim('')],
  [{ name: 'data', persistentVolumeClaim: { claimName: 'x', readOnly: true } }],
  [{ name: 'other', persistentVolumeClaim: { claimName: 'x' } }],
  [{ name: 'data', emptyDir: {} }],
  [claim('x'), claim('x')],
  [EPHEMERAL],
  [EPHEMERAL, { name: 'b', persistentVolumeClaim: { claimName: 'web-1-data' } }],
  [],
);
const changes = fc.record(
  {
    hostname: fc.constantFrom('web-1', 'Web_1', 'a'.repeat(64), ''),
    volumes,
    restartPolicy: fc.constantFrom('Always', 'Never', 'Sometimes'),
    subdomain: fc.constantFrom('web', 'W', 'w.b'),
    terminationGracePeriodSeconds: fc.constantFrom(30, -1),
  },
  { requiredKeys: [] },
);

it('whatever differs', () => {
  fc.assert(
    fc.property(fc.array(changes, { minLength: 1, maxLength: 4 }), (all) => {
      for (const changed of all) {
        const name = 'web-1';
        const next = {
          ...template,
          metadata: { ...template.metadata, name },
          spec: { ...spec, ...changed },
        } as KubeObject;
        validateCreate(template);
        expect(validateCreate(next)).toEqual(validateCreate(structuredClone(next)));
      }
    }),
  );
});

it('names of their own alone make no difference', () => {
  expect(isAlike({ ...spec, hostname: 'web-7', volumes: [claim('data-web-7')] }, spec)).toBe(true);
  expect(isAlike({ ...spec, hostname: undefined }, spec)).toBe(false);
  expect(isAlike({ ...spec, containers: [...(spec.containers as unknown[])] }, spec)).toBe(false);
  expect(isAlike({ ...spec, more: 1 }, spec)).toBe(false);
  expect(isAlike({ ...spec, volumes: [EPHEMERAL] }, { ...spec, volumes: [EPHEMERAL] })).toBe(false);
});
