/** `-o custom-columns` and `-o custom-columns-file`: a header and a JSONPath expression for each column. */
import { goValue } from '../core/meta/gofmt';
import { JsonPath, relaxedJsonPath } from '../core/meta/jsonpath';
import { escapeTerminal } from './escape';
import { layOut, TABLE_STOPS } from './tabwriter';

export interface CustomColumn {
  readonly header: string;
  /** A JSONPath template in braces. */
  readonly path: string;
}

/** A column whose path cannot be parsed: found out only after the header has been printed. */
export class CustomColumnsError extends Error {
  constructor(
    message: string,
    /** What goes to stdout before the message goes to stderr. */
    readonly printed: string,
  ) {
    super(message);
    this.name = 'CustomColumnsError';
  }
}

/** Columns of `NAME:.metadata.name,…`. Throws Error with kubectl's words (as NewCustomColumnsPrinterFromSpec). */
export function parseCustomColumns(spec: string): CustomColumn[] {
  if (spec === '') throw new Error('custom-columns format specified but no custom columns given');
  return spec.split(',').map((part) => {
    const colon = part.indexOf(':');
    if (colon < 0) throw new Error(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    return { header: part.slice(0, colon), path: relaxedJsonPath(part.slice(colon + 1)) };
  });
}

/** Columns of a file: a line of headers above a line of paths, both separated by white space. */
export function parseCustomColumnsFile(content: string): CustomColumn[] {
  const expected = 'Expected format is one line of space separated headers, one line of space separated column specs.';
  const lines = content.split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0) throw new Error(`invalid template, missing header line. ${expected}`);
  if (lines.length === 1) throw new Error(`invalid template, missing spec line. ${expected}`);
  const headers = words(lines[0]);
  const paths = words(lines[1]);
  if (headers.length !== paths.length) {
    throw new Error(`number of headers (${headers.length}) and field specifications (${paths.length}) don't match`);
  }
  return headers.map((header, i) => ({ header, path: relaxedJsonPath(paths[i]) }));
}

const words = (line: string): string[] => line.split(/\s+/).filter((word) => word !== '');

/** A line for each object. Several results of one path are joined by commas. Throws CustomColumnsError. */
export function printCustomColumns(
  columns: readonly CustomColumn[],
  objects: readonly unknown[],
  options: { readonly noHeaders?: boolean } = {},
): string {
  const header = options.noHeaders ? '' : `${columns.map((column) => column.header).join('\t')}\n`;
  const paths = columns.map((column) => {
    try {
      return JsonPath.parse(column.path, { allowMissingKeys: true });
    } catch (error) {
      throw new CustomColumnsError((error as Error).message, layOut(header, TABLE_STOPS));
    }
  });
  let text = header;
  for (const object of objects) text += `${paths.map((path) => cellOf(path, object)).join('\t')}\n`;
  return layOut(text, TABLE_STOPS);
}

function cellOf(path: JsonPath, object: unknown): string {
  const results = path.findResults(object);
  const values = results.flat().map((value) => escapeTerminal(goValue(value)));
  if (results.length === 0 || results[0].length === 0) values.unshift('<none>');
  return values.join(',');
}
