/** The backend of one command: opened when it is first needed, committed before anything is shown, closed at the end. */

import { CommandError } from '../core/client/errors';
import { parseDuration } from '../core/meta/duration';
import { type Flags, parseBool } from './flags/spec';
import type { CommandBackend, Host, StoreChange } from './host';
import type { Io } from './io';
import { colourOf } from './output/colour';

export class Session {
  io: Io | undefined;
  warningsAsErrors = false;
  private opened: Promise<CommandBackend> | undefined;
  private verbosity = 0;
  private state: string | undefined;
  private gates: Record<string, boolean> | undefined;

  constructor(private readonly host: Host) {}

  /** Reads the global flags. */
  use(flags: Flags): void {
    this.state = flags.string('state') || undefined;
    this.warningsAsErrors = flags.bool('warnings-as-errors');
    const gates = flags.changed('feature-gates')
      ? flags.list('feature-gates')
      : (this.host.env.STSCTL_FEATURE_GATES ?? '').split(',').filter((g) => g !== '');
    if (gates.length > 0) this.gates = parseGates(gates);
    this.verbosity = flags.int('v');
    requestTimeout(flags);
    colourOf(flags.string('color'));
  }

  open(): Promise<CommandBackend> {
    this.opened ??= this.verbosity >= 6 ? this.openTraced() : this.openPlain();
    return this.opened;
  }

  private openPlain(onChange?: (change: StoreChange) => void): Promise<CommandBackend> {
    return this.host.openBackend({
      ...(this.state !== undefined && { state: this.state }),
      ...(this.gates && { gates: this.gates }),
      onWarning: (text) => this.io?.warn(text),
      ...(onChange && { onChange }),
    });
  }

  private async openTraced(): Promise<CommandBackend> {
    const { changeText, traced } = await import('./trace');
    const say = (line: string): void => this.io?.err(line);
    return traced(await this.openPlain((change) => say(changeText(change))), this.verbosity, say);
  }

  /** True on the virtual clock. */
  async waitsInNoTime(): Promise<boolean> {
    this.virtual ??= this.open().then(async (backend) => (await backend.sim?.clock())?.mode === 'virtual');
    return this.virtual;
  }
  private virtual: Promise<boolean> | undefined;

  async commit(): Promise<void> {
    if (this.opened) await (await this.opened).commit();
  }

  async close(): Promise<void> {
    if (!this.opened) return;
    const backend = await this.opened.catch(() => undefined);
    await backend?.close();
  }
}

/** `Name=true`, as component-base's feature gates are written. */
export function parseGates(gates: readonly string[]): Record<string, boolean> {
  const parsed: Record<string, boolean> = {};
  for (const gate of gates) {
    const [name, value, ...more] = gate.split('=');
    if (value === undefined || more.length > 0) throw new CommandError(`missing bool value for ${name}`);
    const on = parseBool(value);
    if (on === undefined)
      throw new CommandError(
        `invalid value of ${name}=${value}, err: strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`,
      );
    parsed[name] = on;
  }
  return parsed;
}

/** `--request-timeout` in ms; undefined for no limit. A bare number is seconds. */
export function requestTimeout(flags: Flags): number | undefined {
  const text = flags.string('request-timeout');
  if (/^-?\d+$/.test(text)) return Number(text) > 0 ? Number(text) * 1000 : undefined;
  try {
    return parseDuration(text) || undefined;
  } catch {
    throw new CommandError(
      'Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding ' +
        'time unit (e.g. 1s | 2m | 3h)',
    );
  }
}
