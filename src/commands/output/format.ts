/** What `-o` asks for, and the printers that need nothing but the objects. */
import { CommandError, PrinterError } from '../../core/client/errors';
import type { Flags } from '../flags/spec';
import type { Host } from '../host';

export type FormatKind =
  | 'human'
  | 'wide'
  | 'table'
  | 'json'
  | 'yaml'
  | 'kyaml'
  | 'name'
  | 'jsonpath'
  | 'jsonpath-as-json'
  | 'go-template'
  | 'custom-columns'
  | 'custom-columns-file';

export interface Format {
  readonly kind: FormatKind;
  /** The template, the column list, or the content of the column file. */
  readonly template: string;
  /** JSON and YAML with metadata.managedFields, which templates always see. */
  readonly showManaged?: boolean;
}

const COMMON =
  'go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,yaml';
const FOR_GET =
  'custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,' +
  'template,templatefile,wide,yaml';

/** Formats that take a template, and those of them that read it from a file. */
const TEMPLATES: Readonly<Record<string, { readonly kind: FormatKind; readonly file?: true }>> = {
  'go-template': { kind: 'go-template' },
  'go-template-file': { kind: 'go-template', file: true },
  template: { kind: 'go-template' },
  templatefile: { kind: 'go-template', file: true },
  jsonpath: { kind: 'jsonpath' },
  'jsonpath-as-json': { kind: 'jsonpath-as-json' },
  'jsonpath-file': { kind: 'jsonpath', file: true },
};

/** @throws CommandError for a format that does not exist, or not here, or lacks its template */
export function parseFormat(flags: Flags, host: Pick<Host, 'files'>, tables = false): Format {
  const output = flags.string('output');
  const given = flags.string('template');
  if (output === '') return given === '' ? { kind: 'human', template: '' } : { kind: 'go-template', template: given };
  // A template of its own flag leaves nothing for "=" to say.
  const equals = given === '' ? output.indexOf('=') : -1;
  const word = equals < 0 ? output : output.slice(0, equals);
  const template = equals < 0 ? given : output.slice(equals + 1);
  // The words for whole objects are taken in any case, all others only as they are written.
  const lower = word.toLowerCase();
  const showManaged = flags.has('show-managed-fields') && flags.bool('show-managed-fields');
  if ((lower === 'json' || lower === 'kyaml' || lower === 'yaml' || lower === 'name') && equals < 0)
    return { kind: lower, template: '', showManaged };
  if (tables && (word === 'wide' || word === 'table') && equals < 0) return { kind: word, template: '' };
  const templated = Object.hasOwn(TEMPLATES, word) ? TEMPLATES[word] : undefined;
  if (templated) {
    if (template === '') throw new CommandError('template format specified but no template given');
    const text = templated.file ? readTemplate(host, template, `error reading --template ${template}, `) : template;
    return { kind: templated.kind, template: text };
  }
  if (tables && (word === 'custom-columns' || word === 'custom-columns-file')) {
    if (template === '') throw new CommandError('custom-columns format specified but no custom columns given');
    if (word === 'custom-columns') return { kind: word, template };
    return { kind: word, template: readTemplate(host, template, `error reading template ${template}, `, '\n') };
  }
  throw new CommandError(
    `unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: ` +
      (tables ? FOR_GET : COMMON),
  );
}

/** The content of a template's file. @throws CommandError with `before` and `after` around the reason */
function readTemplate(host: Pick<Host, 'files'>, path: string, before: string, after = ''): string {
  const kind = host.files.stat(path)?.kind;
  if (kind === undefined) throw new CommandError(`${before}open ${path}: no such file or directory${after}`);
  if (kind === 'folder') throw new CommandError(`${before}read ${path}: is a directory${after}`);
  try {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(host.files.read(path));
  } catch (e) {
    if (!(e instanceof Error && 'code' in e && e.code === 'EACCES')) throw e;
    throw new CommandError(`${before}open ${path}: permission denied${after}`);
  }
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
      return (await import('../../render/json')).toJson(format.showManaged ? value : withoutManagedFields(value));
    case 'yaml': {
      const { toYaml } = await import('../../render/yaml');
      return (first ? '' : '---\n') + toYaml(format.showManaged ? value : withoutManagedFields(value));
    }
    case 'kyaml':
      return (await import('../../render/kyaml')).toKyaml(format.showManaged ? value : withoutManagedFields(value));
    case 'go-template': {
      const { goTemplatePrinter } = await import('../../render/go-template');
      return asCommandError(() => goTemplatePrinter(format.template, { allowMissingKeys: allowMissing }).print(value));
    }
    default: {
      const { jsonPathPrinter } = await import('../../render/jsonpath');
      const options = { asJson: format.kind === 'jsonpath-as-json', allowMissingKeys: allowMissing };
      return asCommandError(() => jsonPathPrinter(format.template, options).print(value));
    }
  }
}

/**
 * The List of several objects as JSON or YAML, in pieces that are made one after the other: a long one is never held as a
 * whole. Undefined for other formats, and where there is nothing.
 */
export async function listInPieces(format: Format, objects: readonly object[]): Promise<Iterable<string> | undefined> {
  if (objects.length === 0 || (format.kind !== 'json' && format.kind !== 'yaml')) return undefined;
  const shown = format.showManaged ? objects : mapped(objects, withoutManagedFields);
  if (format.kind === 'json') return (await import('../../render/json')).listAsJson(shown);
  return (await import('../../render/yaml')).listAsYaml(shown);
}

function* mapped<T, U>(items: Iterable<T>, change: (item: T) => U): Iterable<U> {
  for (const item of items) yield change(item);
}

/** An object, or a List's objects, without who owns their fields (as OmitManagedFieldsPrinter). */
export function withoutManagedFields<T extends object>(value: T): T {
  const { items, kind, metadata } = value as { items?: unknown; kind?: unknown; metadata?: object };
  const bare = metadata && 'managedFields' in metadata ? { ...value, metadata: omitManagedFields(metadata) } : value;
  return kind === 'List' && Array.isArray(items) ? { ...bare, items: items.map(withoutManagedFields) } : bare;
}

/** The field is not looked at: working it out costs more than leaving it out. */
function omitManagedFields(metadata: object): object {
  const bare: Record<string, unknown> = {};
  for (const name of Object.keys(metadata))
    if (name !== 'managedFields') bare[name] = (metadata as Record<string, unknown>)[name];
  return bare;
}

/** Checks the template before anything is fetched. */
export async function checkTemplate(format: Format): Promise<void> {
  if (format.kind === 'go-template') {
    const { goTemplatePrinter } = await import('../../render/go-template');
    asCommandError(() => goTemplatePrinter(format.template));
  }
  if (format.kind !== 'jsonpath' && format.kind !== 'jsonpath-as-json') return;
  const { jsonPathPrinter } = await import('../../render/jsonpath');
  asCommandError(() => jsonPathPrinter(format.template));
}

/** What a printer throws is for the user to read. */
export function asCommandError<T>(print: () => T): T {
  try {
    return print();
  } catch (e) {
    if (e instanceof Error && 'printed' in e && typeof e.printed === 'string')
      throw new PrinterError(e.message, e.printed);
    throw e instanceof Error && !(e instanceof TypeError) ? new CommandError(e.message) : e;
  }
}
