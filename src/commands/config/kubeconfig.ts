/** The configuration that `config` shows: one cluster, one user, one context, all of the backend's name. */
import { CommandError } from '../../core/client/errors';
import type { Context } from '../verb';

export interface KubeConfig {
  readonly name: string;
  /** Of the context; absent when none was set. */
  readonly namespace?: string;
}

export async function kubeConfig(context: Context): Promise<KubeConfig> {
  const { name } = await context.backend();
  const { namespace } = context.host.context.read(context.flags.string('state') || undefined);
  return { name, ...(namespace && { namespace }) };
}

/** As kubectl prints a configuration: fields in the order of its type. */
export const configJson = ({ name, namespace }: KubeConfig): object => ({
  kind: 'Config',
  apiVersion: 'v1',
  clusters: [{ name, cluster: { server: '' } }],
  users: [{ name, user: {} }],
  contexts: [{ name, context: { cluster: name, user: name, ...(namespace && { namespace }) } }],
  'current-context': name,
});

/** Refuses arguments where a command takes none. */
export function noArguments(context: Context): void {
  if (context.args.length > 0)
    throw new CommandError(
      `unexpected arguments: [${context.args.join(' ')}]\nSee '${context.path} -h' for help and examples`,
    );
}
