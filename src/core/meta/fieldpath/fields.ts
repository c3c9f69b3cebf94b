/**
 * Sets of field paths in the form in which the API shows them (FieldsV1), and their algebra (as fieldpath.Set).
 *
 * A key is a path element: `f:name`, `k:{"name":"nginx"}`, `v:"finalizer"` or `i:0`. A path is in the set when its node
 * is empty or holds `.`; a node without either is only on the way to others.
 */
export interface Fields {
  readonly [element: string]: Fields;
}

const MEMBER = '.';
const LEAF: Fields = {};

export const EMPTY_FIELDS: Fields = LEAF;

export const isEmptySet = (set: Fields): boolean => {
  for (const _ in set) return false;
  return true;
};

const isMember = (node: Fields | undefined): boolean =>
  node !== undefined && (Object.hasOwn(node, MEMBER) || isEmptySet(node));

const elementsOf = (set: Fields): string[] => Object.keys(set).filter((element) => element !== MEMBER);

/** A node of the given children; undefined when nothing of it is in the set. */
function node(member: boolean, children: [string, Fields][]): Fields | undefined {
  if (children.length === 0) return member ? LEAF : undefined;
  return record(member, children);
}

/** Plain assignments: elements have a letter and a colon in front, so that none is a name that objects have already. */
function record(member: boolean, children: readonly [string, Fields][]): Fields {
  const fields: Record<string, Fields> = {};
  if (member) fields[MEMBER] = LEAF;
  for (const [element, child] of children) fields[element] = child;
  return fields;
}

/** Combines two nodes: `keep` decides over membership, `only` over what stands below one of them alone. */
function combine(
  a: Fields,
  b: Fields,
  keep: (a: boolean, b: boolean) => boolean,
  only: 'both' | 'left' | 'none',
  root: boolean,
): Fields | undefined {
  const children: [string, Fields][] = [];
  const names = elementsOf(a);
  if (only === 'both') for (const element of elementsOf(b)) if (!Object.hasOwn(a, element)) names.push(element);
  for (const element of names) {
    const left = Object.hasOwn(a, element) ? a[element] : undefined;
    const right = Object.hasOwn(b, element) ? b[element] : undefined;
    const child =
      left && right ? combine(left, right, keep, only, false) : only === 'none' ? undefined : (left ?? right);
    if (child) children.push([element, child]);
  }
  return node(!root && keep(isMember(a), isMember(b)), children);
}

export const union = (a: Fields, b: Fields): Fields => combine(a, b, (x, y) => x || y, 'both', true) ?? LEAF;

/** The paths of `a` that are not in `b`; what stands below a path of `b` stays. */
export const difference = (a: Fields, b: Fields): Fields => combine(a, b, (x, y) => x && !y, 'left', true) ?? LEAF;

export const intersection = (a: Fields, b: Fields): Fields => combine(a, b, (x, y) => x && y, 'none', true) ?? LEAF;

/** The paths of `a` that are not in `b` nor below a path of `b`. */
export function recursiveDifference(a: Fields, b: Fields): Fields {
  const children: [string, Fields][] = [];
  for (const element of elementsOf(a)) {
    const left = a[element]!;
    const right = Object.hasOwn(b, element) ? b[element] : undefined;
    if (isMember(right)) continue;
    if (!right) {
      children.push([element, left]);
      continue;
    }
    const below = recursiveDifference(left, right);
    const kept = node(
      isMember(left),
      Object.entries(below).filter(([name]) => name !== MEMBER),
    );
    if (kept) children.push([element, kept]);
  }
  return node(false, children) ?? LEAF;
}

export const hasPath = (set: Fields, path: readonly string[]): boolean => {
  let at: Fields | undefined = set;
  for (const element of path) at = at && Object.hasOwn(at, element) ? at[element] : undefined;
  return path.length > 0 && isMember(at);
};

export const hasElement = (set: Fields, element: string): boolean =>
  element !== MEMBER && Object.hasOwn(set, element) && isMember(set[element]);

/** What the set says of paths below an element; the element itself is left out. */
export function below(set: Fields, element: string): Fields {
  if (!Object.hasOwn(set, element)) return LEAF;
  const found = set[element]!;
  if (!Object.hasOwn(found, MEMBER)) return found;
  const { [MEMBER]: _, ...rest } = found;
  return rest;
}

/** The set of one path, or of several. */
export function fieldsOf(...paths: readonly (readonly string[])[]): Fields {
  const builder = new FieldsBuilder();
  for (const path of paths) builder.insert(path);
  return builder.build();
}

/** A node that is in the set, with children that are sets already. */
export const memberOf = (children: readonly [string, Fields][]): Fields =>
  children.length === 0 ? LEAF : record(true, children);

interface Growing {
  member: boolean;
  readonly children: Map<string, Growing>;
  /** What the node is as a whole, where that is known already. */
  whole?: Fields;
}

/** Collects paths into a set. */
export class FieldsBuilder {
  private readonly root: Growing = { member: false, children: new Map() };

  insert(path: readonly string[]): void {
    const at = this.at(path);
    if (path.length > 0) at.member = true;
  }

  /** A path and everything below it; nothing else is inserted there. */
  put(path: readonly string[], fields: Fields): void {
    this.at(path).whole = fields;
  }

  private at(path: readonly string[]): Growing {
    let at = this.root;
    for (const element of path) {
      let next = at.children.get(element);
      if (!next) {
        next = { member: false, children: new Map() };
        at.children.set(element, next);
      }
      at = next;
    }
    return at;
  }

  build(): Fields {
    const finish = ({ member, children, whole }: Growing): Fields =>
      whole ??
      node(
        member,
        [...children].map(([element, child]): [string, Fields] => [element, finish(child)]),
      ) ??
      LEAF;
    return finish(this.root);
  }
}

/** Every path of the set, in upstream's order: the paths that end at a level before those that go on. */
export function* pathsOf(set: Fields, order: (a: string, b: string) => number): Iterable<readonly string[]> {
  const elements = elementsOf(set).sort(order);
  for (const element of elements) if (isMember(set[element])) yield [element];
  for (const element of elements) for (const path of pathsOf(set[element]!, order)) yield [element, ...path];
}

/** The set with its elements in order, `.` first: the form in which it is stored. */
export function canonical(set: Fields, order: (a: string, b: string) => number): Fields {
  const elements = elementsOf(set).sort(order);
  const children = elements.map((element): [string, Fields] => [element, canonical(set[element]!, order)]);
  return record(Object.hasOwn(set, MEMBER) && children.length > 0, children);
}

/** True for a set in the API's form. */
export function isFields(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(
    ([element, inner]) => (element === MEMBER || /^[fkvi]:/.test(element)) && isFields(inner),
  );
}
