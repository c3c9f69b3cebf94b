/** The fields that an applied configuration names (as TypedValue.ToFieldSet). */
import { type Fields, FieldsBuilder } from './fields';
import { fieldElement, itemElement } from './path';
import { asArray, asMap, childShape, type Shape, shapeFor } from './shape';

/** @throws MissingKeyError */
export function toFieldSet(shape: Shape, value: unknown): Fields {
  const builder = new FieldsBuilder();
  visit(shape, value, [], builder);
  return builder.build();
}

function visit(declared: Shape, value: unknown, path: string[], into: FieldsBuilder): void {
  const shape = shapeFor(declared, value);
  if (shape.kind === 'scalar' || (shape.kind === 'list' ? shape.relation === 'atomic' : shape.atomic)) {
    into.insert(path);
    return;
  }
  if (shape.kind === 'list') {
    for (const item of asArray(value) ?? []) {
      const element = [...path, itemElement(shape, item)];
      visit(shape.item, item, element, into);
      into.insert(element);
    }
    return;
  }
  for (const [name, child] of Object.entries(asMap(value) ?? {})) {
    if (child === undefined) continue;
    const element = [...path, fieldElement(name)];
    visit(childShape(shape, name), child, element, into);
    const named = shape.kind === 'struct' && shape.field(name) !== undefined;
    if (child === null || isEmptyMap(child) || !named) into.insert(element);
  }
}

const isEmptyMap = (value: unknown): boolean => {
  const map = asMap(value);
  return map !== undefined && Object.keys(map).length === 0;
};
