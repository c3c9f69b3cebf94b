/** What `-o` asks for, and the printers that need nothing but the objects. */
import { CommandError } from '../../core/client/errors';
import { type Flags, notYet } from '../flags/spec';
import type { Host } from '../host';

export type FormatKind =
  | 'human'
  | 'wide'
  | 'table'
  | 'json'
  | 'yaml'
  | 'name'
  | 'jsonpath'
  | 'jsonpath-as-json'
  | 'custom-columns'
  | 'custom-columns-file';

export interface Format {
  readonly kind: FormatKind;
  /** The template, the column list, or the content of the column file. */
  readonly template: string;
}

const COMMON =
  'go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,yaml';
const FOR_GET =
  'custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,' +
  'template,templatefile,wide,yaml';

/** @throws CommandError for a format that does not exist, or not here, or lacks its template */
export function parseFormat(flags: Flags, host: Pick<Host, 'files'>, tables = false): Format {
  const output = flags.string('output');
  if (output === '') return { kind: 'human', template: '' };
  const equals = output.indexOf('=');
  const word = equals < 0 ? output : output.slice(0, equals);
  const template = equals < 0 ? flags.string('template') : output.slice(equals + 1);
  if (/^(go-template|go-template-file|template|templatefile)$/.test(word)) throw notYet(`the output format "${word}"`);
  if (word === 'kyaml') throw notYet('the output format "kyaml"');
  if ((word === 'json' || word === 'yaml' || word === 'name') && equals < 0) return { kind: word, template: '' };
  if (tables && (word === 'wide' || word === 'table') && equals < 0) return { kind: word, template: '' };
  if (word === 'jsonpath' || word === 'jsonpath-as-json') return { kind: word, template: needed(template) };
  if (word === 'jsonpath-file') return { kind: 'jsonpath', template: readTemplate(host, needed(template), 'template') };
  if (tables && word === 'custom-columns') {
    if (template === '') throw new CommandError('custom-columns format specified but no custom columns given');
    return { kind: word, template };
  }
  if (tables && word === 'custom-columns-file')
    return { kind: 'custom-columns-file', template: readTemplate(host, template, 'custom-columns') };
  throw new CommandError(
    `unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: ` +
      (tables ? FOR_GET : COMMON),
  );
}

function needed(template: string): string {
  if (template === '') throw new CommandError('template format specified but no template given');
  return template;
}

function readTemplate(host: Pick<Host, 'files'>, path: string, what: string): string {
  if (path === '') throw new CommandError(`${what} format specified but no ${what} file given`);
  if (host.files.stat(path)?.kind !== 'file')
    throw new CommandError(`error reading template ${path}, open ${path}: no such file or directory\n`);
  return new TextDecoder().decode(host.files.read(path));
}

/** One value (an object, or a List) in a structured format. `first` is false for the second of several. */
export async function printStructured(
  format: Format,
  value: object,
  allowMissing: boolean,
  first = true,
): Promise<string> {
  switch (format.kind) {
    case 'json':
      return (await import('../../render/json')).toJson(value);
    case 'yaml':
      return (first ? '' : '---\n') + (await import('../../render/yaml')).toYaml(value);
    default: {
      const { jsonPathPrinter } = await import('../../render/jsonpath');
      const options = { asJson: format.kind === 'jsonpath-as-json', allowMissingKeys: allowMissing };
      return asCommandError(() => jsonPathPrinter(format.template, options).print(value));
    }
  }
}

/** Checks the template before anything is fetched. */
export async function checkTemplate(format: Format): Promise<void> {
  if (format.kind !== 'jsonpath' && format.kind !== 'jsonpath-as-json') return;
  const { jsonPathPrinter } = await import('../../render/jsonpath');
  asCommandError(() => jsonPathPrinter(format.template));
}

/** What a printer throws is for the user to read. */
export function asCommandError<T>(print: () => T): T {
  try {
    return print();
  } catch (e) {
    throw e instanceof Error && !(e instanceof TypeError) ? new CommandError(e.message) : e;
  }
}
