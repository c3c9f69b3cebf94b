/** The types of the built-in kinds as OpenAPI schemas, made of the texts that `explain` prints. */
import { patchRuleOf } from '../../api/patch-schema';

/** A type's text, then name, code and text of each field; or its text and what JSON holds of it. */
type Row = readonly [text: number, ...fields: readonly (string | number)[]];

interface Explanations {
  readonly texts: readonly string[];
  readonly types: Readonly<Record<string, Row>>;
}

export type Schema = Readonly<Record<string, unknown>>;

const META =
  /^V1(ObjectMeta|ListMeta|LabelSelector|LabelSelectorRequirement|OwnerReference|ManagedFieldsEntry|Condition|DeleteOptions|Preconditions|Status\w*|APIGroup|APIResource\w*|GroupVersionForDiscovery|ServerAddressByClientCIDR)$/;
const PREFIX = /^([A-Z][a-z]+)?V(\d+(?:(?:alpha|beta)\d+)?)(?=.)/;

const SCALARS: Readonly<Record<string, Schema>> = {
  Time: { type: 'string', format: 'date-time' },
  MicroTime: { type: 'string', format: 'date-time' },
  IntOrString: { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' },
  Quantity: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  FieldsV1: { type: 'object' },
  RawExtension: { type: 'object' },
};

/** Writes schemas into the components of one document, each type once. */
export class Types {
  private readonly data: Explanations;

  constructor(text: string) {
    this.data = JSON.parse(text) as Explanations;
  }

  has(key: string): boolean {
    return Object.hasOwn(this.data.types, key);
  }

  /** The fields that every object has, with their texts. */
  common(): Record<string, Schema> {
    const properties: Record<string, Schema> = {};
    const row = this.data.types.V1Pod ?? [0];
    for (let i = 1; i < row.length; i += 3) {
      const name = String(row[i]);
      if (['apiVersion', 'kind', 'metadata'].includes(name))
        properties[name] = { ...this.text(Number(row[i + 2])), ...this.field(String(row[i + 1]), {}) };
    }
    return properties;
  }

  /** Adds a type and all that it leads to. */
  add(key: string, into: Record<string, Schema>): void {
    const name = schemaName(key);
    if (Object.hasOwn(into, name)) return;
    const row = this.data.types[key];
    if (!row) return;
    into[name] = {};
    into[name] = this.schema(key, row, into);
  }

  private schema(key: string, row: Row, into: Record<string, Schema>): Schema {
    const description = this.text(row[0]);
    const scalar = Object.hasOwn(SCALARS, key) ? SCALARS[key] : undefined;
    if (scalar) return { ...description, ...scalar };
    if (row.length === 2) return { ...description, type: String(row[1]) };
    if (row.length === 1) return { ...description };
    const properties: Record<string, Schema> = {};
    const required: string[] = [];
    for (let i = 1; i < row.length; i += 3) {
      const name = String(row[i]);
      const [code = '', values] = splitOnce(String(row[i + 1]), '=');
      if (code.endsWith('!')) required.push(name);
      properties[name] = {
        ...this.text(Number(row[i + 2])),
        ...this.field(code.replace('!', ''), into),
        ...(values !== undefined && { enum: values.split('|').map((value) => (value === '""' ? '' : value)) }),
        ...patchExtensions(goName(key), name),
      };
    }
    return { ...description, type: 'object', properties, ...(required.length > 0 && { required }) };
  }

  private field(code: string, into: Record<string, Schema>): Schema {
    if (code.startsWith('[]')) return { type: 'array', items: this.field(code.slice(2), into) };
    if (code.startsWith('{}')) return { type: 'object', additionalProperties: this.field(code.slice(2), into) };
    if (!code.startsWith('$')) return { type: code.toLowerCase() };
    this.add(code.slice(1), into);
    return { allOf: [{ $ref: `#/components/schemas/${schemaName(code.slice(1))}` }] };
  }

  private text(at: number): Schema {
    const description = at < 0 ? undefined : this.data.texts[at];
    return description === undefined ? {} : { description };
  }
}

/** The schema's name of a type: `io.k8s.api.core.v1.Container`. */
export function schemaName(key: string): string {
  if (Object.hasOwn(SCALARS, key)) {
    if (key === 'Quantity') return 'io.k8s.apimachinery.pkg.api.resource.Quantity';
    if (key === 'IntOrString') return 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';
    return `io.k8s.apimachinery.pkg.apis.meta.v1.${key}`;
  }
  if (META.test(key)) return `io.k8s.apimachinery.pkg.apis.meta.v1.${goName(key)}`;
  const prefix = PREFIX.exec(key);
  if (!prefix) return `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.${key}`;
  return `io.k8s.api.${(prefix[1] ?? 'core').toLowerCase()}.v${prefix[2]}.${goName(key)}`;
}

const goName = (key: string): string => key.replace(PREFIX, '');

/** The key of a kind's type: `V1StatefulSet`. */
export function kindKey({ group, version, kind }: { group: string; version: string; kind: string }): string {
  const room = kind === 'Event' ? (group === '' ? 'Core' : 'Events') : '';
  return `${room}${version.charAt(0).toUpperCase()}${version.slice(1)}${kind}`;
}

function patchExtensions(type: string, field: string): Schema {
  const rule = patchRuleOf(type, field);
  if (!rule) return {};
  return {
    ...(rule.mergeKey && { 'x-kubernetes-patch-merge-key': rule.mergeKey }),
    ...(rule.strategies.length > 0 && { 'x-kubernetes-patch-strategy': rule.strategies.join(',') }),
  };
}

function splitOnce(text: string, at: string): [string, string | undefined] {
  const index = text.indexOf(at);
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + at.length)];
}
