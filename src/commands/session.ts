/** The backend of one command: opened when it is first needed, committed before anything is shown, closed at the end. */

import { CommandError } from '../core/client/errors';
import type { ClusterChoice } from '../core/client/remote';
import { chosenCluster } from './cluster';
import { type Flags, parseBool } from './flags/spec';
import type { ClusterPort, CommandBackend, Host, StoreChange } from './host';
import type { Io } from './io';
import { colourOf } from './output/colour';
import { requestTimeout } from './request-timeout';

export { requestTimeout } from './request-timeout';

const PAUSED = 'The clock is paused: waiting until "stsctl sim clock resume" or "advance" lets time pass.\n';

export class Session {
  io: Io | undefined;
  warningsAsErrors = false;
  private opened: Promise<CommandBackend> | undefined;
  private verbosity = 0;
  private state: string | undefined;
  private gates: Record<string, boolean> | undefined;
  /** The real cluster to talk to; undefined for the simulated one. */
  cluster: ClusterChoice | undefined;
  /** Whether the command is to say where it acts before it does. */
  announces = false;
  private located: { readonly namespace?: string | undefined } | { readonly error: unknown } | undefined;

  constructor(
    private readonly host: Host,
    /** What was typed, as it is listed among the commands that can be undone. */
    private readonly command = '',
  ) {}

  /** Reads the global flags. `isLocal`: whatever they say of clusters, this command works on the simulated one. */
  use(flags: Flags, isLocal = false): void {
    this.state = flags.string('state') || undefined;
    this.warningsAsErrors = flags.bool('warnings-as-errors');
    const gates = flags.changed('feature-gates')
      ? flags.list('feature-gates')
      : (this.host.env.STSCTL_FEATURE_GATES ?? '').split(',').filter((g) => g !== '');
    if (gates.length > 0) this.gates = parseGates(gates);
    this.verbosity = flags.int('v');
    if (!isLocal) this.cluster = chosenCluster(flags, this.host.env);
    requestTimeout(flags);
    colourOf(flags.string('color'));
  }

  /** Finds out where a real cluster is, without asking it anything. What is wrong there is told when it is needed. */
  async locate(first?: 'namespace' | 'server'): Promise<void> {
    if (!this.cluster) return;
    try {
      this.located = await this.ports().locate(this.cluster, first);
    } catch (error) {
      this.located = { error };
    }
  }

  /** The namespace to work in where none is named: the context's. @throws CommandError for a kubeconfig that can't be used */
  namespace(): string {
    if (!this.cluster) return this.host.context.read(this.state).namespace || 'default';
    if (this.located && 'error' in this.located) throw this.located.error;
    return this.located?.namespace || 'default';
  }

  private ports(): ClusterPort {
    const { clusters } = this.host;
    if (!clusters)
      throw new CommandError('no real cluster can be reached from here: leave out --context and --kubeconfig');
    return clusters;
  }

  private async openReal(choice: ClusterChoice): Promise<CommandBackend> {
    if (this.located && 'error' in this.located) throw this.located.error;
    const backend = await this.ports().open(choice, (text) => this.io?.warn(text));
    if (!this.announces) return backend;
    const { announcing } = await import('./destructive');
    const where = backend.remote && backend.remote.server !== backend.name ? ` (${backend.remote.server})` : '';
    return announcing(backend, () => this.io?.errNow(`context ${JSON.stringify(backend.name)}${where}\n`));
  }

  open(): Promise<CommandBackend> {
    this.opened ??= this.verbosity >= 6 ? this.openTraced() : this.openPlain();
    return this.opened;
  }

  private openPlain(onChange?: (change: StoreChange) => void): Promise<CommandBackend> {
    if (this.cluster) return this.openReal(this.cluster);
    return this.host.openBackend({
      ...(this.state !== undefined && { state: this.state }),
      ...(this.gates && { gates: this.gates }),
      command: this.command,
      onWarning: (text) => this.io?.warn(text),
      onPausedWait: () => this.io?.errNow(PAUSED),
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

  /** What a bug's error is to the user where the state file is to blame for it; undefined for a bug. */
  async blamed(error: unknown): Promise<Error | undefined> {
    const backend = await this.opened?.catch(() => undefined);
    return backend?.sim?.blamed(error);
  }

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
