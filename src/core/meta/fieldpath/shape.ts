/** What a value's parts are, as far as ownership of fields is concerned: the schema of structured merges. */

export interface ScalarShape {
  readonly kind: 'scalar';
}

/** A struct: its fields have names. */
export interface StructShape {
  readonly kind: 'struct';
  /** Owned as a whole. */
  readonly atomic: boolean;
  field(name: string): FieldShape | undefined;
  /** Fields that are written even where they hold nothing, with what is written then. */
  readonly zeros: ReadonlyMap<string, unknown>;
}

export interface FieldShape {
  readonly shape: Shape;
}

export interface MapShape {
  readonly kind: 'map';
  readonly atomic: boolean;
  readonly item: Shape;
}

export interface ListShape {
  readonly kind: 'list';
  /** `atomic` lists are owned as a whole, `set`s by value, `map`s by the keys of their items. */
  readonly relation: 'atomic' | 'set' | 'map';
  readonly keys: readonly { readonly name: string; readonly fallback?: unknown }[];
  readonly item: Shape;
}

/** No schema: maps are open, lists owned as a whole (as DeducedParseableType). */
export interface DeducedShape {
  readonly kind: 'deduced';
}

export type Shape = ScalarShape | StructShape | MapShape | ListShape | DeducedShape;

export const SCALAR: ScalarShape = { kind: 'scalar' };
export const DEDUCED: DeducedShape = { kind: 'deduced' };

/** The shape of this very value: a deduced one is decided by what is there, anything else stays what it is. */
export function shapeFor(shape: Shape, ...values: readonly unknown[]): Exclude<Shape, DeducedShape> {
  if (shape.kind !== 'deduced') return shape;
  if (values.some(Array.isArray)) return { kind: 'list', relation: 'atomic', keys: [], item: DEDUCED };
  if (values.some((value) => typeof value === 'object' && value !== null))
    return { kind: 'map', atomic: false, item: DEDUCED };
  return SCALAR;
}

export type JsonMap = { readonly [key: string]: unknown };

export const asMap = (value: unknown): JsonMap | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonMap) : undefined;

export const asArray = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined);

/** The shape of a map's or struct's child. */
export const childShape = (shape: StructShape | MapShape, name: string): Shape =>
  shape.kind === 'map' ? shape.item : (shape.field(name)?.shape ?? DEDUCED);

/** A child as Go writes it: a struct that is there shows some fields even where they hold nothing. */
export function childOf(shape: StructShape | MapShape, parent: JsonMap | undefined, name: string): unknown {
  if (parent === undefined) return undefined;
  const value = Object.hasOwn(parent, name) ? parent[name] : undefined;
  if (value === undefined && shape.kind === 'struct' && !shape.atomic) return shape.zeros.get(name);
  return value;
}
