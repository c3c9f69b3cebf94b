/**
 * The configuration that `config` shows. Without a kubeconfig it is the simulated cluster: one cluster, one user, one context.
 * One that is given (--kubeconfig, KUBECONFIG, STSCTL_BACKEND=cluster, --context) is shown too; its contexts stand beside "local".
 */
import { CommandError } from '../../core/client/errors';
import type { ClusterChoice, ContextEntry, KubeConfigView } from '../../core/client/remote';
import { choiceOf, chosenCluster, LOCAL } from '../cluster';
import type { ClusterPort } from '../host';
import type { Context } from '../verb';

export interface KubeConfig {
  /** The context that commands with these flags work in. */
  readonly current: string;
  /** "local" first, then those of the kubeconfig. */
  readonly contexts: readonly ContextEntry[];
  /** The kubeconfig, where one is given. */
  readonly file?: KubeConfigView;
  /** Whether commands with these flags go to a real cluster. */
  readonly isReal: boolean;
}

export async function kubeConfig(context: Context): Promise<KubeConfig> {
  const { flags, host } = context;
  const real = realConfig(context);
  const file = real && (await real.clusters.view(real.choice));
  const isReal = chosenCluster(flags, host.env) !== undefined;
  // A cluster that does not work answers here already.
  if (!isReal) await context.backend();
  const { namespace = '' } = host.context.read(flags.string('state') || undefined);
  const own: ContextEntry = { name: LOCAL, cluster: LOCAL, user: LOCAL, namespace };
  const contexts = [own, ...(file?.contexts ?? [])];
  return { current: isReal ? (file?.current ?? '') : LOCAL, contexts, isReal, ...(file && { file }) };
}

/** The kubeconfig that is given, and who reads and writes it. */
export function realConfig({ flags, host }: Context): { clusters: ClusterPort; choice: ClusterChoice } | undefined {
  const { clusters, env } = host;
  const isGiven = chosenCluster(flags, env) !== undefined || Boolean(env.KUBECONFIG);
  return clusters && isGiven ? { clusters, choice: choiceOf(flags) } : undefined;
}

/** The simulated cluster as kubectl prints a configuration: fields in the order of its type. */
export function localJson({ contexts }: KubeConfig): object {
  const namespace = contexts[0]?.namespace;
  return {
    kind: 'Config',
    apiVersion: 'v1',
    clusters: [{ name: LOCAL, cluster: { server: '' } }],
    users: [{ name: LOCAL, user: {} }],
    contexts: [{ name: LOCAL, context: { cluster: LOCAL, user: LOCAL, ...(namespace && { namespace }) } }],
    'current-context': LOCAL,
  };
}

/** Refuses arguments where a command takes none. */
export function noArguments(context: Context): void {
  if (context.args.length > 0)
    throw new CommandError(
      `unexpected arguments: [${context.args.join(' ')}]\nSee '${context.path} -h' for help and examples`,
    );
}
