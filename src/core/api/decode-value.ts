/** Decodes one value by its schema: Go's words for a wrong type, Go's canonical form for a right one. */
import { isInteger, isNumber, stringifyJson } from '../meta/json';
import { canonicalQuantity } from '../meta/quantity';
import { parseGoTime } from './go-time';
import { type SchemaField, type SchemaType, schemaType } from './schema/schema';

export interface DecodeReport {
  /** `unknown field "spec.replica"`. Upstream stops collecting at a hundred. */
  readonly unknown: string[];
  /** The first type error; decoding goes on after it. */
  typeError: string | undefined;
  /** The same in the words of the converter that reads a strategically merged object (DefaultUnstructuredConverter). */
  conversionError?: string;
  /** Values that are as they would be decoded: they are taken over. */
  readonly sound?: ReadonlySet<unknown>;
}

interface Place {
  /** The struct that holds the field, for Go's message. */
  readonly struct: string;
  /** Field names from the root, without indices and map keys, for Go's message. */
  readonly fields: readonly string[];
  /** The path with indices and keys, for strict errors. */
  readonly path: string;
}

const MAX_STRICT_ERRORS = 100;

/** Decodes an object whose type is known. `null` fields and unknown fields are dropped. */
export function decodeStruct(value: object, type: SchemaType, report: DecodeReport, place?: Place): unknown {
  const out: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
    const path = place?.path ? `${place.path}.${name}` : name;
    const field = type.field(name);
    if (!field) {
      if (report.unknown.length < MAX_STRICT_ERRORS) report.unknown.push(`unknown field ${JSON.stringify(path)}`);
      continue;
    }
    if (item === null || item === undefined) continue;
    const inner: Place = { struct: type.goName, fields: [...(place?.fields ?? []), name], path };
    const decoded = decodeField(item, field, 0, inner, report);
    if (decoded !== undefined && !isLeftOut(decoded, field)) out[name] = decoded;
  }
  return out;
}

/** Whether Go's `omitempty` leaves the value out. */
function isLeftOut(value: unknown, field: SchemaField): boolean {
  if (field.base === 'any' && field.wraps.length === 0) return false;
  if (field.required) return false;
  if (Array.isArray(value)) return value.length === 0;
  if (field.wraps[0] === 'map') return Object.keys(value as object).length === 0;
  if (field.pointer || field.base === 'intstr' || field.base === 'quantity') return false;
  return value === '' || value === 0 || value === false;
}

function decodeField(value: unknown, field: SchemaField, depth: number, place: Place, report: DecodeReport): unknown {
  if (report.sound?.has(value)) return value;
  const wrap = field.wraps[depth];
  if (wrap === 'list') {
    if (!Array.isArray(value)) return wrong(value, 'slice', goTypeOf(field, depth), place, report);
    return value.map((item, index) =>
      item === null
        ? zeroOf(field, depth + 1)
        : decodeField(item, field, depth + 1, { ...place, path: `${place.path}[${index}]` }, report),
    );
  }
  if (wrap === 'map') {
    if (!isObject(value)) return wrong(value, 'map', goTypeOf(field, depth), place, report);
    const out: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
      const inner = { ...place, path: `${place.path}.${key}` };
      const decoded = item === null ? zeroOf(field, depth + 1) : decodeField(item, field, depth + 1, inner, report);
      Object.defineProperty(out, key, { value: decoded, enumerable: true, writable: true, configurable: true });
    }
    return out;
  }
  return decodeBase(value, field, place, report);
}

function decodeBase(value: unknown, field: SchemaField, place: Place, report: DecodeReport): unknown {
  switch (field.base) {
    case 'any':
      return value;
    case 'struct': {
      const type = schemaType(field.struct!);
      if (!isObject(value)) return wrong(value, 'struct', field.goType, place, report);
      return type ? decodeStruct(value, type, report, place) : value;
    }
    case 'string':
      return typeof value === 'string' ? value : wrong(value, 'string', field.goType, place, report);
    case 'bool':
      return typeof value === 'boolean' ? value : wrong(value, 'bool', field.goType, place, report);
    case 'int32':
    case 'int64': {
      if (!isNumber(value)) return wrong(value, field.base, field.goType, place, report);
      const fits = isInteger(value) && (field.base === 'int64' || (value >= -(2 ** 31) && value < 2 ** 31));
      return fits ? value : wrong(value, field.base, field.goType, place, report, `number ${value}`);
    }
    case 'float64':
      return isNumber(value) ? Number(value) : wrong(value, 'float64', field.goType, place, report);
    case 'bytes':
      return decodeBytes(value, place, report);
    case 'quantity':
      return decodeQuantity(value, report);
    case 'intstr':
      return decodeIntOrString(value, report);
    case 'time':
    case 'microtime':
      return decodeTime(value, field.base, report);
  }
}

function decodeQuantity(value: unknown, report: DecodeReport): unknown {
  try {
    if (typeof value === 'string') return canonicalQuantity(value.trim());
    return canonicalQuantity(isNumber(value) ? String(value) : stringifyJson(value));
  } catch (error) {
    fail(report, error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** As intstr.IntOrString.UnmarshalJSON: text stays text, everything else must be an int32. */
function decodeIntOrString(value: unknown, report: DecodeReport): unknown {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31) return value;
  const what = isNumber(value) ? `number ${value}` : jsonKind(value);
  fail(report, `json: cannot unmarshal ${what} into Go value of type int32`);
  return undefined;
}

function decodeTime(value: unknown, base: 'time' | 'microtime', report: DecodeReport): unknown {
  if (typeof value !== 'string') {
    fail(report, `json: cannot unmarshal ${jsonKind(value)} into Go value of type string`);
    return undefined;
  }
  const parsed = parseGoTime(value, base === 'microtime');
  if ('error' in parsed) fail(report, parsed.error);
  return 'error' in parsed ? undefined : parsed.text;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function decodeBytes(value: unknown, place: Place, report: DecodeReport): unknown {
  if (typeof value !== 'string') return wrong(value, 'slice', '[]uint8', place, report);
  const text = value.replace(/[\r\n]/g, '');
  const digits = text.replace(/={1,2}$/, '');
  const bad = [...digits].findIndex((c) => !BASE64.includes(c));
  const at = bad >= 0 ? bad : text.length % 4 !== 0 ? text.length - (text.length % 4) : -1;
  const why = `illegal base64 data at input byte ${at}`;
  if (at >= 0) fail(report, why, `error decoding from json: ${why}`);
  return text;
}

type GoKind = 'slice' | 'map' | 'struct' | 'string' | 'bool' | 'int32' | 'int64' | 'float64';

function wrong(
  value: unknown,
  kind: GoKind,
  goType: string,
  place: Place,
  report: DecodeReport,
  what = jsonKind(value),
): undefined {
  const into = `Go struct field ${place.struct}.${place.fields.join('.')} of type ${goType}`;
  fail(report, `json: cannot unmarshal ${what} into ${into}`, unconvertible(value, kind, goType));
  return undefined;
}

function fail(report: DecodeReport, message: string, conversion = message): void {
  report.typeError ??= message;
  report.conversionError ??= conversion;
}

/** Why reflection can't set a field of that kind. An integer is convertible to text for Go, which is then refused. */
function unconvertible(value: unknown, kind: GoKind, goType: string): string {
  const source = reflectKind(value);
  if (kind === 'slice' || kind === 'map') return `cannot restore ${kind} from ${source}`;
  if (kind === 'struct') return `cannot restore struct from: ${source}`;
  const convertible = source === 'int64' ? kind !== 'bool' : source === 'float64' && kind.startsWith('int');
  return convertible ? `cannot convert ${source} to ${goType}` : `unrecognized type: ${kind}`;
}

function reflectKind(value: unknown): string {
  if (Array.isArray(value)) return 'slice';
  if (isNumber(value)) return isInteger(value) ? 'int64' : 'float64';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'string' : 'map';
}

/** The Go type from that depth of wrapping inwards: `[]v1.Container`, `map[string]string`. */
function goTypeOf(field: SchemaField, depth: number): string {
  if (field.base === 'quantity' && field.wraps[depth] === 'map') return 'v1.ResourceList';
  return (
    field.wraps
      .slice(depth)
      .map((wrap) => (wrap === 'list' ? '[]' : 'map[string]'))
      .join('') + field.goType
  );
}

/** What Go leaves in a list or map for a `null` element. */
function zeroOf(field: SchemaField, depth: number): unknown {
  if (field.wraps[depth] === 'list' || field.wraps[depth] === 'map') return null;
  if (field.base === 'string' || field.base === 'bytes') return '';
  if (field.base === 'bool') return false;
  if (field.base === 'struct') return {};
  if (field.base === 'quantity') return '0';
  return field.base === 'any' ? null : 0;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'bool';
  return isNumber(value) ? 'number' : typeof value;
}
