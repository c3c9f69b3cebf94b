/** Taking fields out of a value (as TypedValue.RemoveItems), and what counts as a field of its own there. */
import { below, type Fields, hasElement, isEmptySet } from './fields';
import { fieldElement, itemElement } from './path';
import { asArray, asMap, childShape, DEDUCED, type Shape, shapeFor } from './shape';

/** The value without the paths of the set; undefined when nothing is left of it. */
export function removeFields(declared: Shape, value: unknown, set: Fields): unknown {
  const shape = shapeFor(declared, value);
  if (shape.kind === 'scalar') return value;
  if (shape.kind === 'list') {
    const list = asArray(value);
    if (!list || list.length === 0 || shape.relation === 'atomic') return value;
    const kept: unknown[] = [];
    for (const item of list) {
      const element = itemElement(shape, item);
      if (hasElement(set, element)) continue;
      const inner = below(set, element);
      kept.push(isEmptySet(inner) ? item : removeFields(shape.item, item, inner));
    }
    return kept.length > 0 ? kept : undefined;
  }
  const map = asMap(value);
  if (!map || shape.atomic) return value;
  const kept: Record<string, unknown> = {};
  for (const [name, child] of Object.entries(map)) {
    const element = fieldElement(name);
    if (hasElement(set, element)) continue;
    const inner = below(set, element);
    const rest = isEmptySet(inner) ? child : removeFields(childShape(shape, name), child, inner);
    if (rest !== undefined)
      Object.defineProperty(kept, name, { value: rest, enumerable: true, configurable: true, writable: true });
  }
  return Object.keys(kept).length > 0 ? kept : undefined;
}

/** The set with every named field on the way to another counted in (as EnsureNamedFieldsAreMembers). */
export function withNamedFields(declared: Shape, set: Fields): Fields {
  const out: [string, Fields][] = [];
  for (const [element, inner] of Object.entries(set)) {
    if (element === '.') {
      out.push([element, inner]);
      continue;
    }
    const named = declared.kind === 'struct' && element.startsWith('f:') && declared.field(element.slice(2));
    const deeper = withNamedFields(shapeBelow(declared, element), inner);
    out.push([element, named && !isEmptySet(deeper) ? { '.': {}, ...deeper } : deeper]);
  }
  return Object.fromEntries(out);
}

function shapeBelow(shape: Shape, element: string): Shape {
  if (shape.kind === 'list') return shape.item;
  if (shape.kind === 'struct' || shape.kind === 'map') return childShape(shape, element.slice(2));
  return DEDUCED;
}
