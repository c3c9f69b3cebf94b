import { describe, expect, it } from 'vitest';
import { patchSchemaFor } from '../../../src/core/api/patch-schema';
import type { PatchField, PatchSchema } from '../../../src/core/meta/patch/schema';

const set = { group: 'apps', version: 'v1', kind: 'StatefulSet' };
const core = (kind: string) => ({ group: '', version: 'v1', kind });

function at(resource: { group: string; version: string; kind: string }, path: string): PatchField | undefined {
  let schema: PatchSchema | undefined = patchSchemaFor(resource);
  let field: PatchField | undefined;
  for (const name of path.split('.')) {
    field = schema?.field(name);
    schema = field?.item;
  }
  return field;
}

describe('patchSchemaFor', () => {
  it.each([
    ['spec.template.spec.containers', 'name', ['merge']],
    ['spec.template.spec.containers.ports', 'containerPort', ['merge']],
    ['spec.template.spec.containers.volumeMounts', 'mountPath', ['merge']],
    ['spec.template.spec.volumes', 'name', ['merge', 'retainKeys']],
    ['spec.template.metadata.ownerReferences', 'uid', ['merge']],
    ['metadata.finalizers', undefined, ['merge']],
    ['status.conditions', 'type', ['merge']],
    ['spec.volumeClaimTemplates', undefined, []],
  ])('StatefulSet %s', (path, mergeKey, strategies) => {
    const field = at(set, path);
    expect([field?.mergeKey, field?.strategies, field?.list]).toEqual([mergeKey, strategies, true]);
  });

  it('knows the lists that are replaced and the kinds that have none', () => {
    expect(at(set, 'spec.template.spec.tolerations')?.strategies).toEqual([]);
    expect(at(set, 'spec.template.spec.containers.command')).toBeUndefined();
    expect(at(set, 'spec.nope')).toBeUndefined();
    expect(at(set, 'constructor')).toBeUndefined();
    expect(at(core('Service'), 'spec.ports')?.mergeKey).toBe('port');
    expect(at(core('ServiceAccount'), 'secrets')?.mergeKey).toBe('name');
    expect(at({ group: 'apps', version: 'v1', kind: 'Deployment' }, 'spec.strategy')?.strategies).toEqual([
      'retainKeys',
    ]);
    expect(patchSchemaFor({ group: 'example.com', version: 'v1', kind: 'Thing' })).toBeUndefined();
  });
});
