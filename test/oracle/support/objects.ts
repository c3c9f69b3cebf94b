/**
 * Random objects of any built-in kind, drawn from the schema of its fields, and random strategic patches for them. Names and
 * numbers come from a few, so that list items meet their likes.
 */
import fc from 'fast-check';
import { patchSchemaFor } from '../../../src/core/api/patch-schema';
import { kindType, type SchemaField, type SchemaType, schemaType } from '../../../src/core/api/schema/schema';
import type { JsonObject } from '../../../src/core/meta/objects';
import type { PatchField, PatchSchema } from '../../../src/core/meta/patch/schema';

export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export const POD: Kind = { group: '', version: 'v1', kind: 'Pod' };
export const STATEFUL_SET: Kind = { group: 'apps', version: 'v1', kind: 'StatefulSet' };

export const apiVersionOf = ({ group, version }: Kind): string => (group ? `${group}/${version}` : version);

export interface Shape {
  /** Nulls, directives, and now and then something that is wrong. */
  readonly patch?: boolean;
  /** Names of the fields of the outermost object; all that the kind has without it. */
  readonly only?: readonly string[];
}

const DEPTH = 7;
/** Stands for what is around an item that is to hold no structs. */
const SHALLOW: readonly SchemaType[] = [];
/** kubectl prints objects without it. */
const HIDDEN = 'managedFields';
const names = fc.constantFrom('a', 'b', 'c', 'd');
const scalars = fc.oneof(names, fc.nat(2), fc.boolean());
const directives = fc.constantFrom('delete', 'delete', 'replace', 'replace', 'merge', 'nonsense');

/** Objects of the kind without apiVersion, kind and name, or patches for such objects. */
export function objectsOf(kind: Kind, shape: Shape = {}): fc.Arbitrary<JsonObject> {
  const type = kindType(apiVersionOf(kind), kind.kind);
  if (!type) throw new Error(`no schema for ${kind.kind}`);
  const outer = ['apiVersion', 'kind'];
  const chosen = shape.only ?? [...type.fields.keys()].filter((name) => !outer.includes(name));
  return new Generator(shape.patch ?? false).struct(type, patchSchemaFor(kind), DEPTH, chosen);
}

class Generator {
  private readonly known = new Map<string, fc.Arbitrary<JsonObject>>();

  constructor(private readonly patch: boolean) {}

  struct(
    type: SchemaType,
    schema: PatchSchema | undefined,
    depth: number,
    only?: readonly string[],
  ): fc.Arbitrary<JsonObject> {
    const id = `${type.goName} ${depth}`;
    const known = only ? undefined : this.known.get(id);
    if (known) return known;
    const chosen = [...type.fields.values()].filter(({ name }) => (only ? only.includes(name) : name !== HIDDEN));
    const members = chosen.map((field) => this.member(field, schema?.field(field.name), depth, only !== undefined));
    // At the outermost level a directive would leave nothing else to see.
    const made = fc.tuple(...members).chain((entries) => {
      const object: JsonObject = Object.assign({}, ...entries);
      return this.patch && !only ? this.withDirectives(object, schema) : fc.constant(object);
    });
    if (!only) this.known.set(id, made);
    return made;
  }

  /** The field with its value, as an object to be spread; empty more often than not. */
  private member(
    field: SchemaField,
    patched: PatchField | undefined,
    depth: number,
    outermost: boolean,
  ): fc.Arbitrary<JsonObject> {
    const absent: JsonObject = {};
    const value = fc.oneof(
      { weight: this.patch ? 40 : 60, arbitrary: this.value(field, patched, depth) },
      { weight: 3, arbitrary: fc.constant(null) },
      ...(this.patch ? [{ weight: 1, arbitrary: scalars }] : []),
    );
    // What has patch rules of its own, or leads to some, is what this is about.
    const wanted = outermost || (patched?.strategies.length ?? 0) > 0 ? 12 : field.base === 'struct' ? 3 : 1;
    return fc.oneof(
      { weight: 12, arbitrary: fc.constant(absent) },
      { weight: wanted, arbitrary: value.map((found) => ({ [field.name]: found })) },
    );
  }

  private value(field: SchemaField, patched: PatchField | undefined, depth: number): fc.Arbitrary<unknown> {
    const type = field.struct ? schemaType(field.struct) : undefined;
    let value: fc.Arbitrary<unknown> =
      type && depth > 0 ? this.struct(type, patched?.item, depth - 1) : this.scalar(field);
    for (const wrap of [...field.wraps].reverse()) {
      if (wrap === 'map') value = fc.dictionary(names, this.patch ? orNull(value) : value, { maxKeys: 3 });
      else value = this.list(value, patched?.mergeKey);
    }
    return value;
  }

  private list(item: fc.Arbitrary<unknown>, mergeKey: string | undefined): fc.Arbitrary<unknown> {
    // Repeated texts in what is there already: how upstream orders them depends on how the list was read.
    if (mergeKey === undefined) {
      return this.patch ? fc.array(item, { maxLength: 4 }) : fc.uniqueArray(item, { maxLength: 4, selector: textOf });
    }
    const key: fc.Arbitrary<unknown> = /port/i.test(mergeKey) ? fc.nat(3) : names;
    const keyed = fc.tuple(key, item).map(([name, rest]) => ({ ...(rest as JsonObject), [mergeKey]: name }));
    // A few repeat a key, or have none.
    return fc.oneof(
      { weight: 24, arbitrary: fc.uniqueArray(keyed, { maxLength: 4, selector: (each) => each[mergeKey] }) },
      { weight: 2, arbitrary: fc.array(keyed, { maxLength: 4 }) },
      ...(this.patch ? [{ weight: 1, arbitrary: fc.array(item, { maxLength: 2 }) }] : []),
    );
  }

  private scalar({ base }: SchemaField): fc.Arbitrary<unknown> {
    if (base === 'struct') return fc.constant({});
    if (base === 'bool') return fc.boolean();
    if (base === 'int32' || base === 'int64' || base === 'float64') return fc.nat(2);
    if (base === 'intstr' || base === 'any') return scalars;
    return names;
  }

  private withDirectives(object: JsonObject, schema: PatchSchema | undefined): fc.Arbitrary<JsonObject> {
    const lists = Object.entries(object).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
    const orders = lists.map(([name, list]) => seldom(orderOf(name, list, schema?.field(name)?.mergeKey), 4));
    const removals = lists
      .filter(([, list]) => list.every((item) => typeof item === 'string'))
      .map(([name]) =>
        seldom(
          fc.array(names, { maxLength: 3 }).map((removed) => ({ [`$deleteFromPrimitiveList/${name}`]: removed })),
          3,
        ),
      );
    return fc
      .tuple(
        seldom(
          directives.map(($patch) => ({ $patch })),
          15,
        ),
        seldom(retained(object), 15),
        seldom(
          fc.constantFrom('unknown', '$setElementOrder', '$setElementOrder/a/b').map((name) => ({ [name]: ['a'] })),
          150,
        ),
        ...orders,
        ...removals,
      )
      .map((parts) => Object.assign({}, object, ...parts) as JsonObject);
  }
}

const textOf = (value: unknown): string => JSON.stringify(value);

const orNull = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.option(value, { freq: 6 });

const seldom = (part: fc.Arbitrary<JsonObject>, outOf: number): fc.Arbitrary<JsonObject> =>
  fc.oneof({ weight: outOf - 1, arbitrary: fc.constant<JsonObject>({}) }, { weight: 1, arbitrary: part });

/** The keys of the object's own fields and perhaps others, seldom too few. */
function retained(object: JsonObject): fc.Arbitrary<JsonObject> {
  const own = Object.keys(object);
  const others = fc.subarray(['name', 'emptyDir', 'configMap', 'type', 'rollingUpdate', 'image']);
  return fc.oneof(
    { weight: 18, arbitrary: others.map((more) => ({ $retainKeys: [...new Set([...own, ...more])] })) },
    { weight: 3, arbitrary: others.map((more) => ({ $retainKeys: more })) },
    { weight: 1, arbitrary: fc.constant({ $retainKeys: 'name' }) },
  );
}

/** An order that names the list's items and perhaps others, seldom one that contradicts it. */
function orderOf(name: string, list: readonly unknown[], mergeKey: string | undefined): fc.Arbitrary<JsonObject> {
  const identity = (item: unknown): unknown => {
    if (mergeKey === undefined) return item;
    return Object.hasOwn(Object(item) as object, mergeKey) ? { [mergeKey]: (item as JsonObject)[mergeKey] } : {};
  };
  const own = list.filter((item) => (item as JsonObject | null)?.$patch === undefined).map(identity);
  const other = (mergeKey === undefined || !/port/i.test(mergeKey) ? names : fc.nat(3)).map((value) =>
    mergeKey === undefined ? value : { [mergeKey]: value },
  );
  const woven = fc.array(fc.tuple(fc.nat(4), other), { maxLength: 3 }).map((more) => {
    const order: unknown[] = [...own];
    for (const [position, item] of more) {
      if (!order.some((each) => JSON.stringify(each) === JSON.stringify(item))) order.splice(position, 0, item);
    }
    return order;
  });
  const wrong = fc.array(fc.oneof(other, scalars), { maxLength: 4 });
  return fc
    .oneof({ weight: 10, arbitrary: woven }, { weight: 1, arbitrary: wrong })
    .map((order) => ({ [`$setElementOrder/${name}`]: order }));
}

/**
 * An object that has every field of its type, and the patch that meets it in each of them: every list has an item that both
 * have, and one of its own.
 */
export function everyField(kind: Kind): { readonly object: JsonObject; readonly patch: JsonObject } {
  const type = kindType(apiVersionOf(kind), kind.kind);
  if (!type) throw new Error(`no schema for ${kind.kind}`);
  const without = new Set(['apiVersion', 'kind', 'name', 'namespace', HIDDEN]);
  const build = (own: string): JsonObject => filled(type, 'both', own, [], without);
  return { object: build('live'), patch: build('patch') };
}

/** `name` stands in every text; `own` is the text of the items that the other side has not. Types don't hold themselves. */
function filled(
  type: SchemaType,
  name: string,
  own: string,
  around: readonly SchemaType[],
  without?: ReadonlySet<string>,
): JsonObject {
  const object: JsonObject = {};
  for (const field of type.fields.values()) {
    const inner = field.struct ? schemaType(field.struct) : undefined;
    if (without?.has(field.name) || (inner && around.includes(inner))) continue;
    const one = (text: string, deep: boolean): unknown =>
      inner
        ? filled(inner, text, own, deep ? [...around, type] : SHALLOW, field.name === 'metadata' ? without : undefined)
        : field.base === 'bool'
          ? true
          : /^int|^float/.test(field.base)
            ? text.length
            : text;
    if (inner && around === SHALLOW) continue;
    const [wrap, ...more] = field.wraps;
    if (wrap === 'list' && more.length === 0) object[field.name] = [one(name, true), one(own, false)];
    else if (wrap === 'map' && more.length === 0)
      object[field.name] = { [name]: one(name, true), [own]: one(own, false) };
    else if (wrap === undefined) object[field.name] = one(name, true);
  }
  return object;
}
