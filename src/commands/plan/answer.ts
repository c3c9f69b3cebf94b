/** A played command as `plan` tells it: one structure, for people and for programs. */
import type { PlanAnswer, RefusedWrite } from '../../core/reports/plan';
import type { Refusal } from '../../core/simulation/plan/writes';
import type { Played } from './play';
import { recipeOf, remarksOn } from './recipe';

export const EXIT_REFUSED = 1;
export const EXIT_STUCK = 3;

/**
 * A command that fails is refused, except where it fails because what it waits for never comes: then it is stuck.
 * @param namespace the one that was named before the command
 */
export function answerOf(
  command: readonly string[],
  { said, failure, report, changed }: Played,
  namespace?: string,
): PlanAnswer {
  const waited = failure && failure.errors.length + failure.refusals.length === 0 && report?.result === 'stuck';
  const refusal =
    failure && !waited
      ? {
          message: failure.text.trimEnd(),
          writes: refusedWrites(failure, { command, said: said + failure.text, namespace }),
          ...(report && changed && { rest: report.result }),
        }
      : undefined;
  return {
    apiVersion: 'stsctl.dev/v1',
    kind: 'Plan',
    command,
    output: said + (waited ? failure.text : ''),
    changes: changed,
    ...report,
    result: refusal ? 'refused' : (report?.result ?? 'settled'),
    ...(refusal && { refusal }),
  };
}

export const exitCodeOf = ({ result }: PlanAnswer): number =>
  result === 'refused' ? EXIT_REFUSED : result === 'stuck' ? EXIT_STUCK : 0;

interface Typed {
  readonly command: readonly string[];
  /** All that it printed. */
  readonly said: string;
  /** The one that was named before the command. */
  readonly namespace: string | undefined;
}

function refusedWrites({ errors, refusals }: NonNullable<Played['failure']>, typed: Typed): RefusedWrite[] {
  if (refusals.length > 0) return refusals.map((refusal) => refusedWrite(refusal, typed));
  return errors.map(({ status }) => ({
    reason: status.reason,
    message: status.message,
    causes: status.details?.causes ?? [],
  }));
}

function refusedWrite({ subject, error, remaking }: Refusal, { command, said, namespace }: Typed): RefusedWrite {
  const { reason, message, details } = error.status;
  const causes = details?.causes ?? [];
  const write = { object: subject, reason, message, causes };
  if (!remaking) return write;
  // Whoever deletes a set before its successor is refused as well has none.
  return {
    ...write,
    immutableFields: remaking.fields,
    ...(remaking.faults.length === 0
      ? {
          recipe: recipeOf(subject, remaking, sourceOf(command, said), namespace),
          remarks: remarksOn(subject, remaking, namespace),
        }
      : {
          remarks: remaking.faults.map(
            (cause) => `A new set would be refused as well: ${cause.field}: ${cause.message}`,
          ),
        }),
  };
}

/** The words that made the object: an editor leaves them in a file. */
function sourceOf(command: readonly string[], said: string): readonly string[] {
  if (command[0] !== 'edit') return command;
  const [, path] = /^A copy of your changes has been stored to "(.*)"$/m.exec(said) ?? [];
  return path === undefined ? command : ['apply', '-f', path];
}
