/** Objects as a client is shown them: with metadata.managedFields, which are worked out when somebody looks at them. */
import type { KubeObject, ManagedFieldsEntry, ObjectMeta } from '../../api/types';
import type { Store } from '../../apiserver/store';

/** The object; a copy with another managedFields where the stored ones are not the whole truth. */
export function shown<T extends KubeObject>(store: Store, object: T): T {
  const { managedFields, ...metadata } = object.metadata;
  if (managedFields?.length === 0) return { ...object, metadata };
  if (managedFields?.every(({ fieldsV1 }) => fieldsV1 !== undefined)) return object;
  let entries: readonly ManagedFieldsEntry[] | undefined;
  let isKnown = false;
  Object.defineProperty(metadata, 'managedFields', {
    enumerable: true,
    configurable: true,
    get: () => {
      if (!isKnown) entries = store.ownersOf(object);
      isKnown = true;
      return entries;
    },
  });
  return { ...object, metadata: metadata as ObjectMeta };
}
