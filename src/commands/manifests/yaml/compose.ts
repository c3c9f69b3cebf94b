/** Nodes to JSON: tags, merge keys and aliases, in the words of go-yaml's decoder and sigs.k8s.io/yaml's conversion. */
import { exactInteger } from '../../../core/meta/json';
import { put } from '../../../core/meta/objects';
import { classify, type Scalar } from '../scalars';
import { decodeError, YamlError } from './errors';
import { type Key, keyOf } from './keys';
import type { AliasNode, MapNode, Node, ScalarNode } from './nodes';

/** What a node means. @throws YamlError */
export const toJson = (node: Node): unknown => new Composer().value(node);

const YAML = 'tag:yaml.org,2002:';
const isYamlTag = (tag: string, ...names: readonly string[]): boolean => names.some((name) => tag === YAML + name);

type Entries = Map<string, { readonly key: Key; value: unknown }>;

class Composer {
  /** Nodes seen so far, and how many of them inside an alias. */
  private nodes = 0;
  private aliased = 0;
  private depth = 0;
  private readonly open = new Set<Node>();

  value(node: Node): unknown {
    this.count();
    switch (node.kind) {
      case 'alias':
        return this.inside(node, () => this.value(node.target));
      case 'list':
        return node.items.map((item) => this.value(item));
      case 'map':
        return objectOf(this.fill(new Map(), node));
      case 'scalar':
        return jsonOf(scalarOf(node));
    }
  }

  private inside<T>(alias: AliasNode, work: () => T): T {
    if (this.open.has(alias.target)) throw decodeError(`anchor '${alias.name}' value contains itself`);
    this.open.add(alias.target);
    this.depth += 1;
    const result = work();
    this.depth -= 1;
    this.open.delete(alias.target);
    return result;
  }

  /** Later keys win over those before them, and a merge counts as what it brings in, where it stands. */
  private fill(entries: Entries, node: MapNode): Entries {
    for (const [keyNode, valueNode] of node.entries) {
      if (isMerge(keyNode)) {
        this.merge(entries, valueNode);
        continue;
      }
      const key = this.key(keyNode);
      const value = this.value(valueNode);
      entries.delete(key.id);
      entries.set(key.id, { key, value });
    }
    return entries;
  }

  private key(node: Node): Key {
    if (node.kind === 'alias') return this.inside(node, () => this.key(node.target));
    this.count();
    if (node.kind === 'scalar') return keyOf(scalarOf(node));
    throw decodeError(`invalid map key: ${goSyntax(this.value(node))}`);
  }

  /** Of several maps the first has the last word. */
  private merge(entries: Entries, node: Node): void {
    if (node.kind === 'list') for (const item of node.items.toReversed()) this.mergeMap(entries, item);
    else this.mergeMap(entries, node);
  }

  private mergeMap(entries: Entries, node: Node): void {
    this.count();
    const refused = () => decodeError('map merge requires map or sequence of maps as the value');
    if (node.kind === 'map') this.fill(entries, node);
    else if (node.kind !== 'alias') throw refused();
    else {
      const { target } = node;
      if (target.kind !== 'map') throw refused();
      this.inside(node, () => {
        this.count();
        this.fill(entries, target);
      });
    }
  }

  /** The more there is, the smaller the part of it that aliases may make up. */
  private count(): void {
    this.nodes += 1;
    if (this.depth > 0) this.aliased += 1;
    if (this.aliased > 100 && this.nodes > 1000 && this.aliased / this.nodes > allowedAliasRatio(this.nodes))
      throw decodeError('document contains excessive aliasing');
  }
}

function allowedAliasRatio(nodes: number): number {
  if (nodes <= 400_000) return 0.99;
  return nodes >= 4_000_000 ? 0.1 : 0.99 - 0.89 * ((nodes - 400_000) / 3_600_000);
}

const isMerge = (node: Node): boolean =>
  node.kind === 'scalar' && node.value === '<<' && (node.plain || isYamlTag(node.tag, 'merge'));

/** Its text, or its meaning by its looks and its tag. Tags of the user's own say nothing: the text stays text. */
function scalarOf({ value, plain, tag }: ScalarNode): Scalar & { readonly text: string } {
  const text: Scalar & { readonly text: string } = { kind: 'str', text: value };
  if (tag === '') {
    const meant = plain ? classify(value) : text;
    return meant.kind === 'str' ? text : { ...meant, text: value };
  }
  if (isYamlTag(tag, 'binary')) return { kind: 'str', text: binary(value) };
  const name = ['bool', 'int', 'float', 'null', 'timestamp'].find((known) => isYamlTag(tag, known));
  if (name === undefined) return text;
  const found = classify(value);
  if (name === 'float' && found.kind === 'int') return { kind: 'float', value: Number(found.value), text: value };
  if (name === 'timestamp' && found.kind === 'str' && isTimestamp(value)) return text;
  if (found.kind !== name) throw decodeError(`cannot decode !!${found.kind} \`${value}\` as a !!${name}`);
  return { ...found, text: value };
}

const TIMESTAMP =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]| )(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?(?<zone>Z|[-+]\d\d:\d\d)?)?$/;

/** The layouts of go-yaml: a date alone, or with a time of day, which has a zone exactly behind a `T`. */
function isTimestamp(text: string): boolean {
  const found = TIMESTAMP.exec(text);
  if (!found) return false;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part) => Number(part ?? 0));
  if (/[Tt]/.test(text) !== (found.groups?.zone !== undefined)) return false;
  const days = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  return month >= 1 && month <= 12 && day >= 1 && day <= days && hour < 24 && minute < 60 && second < 60;
}

function binary(text: string): string {
  const base64 = text.replace(/[\r\n]/g, '');
  if (!/^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(base64))
    throw decodeError('!!binary value contains invalid base64 data');
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
}

function jsonOf(scalar: Scalar & { readonly text: string }): unknown {
  switch (scalar.kind) {
    case 'null':
      return null;
    case 'str':
      return scalar.text;
    case 'int':
      return typeof scalar.value === 'bigint' ? exactInteger(scalar.value) : scalar.value;
    case 'bool':
      return scalar.value;
    case 'float': {
      if (Number.isFinite(scalar.value)) return scalar.value;
      const name = Number.isNaN(scalar.value) ? 'NaN' : scalar.value > 0 ? '+Inf' : '-Inf';
      throw new YamlError(`json: unsupported value: ${name}`);
    }
  }
}

function objectOf(entries: Entries): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const { key, value } of entries.values()) {
    const name = key.text(() => (value === null ? '<nil>' : goSyntax(value)));
    // As a property this name would reach every object's prototype.
    if (name === '__proto__') throw new YamlError('the key "__proto__" is not allowed');
    put(object, name, value);
  }
  return object;
}

/** As %#v of what go-yaml decodes into. */
function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${goSyntax(item)}`);
  return `map[interface {}]interface {}{${members.join(', ')}}`;
}
