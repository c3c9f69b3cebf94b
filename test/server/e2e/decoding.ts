/**
 * Whether a client in Go could read an answer: every field is known to the type of its object, and has the JSON that Go's
 * decoder takes for it. The types come from the generated models of the API.
 */
import * as models from 'kubernetes-models/dist/gen/models/all.js';

interface Attribute {
  readonly baseName: string;
  readonly type: string;
  readonly format: string;
}
type Model = { getAttributeTypeMap(): readonly Attribute[] };
type Fields = Readonly<Record<string, unknown>>;

const classes = models as unknown as Readonly<Record<string, Model | undefined>>;
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/;
/** As metav1.RFC3339Micro is parsed: six digits, no more and no fewer. */
const RFC3339_MICRO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)$/;
const QUANTITY = /^[+-]?(\d+\.?\d*|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** Maps whose values are quantities; the models call them strings. */
const RESOURCES = ['requests', 'limits', 'capacity', 'allocatable', 'allocatedResources', 'hard', 'used', 'overhead'];
const ELSEWHERE: Readonly<Record<string, string>> = {
  'v1 Event': 'CoreV1Event',
  'events.k8s.io/v1 Event': 'EventsV1Event',
  'authentication.k8s.io/v1 TokenRequest': 'AuthenticationV1TokenRequest',
};

/** What a client would stumble over, as `path: what is wrong`; nothing for objects of kinds without a model. */
export function decodingFaults(object: unknown): string[] {
  const faults: string[] = [];
  if (!isFields(object)) return [`an object was expected, not ${JSON.stringify(object)}`];
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return ['apiVersion and kind are missing'];
  if (kind.endsWith('List') && 'items' in object) {
    const model = modelOf(apiVersion, kind.slice(0, -4));
    if (!Array.isArray(object.items)) return [`items: ${JSON.stringify(object.items)}`];
    check('V1ListMeta', object.metadata, 'metadata', faults);
    object.items.forEach((item, i) => {
      if (model) check(model, item, `items[${i}]`, faults);
    });
    return faults;
  }
  const model = modelOf(apiVersion, kind);
  if (model) check(model, object, '', faults);
  return faults;
}

function modelOf(apiVersion: string, kind: string): string | undefined {
  const version = apiVersion.slice(apiVersion.lastIndexOf('/') + 1);
  const name = ELSEWHERE[`${apiVersion} ${kind}`] ?? `${version[0]?.toUpperCase()}${version.slice(1)}${kind}`;
  return classes[name] ? name : undefined;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function check(type: string, value: unknown, path: string, faults: string[], format = ''): void {
  // Go leaves the field as it is.
  if (value === null || value === undefined) return;
  const list = /^(?:Array|Set)<(.*)>$/.exec(type)?.[1];
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];
  const simple = list === undefined && map === undefined ? takes(type, value, format) : undefined;
  const isRightShape = simple ?? (list === undefined ? isFields(value) : Array.isArray(value));
  if (!isRightShape) faults.push(`${path}: ${JSON.stringify(value)} is no ${type}${format && ` (${format})`}`);
  if (!isRightShape || simple) return;
  if (list !== undefined) {
    for (const [i, one] of (value as unknown[]).entries()) check(list, one, `${path}[${i}]`, faults);
    return;
  }
  const isQuantity = map === 'string' && RESOURCES.includes(path.slice(path.lastIndexOf('.') + 1));
  for (const [name, one] of Object.entries(value)) {
    if (map !== undefined) {
      check(map, one, `${path}[${name}]`, faults, isQuantity ? 'quantity' : format);
      continue;
    }
    const at = path === '' ? name : `${path}.${name}`;
    const attribute = classes[type]?.getAttributeTypeMap().find(({ baseName }) => baseName === name);
    if (attribute) check(attribute.type, one, at, faults, attribute.format);
    else faults.push(`${at}: ${type} has no such field`);
  }
}

/** Whether a simple type takes the value; undefined for the types of objects. */
function takes(type: string, value: unknown, format: string): boolean | undefined {
  switch (type) {
    case 'any':
    case 'object':
      return true;
    case 'boolean':
      return typeof value === 'boolean';
    case 'Date':
      return typeof value === 'string' && RFC3339.test(value);
    case 'V1MicroTime':
      return typeof value === 'string' && RFC3339_MICRO.test(value);
    case 'IntOrString':
      return typeof value === 'string' || Number.isInteger(value);
    case 'number':
      if (format === 'double') return typeof value === 'number';
      return Number.isSafeInteger(value) && (format !== 'int32' || Math.abs(value as number) < 2 ** 31);
    case 'string':
      if (typeof value !== 'string') return false;
      if (format === 'byte') return BASE64.test(value);
      return format !== 'quantity' || QUANTITY.test(value);
  }
  if (!classes[type]) throw new Error(`the models have no ${type}`);
  return undefined;
}
