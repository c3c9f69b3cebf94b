/** Laying an applied configuration over what is there (as TypedValue.Merge). */
import { indexed } from './compare';
import { asArray, asMap, childShape, type ListShape, type Shape, shapeFor } from './shape';

/** The configuration's leaves win; items of lists keep the configuration's order, the others stay where they were. */
export function merge(declared: Shape, live: unknown, config: unknown): unknown {
  if (config === undefined) return live;
  if (live === undefined) return config;
  const shape = shapeFor(declared, live, config);
  if (shape.kind === 'scalar') return config;
  if (shape.kind === 'list') {
    const [left, right] = [asArray(live), asArray(config)];
    if (shape.relation === 'atomic' || (!left?.length && !right?.length)) return config;
    return mergeLists(shape, left ?? [], right ?? []);
  }
  const [left, right] = [asMap(live), asMap(config)];
  if (shape.atomic || (isEmpty(left) && isEmpty(right))) return config;
  const merged: Record<string, unknown> = { ...left };
  for (const [name, value] of Object.entries(right ?? {})) {
    const inner = left && Object.hasOwn(left, name) ? left[name] : undefined;
    Object.defineProperty(merged, name, {
      value: merge(childShape(shape, name), inner, value),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return merged;
}

const isEmpty = (map: object | undefined): boolean => map === undefined || Object.keys(map).length === 0;

function mergeLists(shape: ListShape, live: readonly unknown[], config: readonly unknown[]): unknown[] {
  const [left, right] = [indexed(shape, live), indexed(shape, config)];
  const [leftOrder, rightOrder] = [[...left.keys()], [...right.keys()]];
  const shared = rightOrder.filter((element) => left.has(element));
  const out: unknown[] = [];
  const take = (element: string): void => {
    out.push(merge(shape.item, left.get(element), right.get(element)));
  };
  let [l, r, next] = [0, 0, 0];
  while (l < leftOrder.length || r < rightOrder.length) {
    const mine = leftOrder[l];
    const theirs = rightOrder[r];
    if (mine !== undefined && theirs !== undefined) {
      if (mine === theirs) {
        take(mine);
        l++;
        r++;
        next++;
        continue;
      }
      // Shared, but its turn comes with the configuration's order.
      if (right.has(mine) && shared[next] !== undefined && shared[next] !== mine) {
        l++;
        continue;
      }
    }
    if (mine !== undefined && !right.has(mine)) {
      take(mine);
      l++;
      continue;
    }
    if (theirs !== undefined) {
      take(theirs);
      r++;
      if (shared[next] === theirs) next++;
    } else {
      // Taken before, in the configuration's place.
      l++;
    }
  }
  return out;
}
