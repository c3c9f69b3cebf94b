/**
 * Changes of a kubeconfig. It belongs to somebody, and other programs live by it: one is changed only where the command line or the
 * environment names it. The simulated cluster needs none.
 */
import { CommandError } from '../../core/client/errors';
import type { KubeConfigChange, KubeConfigChanged } from '../../core/client/remote';
import type { FlagSpec, Flags } from '../flags/spec';
import type { Context } from '../verb';
import { realConfig } from './kubeconfig';

/** @throws CommandError where no kubeconfig is named, or in kubectl's words for what can't be changed */
export async function editKubeConfig(context: Context, change: KubeConfigChange): Promise<KubeConfigChanged> {
  const real = realConfig(context);
  const { env } = context.host;
  const isNamed = context.flags.string('kubeconfig') !== '' || env.KUBECONFIG || env.STSCTL_BACKEND === 'cluster';
  if (!real || !isNamed)
    throw new CommandError(
      `"${context.path}" changes a kubeconfig, and none is named: use --kubeconfig FILE or KUBECONFIG. The simulated cluster needs none`,
    );
  return real.clusters.edit(real.choice, change);
}

/** The one argument of a command that takes no more. @throws CommandError */
export function onlyArgument(context: Context, count = 1): readonly string[] {
  if (context.args.length !== count) throw unexpected(context, 'Unexpected args');
  return context.args;
}

/** @throws CommandError without the one argument */
export function nameToDelete(context: Context, what: string): string {
  const [name, ...more] = context.args;
  if (name === undefined || more.length > 0)
    throw new CommandError(`${what} to delete is required\nSee '${context.path} -h' for help and examples`);
  return name;
}

export const unexpected = (context: Context, why: string): CommandError =>
  new CommandError(`${why}: [${context.args.join(' ')}]\nSee '${context.path} -h' for help and examples`);

export const textFlag = (name: string, help: string): FlagSpec => ({ name, type: 'string', default: '', help });
export const boolFlag = (name: string, help: string): FlagSpec => ({ name, type: 'bool', default: 'false', help });

/** Undefined for a flag that was not given: an empty value takes away what is there. */
export const given = (flags: Flags, name: string): string | undefined =>
  flags.changed(name) ? flags.string(name) : undefined;

export const givenBool = (flags: Flags, name: string): boolean | undefined =>
  flags.changed(name) ? flags.bool(name) : undefined;
