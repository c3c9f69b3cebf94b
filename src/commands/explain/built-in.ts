/** The built-in kinds as shapes, read from the file that the build made beside the bundle. */
import type { ResourceInfo } from '../../core/api/resources';
import type { Shape } from '../../render/explain';
import type { Host } from '../host';

/** A type's text, then name, code and text of each field; or its text and what JSON holds of it. */
type Row = readonly [text: number, ...fields: readonly (string | number)[]];

type GroupVersionKind = 'group' | 'version' | 'kind';

interface Explanations {
  readonly texts: readonly string[];
  readonly types: Readonly<Record<string, Row>>;
}

/** The shape of a built-in kind, or undefined when the file has none. */
export function builtInShape(
  host: Pick<Host, 'asset'>,
  resource: Pick<ResourceInfo, GroupVersionKind>,
): Shape | undefined {
  const data = JSON.parse(host.asset('explain.json')) as Explanations;
  const { group, version, kind } = resource;
  const prefix = version.charAt(0).toUpperCase() + version.slice(1);
  const room = kind === 'Event' ? (group === '' ? 'Core' : 'Events') : '';
  return new Reader(data).type(`${room}${prefix}${kind}`);
}

class Reader {
  private readonly known = new Map<string, Shape>();
  constructor(private readonly data: Explanations) {}

  type(key: string): Shape | undefined {
    const known = this.known.get(key);
    if (known || !Object.hasOwn(this.data.types, key)) return known;
    const shape = this.read(this.data.types[key]!);
    this.known.set(key, shape);
    return shape;
  }

  private read(row: Row): Shape {
    if (row.length === 2) return { type: String(row[1]), ...this.described(row[0]) };
    const properties = new Map<string, Shape>();
    const required = new Set<string>();
    for (let i = 1; i < row.length; i += 3) {
      const name = String(row[i]);
      const [code, values] = splitOnce(String(row[i + 1]), '=');
      if (code.endsWith('!')) required.add(name);
      properties.set(name, {
        ...this.field(code.replace('!', '')),
        ...this.described(Number(row[i + 2])),
        ...(values !== undefined && { enum: values.split('|').map((value) => (value === '""' ? '' : value)) }),
      });
    }
    return { type: 'object', properties, required, ...this.described(row[0]) };
  }

  private described(text: number): { description?: string } {
    return text < 0 ? {} : { description: this.data.texts[text] };
  }

  private field(code: string): Shape {
    if (code.startsWith('[]')) return { items: this.field(code.slice(2)) };
    if (code.startsWith('{}')) return { values: this.field(code.slice(2)) };
    if (!code.startsWith('$')) return { type: code };
    const key = code.slice(1);
    return { name: key.replace(MODEL_PREFIX, ''), target: () => this.type(key) };
  }
}

const MODEL_PREFIX = /^(?:[A-Z][a-z]+)?V\d+(?:(?:alpha|beta)\d+)?(?=.)/;

function splitOnce(text: string, at: string): [string, string | undefined] {
  const index = text.indexOf(at);
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + at.length)];
}
