/** How verbs that change objects report each of them: `statefulset.apps/web scaled`, or the object itself with `-o`. */
import type { KubeObject, Manifest } from '../../core/api/types';
import type { DryRun } from '../../core/client/apply';
import { CommandError } from '../../core/client/errors';
import { typedJson } from '../../core/meta/typed-json';
import type { Flags } from '../flags/spec';
import type { Context } from '../verb';
import { checkTemplate, type Format, parseFormat, printStructured, withoutManagedFields } from './format';

const DRY_RUN_SUFFIX: Readonly<Record<DryRun, string>> = {
  none: '',
  client: ' (dry run)',
  server: ' (server dry run)',
};

export class OperationPrinter {
  private printed = 0;

  private constructor(
    private readonly context: Context,
    readonly format: Format,
    private readonly dryRun: DryRun,
    private readonly separate: boolean,
  ) {}

  /**
   * Reads `-o` and checks its template. Verbs that make a printer for every object put no `---` between YAML documents:
   * `separate` is false for them.
   * @throws CommandError
   */
  static async create(
    context: Context,
    dryRun: DryRun,
    { separate = true }: { readonly separate?: boolean } = {},
  ): Promise<OperationPrinter> {
    const format = parseFormat(context.flags, context.host);
    await checkTemplate(format);
    return new OperationPrinter(context, format, dryRun, separate);
  }

  /** True when objects are shown rather than what happened to them. */
  get showsObjects(): boolean {
    return this.format.kind !== 'human' && this.format.kind !== 'name';
  }

  /** Reports one object that kubectl holds in a typed struct: its JSON keeps the order of the struct's fields. */
  async printTyped(object: KubeObject | Manifest, operation: string): Promise<void> {
    const { kind } = this.format;
    if (kind !== 'json' && kind !== 'kyaml') return this.print(object, operation);
    const { typedOrder } = await import('./typed-order');
    const ordered = typedOrder(this.format.showManaged ? object : withoutManagedFields(object));
    if (kind === 'json') this.context.io.out(`${typedJson(ordered, 4)}\n`);
    else this.context.io.out((await import('../../render/kyaml')).toKyaml(ordered, Object.keys));
  }

  /** Reports one object. */
  async print(object: KubeObject | Manifest, operation: string): Promise<void> {
    const { io, flags } = this.context;
    if (this.showsObjects) {
      io.out(
        await printStructured(
          this.format,
          object,
          flags.bool('allow-missing-template-keys'),
          !this.separate || this.printed++ === 0,
        ),
      );
      return;
    }
    const name = objectText(object);
    io.out(this.format.kind === 'name' ? `${name}\n` : `${name} ${operation}${DRY_RUN_SUFFIX[this.dryRun]}\n`);
  }
}

/** `statefulset.apps/web`. */
export function objectText(object: KubeObject | Manifest): string {
  const slash = object.apiVersion.indexOf('/');
  const group = slash < 0 ? '' : `.${object.apiVersion.slice(0, slash)}`;
  return `${object.kind.toLowerCase()}${group}/${object.metadata.name ?? '<unknown>'}`;
}

/** Reads `--dry-run` (as cmdutil.GetDryRunStrategy); the older spellings still work, with a word on stderr. */
export function dryRunOf(context: Pick<Context, 'flags' | 'io'>): DryRun {
  const value = context.flags.string('dry-run');
  if (value === 'none' || value === 'client' || value === 'server') return value;
  if (value === 'unchanged') {
    context.io.err('W --dry-run is deprecated and can be replaced with --dry-run=client.\n');
    return 'client';
  }
  if (/^(1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/.test(value)) {
    const strategy = /^[1tT]/.test(value) ? 'client' : 'none';
    context.io.err(
      `W --dry-run=${value} is deprecated (boolean value) and can be replaced with --dry-run=${strategy}.\n`,
    );
    return strategy;
  }
  throw new CommandError(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`);
}

export const dryRunSuffix = (dryRun: DryRun): string => DRY_RUN_SUFFIX[dryRun];

/** Reads `--validate`. */
export function validationOf(flags: Flags): 'Strict' | 'Warn' | 'Ignore' {
  const value = flags.string('validate');
  // What strconv.ParseBool takes counts as a boolean here, too.
  if (/^(?:strict|1|t|T|true|TRUE|True)$/.test(value)) return 'Strict';
  if (value === 'warn') return 'Warn';
  if (/^(?:ignore|0|f|F|false|FALSE|False)$/.test(value)) return 'Ignore';
  throw new CommandError(
    `invalid - validate option ${JSON.stringify(value)}; must be one of: strict (or true), warn, ignore (or false)`,
  );
}
