/** Advice about the namespace "default" leaves it out; where commands work in another one it has to be named. */
import type { Context } from './verb';

/** Whether a command as it is advised would work in another namespace than "default". */
export function worksElsewhere({ host, flags, explicitNamespace }: Context, isReal = false): boolean {
  // What a real cluster's context says is not known here: who named the namespace had a reason.
  if (isReal) return explicitNamespace;
  const { namespace = '' } = host.context.read(flags.string('state') || undefined);
  return namespace !== '' && namespace !== 'default';
}

/** Commands that know no namespace. */
const WITHOUT = /^(?:sim|cordon|uncordon|drain|taint) | -n /;

interface Advised {
  readonly remedy?: readonly string[];
  readonly because?: readonly Advised[];
}

/** The same reason, with the namespace in its commands. */
export const namingDefault = <R extends Advised>(reason: R): R => ({
  ...reason,
  ...(reason.remedy && { remedy: reason.remedy.map(inDefault) }),
  ...(reason.because && { because: reason.because.map(namingDefault) }),
});

function inDefault(command: string): string {
  if (WITHOUT.test(command)) return command;
  const dash = command.indexOf(' -- ');
  return dash < 0 ? `${command} -n default` : `${command.slice(0, dash)} -n default${command.slice(dash)}`;
}
