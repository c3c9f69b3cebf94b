/** Looks up field types in the generated schema. It is parsed at the first question, not when the module loads. */
import { SCHEMA } from './generated';

export interface SchemaField {
  readonly name: string;
  /** What the value is; `struct` names a type of the schema, `any` takes everything. */
  readonly base: FieldBase;
  /** Lists and maps around the base, outermost first: `['list']` is a list of it, `['map', 'list']` a map of lists. */
  readonly wraps: readonly ('list' | 'map')[];
  /** The schema's key of a struct: `V1Container`. */
  readonly struct?: string;
  /** Go's name of the base type as reflection prints it: `int32`, `v1.Container`, `v1.RestartPolicy`. */
  readonly goType: string;
  /** Written even when it holds its zero value. */
  readonly required: boolean;
  /** An optional scalar behind a Go pointer: written when it was given, zero or not. */
  readonly pointer: boolean;
}

export type FieldBase =
  | 'string'
  | 'int32'
  | 'int64'
  | 'float64'
  | 'bool'
  | 'bytes'
  | 'time'
  | 'microtime'
  | 'quantity'
  | 'intstr'
  | 'any'
  | 'struct';

export interface SchemaType {
  /** `StatefulSetSpec` */
  readonly goName: string;
  field(name: string): SchemaField | undefined;
  readonly fields: ReadonlyMap<string, SchemaField>;
}

const BASES: Readonly<Record<string, readonly [FieldBase, string]>> = {
  s: ['string', 'string'],
  i: ['int32', 'int32'],
  l: ['int64', 'int64'],
  f: ['float64', 'float64'],
  b: ['bool', 'bool'],
  y: ['bytes', '[]uint8'],
  t: ['time', 'v1.Time'],
  m: ['microtime', 'v1.MicroTime'],
  q: ['quantity', 'resource.Quantity'],
  x: ['intstr', 'intstr.IntOrString'],
  '*': ['any', 'interface {}'],
};

let texts: Readonly<Record<string, string>> | undefined;
const types = new Map<string, SchemaType>();

/** The type of that key, `V1Container`; undefined when the schema has none. */
export function schemaType(key: string): SchemaType | undefined {
  const known = types.get(key);
  if (known) return known;
  texts ??= JSON.parse(SCHEMA) as Record<string, string>;
  if (!Object.hasOwn(texts, key)) return undefined;
  const type = parseType(key, texts[key]!);
  types.set(key, type);
  return type;
}

/** The type of a kind's objects; undefined for kinds that are not built in. */
export function kindType(apiVersion: string, kind: string): SchemaType | undefined {
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  const prefix = version.charAt(0).toUpperCase() + version.slice(1);
  if (kind === 'Event') return schemaType(apiVersion === 'v1' ? 'CoreV1Event' : 'EventsV1Event');
  return schemaType(`${prefix}${kind}`);
}

function parseType(key: string, text: string): SchemaType {
  const fields = new Map<string, SchemaField>();
  for (const part of text.split(' ')) {
    const colon = part.indexOf(':');
    if (colon > 0) fields.set(part.slice(0, colon), parseField(part.slice(0, colon), part.slice(colon + 1)));
  }
  return { goName: goNameOf(key), fields, field: (name) => fields.get(name) };
}

function parseField(name: string, code: string): SchemaField {
  const flag = code.at(-1);
  let rest = flag === '!' || flag === '?' ? code.slice(0, -1) : code;
  const wraps: ('list' | 'map')[] = [];
  while (rest.startsWith('[]') || rest.startsWith('{}')) {
    wraps.push(rest.startsWith('[]') ? 'list' : 'map');
    rest = rest.slice(2);
  }
  const common = { name, wraps, required: flag === '!', pointer: flag === '?' };
  const [letter, named] = rest.split('=');
  const base = Object.hasOwn(BASES, letter!) ? BASES[letter!] : undefined;
  if (!base) return { ...common, base: 'struct', struct: rest, goType: `${versionOf(rest)}.${goNameOf(rest)}` };
  const goType = named ? (named.includes('.') ? named : `v1.${named}`) : base[1];
  return { ...common, base: base[0], goType };
}

const PREFIX = /^(?:[A-Z][a-z]+)?V(\d+(?:(?:alpha|beta)\d+)?)/;
const goNameOf = (key: string): string => key.replace(PREFIX, '');
const versionOf = (key: string): string => `v${PREFIX.exec(key)?.[1] ?? '1'}`;
