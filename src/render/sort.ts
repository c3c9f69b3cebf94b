/** `--sort-by`: objects in the order of one of their fields (as kubectl's SortObjects and RuntimeSort). */

import { goSort } from '../core/meta/go-sort';
import { goQuote } from '../core/meta/gofmt';
import { isNumber } from '../core/meta/json';
import { JsonPath, relaxedJsonPath } from '../core/meta/jsonpath';
import { Quantity, QuantityError } from '../core/meta/quantity';
import { compareText } from '../core/meta/text';

/** No object has the field, or its values have no order. */
export class SortError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SortError';
  }
}

/**
 * The objects sorted by `field`, a path with or without braces; those without it come first. One object, or none, is taken
 * as it is. Throws SortError, and Error for a path that cannot be parsed.
 */
export function sortObjects<T>(objects: readonly T[], field: string): T[] {
  if (objects.length < 2) return [...objects];
  const sorted = sortedBy(objects, field);
  if (!sorted) throw notFound(field);
  return sorted;
}

const notFound = (field: string): SortError =>
  new SortError(`couldn't find any field with path ${goQuote(relaxedJsonPath(field))} in the list of objects`);

/**
 * As sortObjects for the rows of one table: where none has the field, or it cannot be parsed, kubectl's table sorter comes
 * back with nothing, and nothing is shown. A single row is shown without a look at it.
 */
export function sortForTable<T>(objects: readonly T[], field: string): T[] {
  if (objects.length < 2) return [...objects];
  try {
    return sortedBy(objects, field) ?? [];
  } catch (error) {
    if (error instanceof SortError) throw error;
    return [];
  }
}

interface Keyed<T> {
  readonly object: T;
  /** The first result of the path; `found` tells null from nothing. */
  readonly found: boolean;
  readonly value: unknown;
}

function sortedBy<T>(objects: readonly T[], field: string): T[] | undefined {
  const template = relaxedJsonPath(field);
  const path = JsonPath.parse(template, { allowMissingKeys: true });
  const keyed = objects.map((object): Keyed<T> => {
    const first = path.findResults(object)[0] ?? [];
    return { object, found: first.length > 0, value: first[0] };
  });
  if (!keyed.some((item) => item.found)) return undefined;
  try {
    return goSort(keyed, (a, b) => !a.found || (b.found && isLess(a.value, b.value))).map((item) => item.object);
  } catch (error) {
    if (!(error instanceof UnsortableError)) throw error;
    const kind = 'in *unstructured.Unstructured is an unsortable type: interface';
    throw new SortError(`Field ${template} ${kind}, err: unsortable ${error.message}`);
  }
}

/** As isLess: numbers by value, strings as quantities where both are, else byte by byte. */
function isLess(a: unknown, b: unknown): boolean {
  if (a === null || b === null) return a === null && b !== null;
  if (isNumber(a) && isNumber(b)) return a < b;
  if (typeof a === 'string' && typeof b === 'string') {
    const x = quantityOf(a);
    const y = x && quantityOf(b);
    return x && y ? x.compare(y) < 0 : compareText(a, b) < 0;
  }
  throw new UnsortableError(
    typeof a === 'object' || typeof a === 'boolean' ? `type: ${goType(a)}` : 'interface: interface',
  );
}

/** What isLess cannot put in order; the field's name is added where it is known. */
class UnsortableError extends Error {}

const goType = (value: unknown): string =>
  typeof value === 'boolean' ? 'bool' : Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}';

function quantityOf(text: string): Quantity | undefined {
  if (!/^[-+.0-9]/.test(text)) return undefined;
  try {
    return Quantity.parse(text);
  } catch (error) {
    if (error instanceof QuantityError) return undefined;
    throw error;
  }
}
