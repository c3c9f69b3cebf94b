/**
 * From what a parser built to plain JSON: maps to objects, keys to text, aliases copied out. Bounds what a small file can
 * blow up to, and refuses what JSON or JavaScript cannot hold safely.
 */
import { CommandError } from '../../core/client/errors';
import { refuseInexact } from './integers';

/** @throws CommandError in the words that stand behind `error parsing FILE: `. */
export function toPlain(value: unknown): unknown {
  const converter = new Converter();
  const result = converter.convert(value);
  if (converter.inexact) refuseInexact(result);
  return result;
}

/** Nesting beyond this is refused: everything that walks an object later may then recurse. */
export const MAX_DEPTH = 1000;

/** A plain `<<` as the parser leaves it, one for each place: what its value holds goes into the map around it. */
export class MergeKey {}

class Converter {
  /** Nodes copied so far, and how many of them inside an alias. */
  private nodes = 0;
  private aliased = 0;
  private depth = 0;
  private readonly seen = new Set<object>();
  private readonly open = new Set<object>();
  /** Whether there were integers that no number holds; only what is left of them in the end is refused. */
  inexact = false;

  convert(value: unknown): unknown {
    this.count();
    if (typeof value === 'number' && !Number.isFinite(value)) {
      const name = Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
      throw new CommandError(`error converting YAML to JSON: json: unsupported value: ${name}`);
    }
    if (typeof value === 'bigint') this.inexact = true;
    if (value instanceof MergeKey) return '<<';
    if (typeof value !== 'object' || value === null) return value;
    if (this.open.has(value))
      throw new CommandError('error converting YAML to JSON: yaml: an anchor value contains itself');
    if (this.open.size >= MAX_DEPTH) throw new CommandError('exceeded max depth');
    const alias = this.seen.has(value);
    this.seen.add(value);
    this.open.add(value);
    if (alias) this.depth += 1;
    const result = Array.isArray(value) ? value.map((v) => this.convert(v)) : this.object(value);
    if (alias) this.depth -= 1;
    this.open.delete(value);
    return result;
  }

  private object(value: object): Record<string, unknown> {
    const entries: Iterable<[unknown, unknown]> = value instanceof Map ? value.entries() : Object.entries(value);
    const result: Record<string, unknown> = {};
    for (const [key, item] of entries) {
      if (key instanceof MergeKey) {
        this.merge(result, item);
        continue;
      }
      const name = keyText(key);
      // As a property this name would reach every object's prototype.
      if (name === '__proto__') throw new CommandError('the key "__proto__" is not allowed');
      result[name] = this.convert(item);
    }
    return result;
  }

  /** As go-yaml: over what came before it, and of several maps the first has the last word. */
  private merge(into: Record<string, unknown>, value: unknown): void {
    const maps: unknown[] = Array.isArray(value) ? value : [value];
    for (const map of maps.toReversed()) {
      if (!(map instanceof Map))
        throw new CommandError(
          'error converting YAML to JSON: yaml: map merge requires map or sequence of maps as the value',
        );
      Object.assign(into, this.convert(map));
    }
  }

  /** As go-yaml: the more there is, the smaller the part of it that aliases may make up. */
  private count(): void {
    this.nodes += 1;
    if (this.depth > 0) this.aliased += 1;
    if (this.aliased > 100 && this.nodes > 1000 && this.aliased / this.nodes > allowedAliasRatio(this.nodes))
      throw new CommandError('error converting YAML to JSON: yaml: document contains excessive aliasing');
  }
}

function allowedAliasRatio(nodes: number): number {
  if (nodes <= 400_000) return 0.99;
  return nodes >= 4_000_000 ? 0.1 : 0.99 - 0.89 * ((nodes - 400_000) / 3_600_000);
}

/** A map key as text (as sigs.k8s.io/yaml's convertToJSONableObject). */
function keyText(key: unknown): string {
  if (typeof key === 'string') return key;
  if (typeof key === 'boolean' || typeof key === 'bigint') return String(key);
  if (typeof key === 'number' && Number.isFinite(key))
    return Number.isInteger(key) && Math.abs(key) < 1e21 ? String(key) : String(key).replace(/e([+-])(\d)$/, 'e$10$2');
  const shown = key === null ? '%!s(<nil>)' : typeof key;
  throw new CommandError(`error converting YAML to JSON: unsupported map key of type: ${shown}`);
}
