/** What counts as a change of which write: the kind's shape, less what this kind of write can't touch. */
import { shapeOfKind } from '../../api/field-shapes';
import type { KubeObject, Manifest } from '../../api/types';
import { deepEqual } from '../../meta/equal';
import { difference, EMPTY_FIELDS, type Fields, fieldsOf } from '../../meta/fieldpath/fields';
import type { Rules } from '../../meta/fieldpath/updater';

const META = 'name namespace creationTimestamp selfLink uid clusterName generation managedFields resourceVersion'.split(
  ' ',
);

let neverOwned: Fields | undefined;

/** Fields that nobody owns (as stripMetaManager). */
export function withoutSystemFields(fields: Fields): Fields {
  neverOwned ??= fieldsOf(
    ['f:apiVersion'],
    ['f:kind'],
    ['f:metadata'],
    ...META.map((name) => ['f:metadata', `f:${name}`]),
  );
  return difference(fields, neverOwned);
}

export function rulesFor(
  object: { readonly apiVersion: string; readonly kind: string },
  subresource: string | undefined,
  hasStatus: boolean,
): Rules {
  const ignored = subresource === 'status' ? fieldsOf(['f:spec']) : hasStatus ? fieldsOf(['f:status']) : EMPTY_FIELDS;
  return {
    shape: shapeOfKind(object.apiVersion, object.kind),
    ignored,
    stripped: withoutSystemFields,
    equal: deepEqual,
  };
}

/** An object as its fields are compared: its entries are no fields. */
export function comparable(object: KubeObject | Manifest): object {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
