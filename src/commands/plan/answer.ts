/** A played command as `plan` tells it: one structure, for people and for programs. */
import type { PlanAnswer, RefusedWrite } from '../../core/reports/plan';
import type { Refusal } from '../../core/simulation/plan/writes';
import type { Played } from './play';

export const EXIT_REFUSED = 1;
export const EXIT_STUCK = 3;

/** A command that fails is refused, except where it fails because what it waits for never comes: then it is stuck. */
export function answerOf(command: readonly string[], { said, failure, report, changed }: Played): PlanAnswer {
  const waited = failure && failure.errors.length + failure.refusals.length === 0 && report?.result === 'stuck';
  const refusal =
    failure && !waited ? { message: failure.text.trimEnd(), writes: refusedWrites(failure, command) } : undefined;
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

function refusedWrites(
  { errors, refusals }: NonNullable<Played['failure']>,
  command: readonly string[],
): RefusedWrite[] {
  if (refusals.length > 0) return refusals.map((refusal) => refusedWrite(refusal, command));
  return errors.map(({ status }) => ({
    reason: status.reason,
    message: status.message,
    causes: status.details?.causes ?? [],
  }));
}

function refusedWrite({ subject, error, immutable }: Refusal, command: readonly string[]): RefusedWrite {
  const { reason, message, details } = error.status;
  return {
    object: subject,
    reason,
    message,
    causes: details?.causes ?? [],
    ...(immutable.length > 0 && { immutableFields: immutable, recipe: recipe(subject, command) }),
  };
}

/** Deleted as an orphan and made again, the set takes over the pods that it finds. */
function recipe({ name, namespace }: Refusal['subject'], command: readonly string[]): string[] {
  const where = namespace && namespace !== 'default' ? ` -n ${namespace}` : '';
  const again =
    command[0] === 'apply' || command[0] === 'create'
      ? command.join(' ')
      : command[0] === 'replace'
        ? ['create', ...command.slice(1)].join(' ')
        : `apply -f FILE${where}`;
  return [`delete statefulset/${name} --cascade=orphan${where}`, again];
}
