/** Plays one command on a copy of the cluster: the same verb, with another backend and with what it says caught. */
import { ApiError } from '../../core/api/status';
import { CommandError, errorText, Failures } from '../../core/client/errors';
import type { PlanReport } from '../../core/reports/plan';
import type { Refusal } from '../../core/simulation/plan/writes';
import type { ClusterPort, CommandBackend, Host, Rehearsal, RehearsalOptions, Stream } from '../host';
import { hostWith } from '../host/derived';
import { Io } from '../io';
import { dispatch, isUserError } from '../main';
import { Session } from '../session';

export interface Played {
  /** What the command itself would say, on either stream. */
  readonly said: string;
  /** Its failure, as it would be printed, and the API's part in it. */
  readonly failure?: {
    readonly text: string;
    readonly errors: readonly ApiError[];
    readonly refusals: readonly Refusal[];
  };
  /** Absent where the command failed before anything changed, or asked for no cluster. */
  readonly report?: PlanReport;
  /** The StatefulSets that the command wrote, changed by it or not. */
  readonly written: readonly { readonly namespace: string; readonly name: string }[];
  /** Whether the command itself changed anything. */
  readonly changed: boolean;
  /** What of the cluster could not be copied as it is. */
  readonly warnings: readonly string[];
}

export interface PlayOptions extends RehearsalOptions {
  /** How much is played at most, ms. */
  readonly untilMs?: number;
}

/** A command line that a refusal advises is to be planned, too, not to be run. */
const asPlanned = (text: string, program: string): string => text.replaceAll(` | ${program} `, ` | ${program} plan `);

/** @throws CommandError where the cluster can't be copied; bugs. What the command itself throws is in the answer. */
export async function play(words: readonly string[], host: Host, options: PlayOptions): Promise<Played> {
  const stage = new RehearsalHost(host, options);
  const session = new Session(stage.host);
  const io = new Io(stage.host, () => session.commit());
  session.io = io;
  try {
    let failure: Played['failure'];
    try {
      await dispatch(words, stage.host, io, session);
      await io.flush();
    } catch (error) {
      if (!isUserError(error)) throw error;
      // Where there is no cluster there is nothing to commit.
      if (stage.rehearsal) await io.flush();
      else io.show();
      failure = {
        text: asPlanned(errorText(error).text, host.program),
        errors: apiErrors(error),
        refusals: stage.refusals(),
      };
    }
    const changed = stage.rehearsal?.changed() ?? false;
    const report =
      failure && !changed && !stage.rehearsal?.keeps() ? undefined : await stage.rehearsal?.finish(options.untilMs);
    const warnings = stage.rehearsal?.warnings?.() ?? [];
    const written = stage.rehearsal?.written() ?? [];
    return { said: stage.said(), changed, warnings, written, ...(failure && { failure }), ...(report && { report }) };
  } finally {
    await stage.rehearsal?.close();
    await session.close();
  }
}

const apiErrors = (error: Error): ApiError[] =>
  (error instanceof Failures ? error.errors : [error]).filter((each) => each instanceof ApiError);

/** What is copied out of a container changes files of this machine, and nothing in the cluster. */
function noFile(): never {
  throw new CommandError('a plan writes no files: copying out of a container changes nothing in the cluster');
}

/** The host of a played command: nobody sees what it says, and the cluster that it opens is a copy. */
class RehearsalHost {
  readonly host: Host;
  rehearsal: Rehearsal | undefined;
  private text = '';

  constructor(
    real: Host,
    private readonly options: PlayOptions,
  ) {
    const stream: Stream = {
      isTTY: false,
      write: (text) => {
        this.text += text;
      },
    };
    const { clusters, copying } = real;
    this.host = hostWith(real, {
      keyboard: undefined,
      serving: undefined,
      transcripts: undefined,
      clusters: clusters && this.copiesOf(clusters),
      copying: copying && { readLink: (path) => copying.readLink(path), write: noFile, makeFolder: noFile },
      stdout: stream,
      stderr: stream,
      context: { read: (state) => real.context.read(state), write: () => {} },
      openBackend: async (open) => this.copy(await real.openBackend(open)),
    });
  }

  said(): string {
    return this.text;
  }

  /** Those that stand: a write that was refused because of another one is tried again. */
  refusals(): readonly Refusal[] {
    const passing = new Set(['Conflict', 'TooManyRequests']);
    return (this.rehearsal?.refusals() ?? []).filter(({ error }) => !passing.has(error.reason));
  }

  /** Real clusters are looked at, and copied where that can be done: never written to. */
  private copiesOf(clusters: ClusterPort): ClusterPort {
    return {
      locate: (choice, first) => clusters.locate(choice, first),
      open: async (choice, onWarning) => this.copy(await clusters.open(choice, onWarning)),
      view: (choice) => clusters.view(choice),
      edit: async () => {
        throw new CommandError('plan is about clusters: it changes no kubeconfig');
      },
    };
  }

  private async copy(backend: CommandBackend): Promise<CommandBackend> {
    try {
      if (!backend.rehearse)
        throw new CommandError(`plan needs a cluster that can be copied; ${backend.name} can't be`);
      const { spec, sets, gates } = this.options;
      this.rehearsal = await backend.rehearse({
        ...(spec && { spec }),
        ...(sets && { sets }),
        ...(gates && { gates }),
      });
      return this.rehearsal.backend;
    } finally {
      await backend.close();
    }
  }
}
