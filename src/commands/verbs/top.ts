/** `stsctl top`: what a real cluster's metrics API tells. The simulated cluster measures nothing, and has none. */
import { CommandError } from '../../core/client/errors';
import type { MetricsQuery } from '../../core/client/metrics';
import type { Remote } from '../../core/client/remote';
import { formatDuration } from '../../core/meta/duration';
import { ALL_NAMESPACES, FIELD_SELECTOR, SELECTOR } from '../flags/common';
import type { FlagSpec } from '../flags/spec';
import { usageError } from '../targets';
import type { Context, Verb } from '../verb';

const bool = (name: string, help: string): FlagSpec => ({ name, type: 'bool', default: 'false', help });

const shared = (): FlagSpec[] => [
  SELECTOR,
  { name: 'sort-by', type: 'string', default: '', help: 'cpu or memory.' },
  bool('no-headers', 'Leave out the header.'),
  { ...bool('use-protocol-buffers', ''), default: 'true', hidden: true },
  bool('show-swap', 'Show swap space too.'),
];

export const pod: Verb = {
  usage: 'top pod [NAME | -l label]',
  long: 'Shows what pods use in a real cluster that has a metrics server. The simulated cluster measures nothing, and says so.',
  examples: '# Says that there is nothing to show\nstsctl top pod || stsctl get pods',
  flags: [
    ...shared(),
    FIELD_SELECTOR,
    ALL_NAMESPACES,
    bool('containers', 'Show containers.'),
    bool('sum', 'Show the sum.'),
  ],
  run: topPods,
};

export const node: Verb = {
  usage: 'top node [NAME | -l label]',
  long: 'Shows what nodes use in a real cluster that has a metrics server. The simulated cluster measures nothing, and says so.',
  examples: '# Says that there is nothing to show\nstsctl top node || stsctl get nodes',
  flags: [...shared(), bool('show-capacity', 'Of the capacity, not of what can be allocated.')],
  run: topNodes,
};

interface Asked {
  readonly remote: Remote;
  readonly query: MetricsQuery;
  readonly sortBy: string;
  readonly options: { readonly noHeaders: boolean; readonly showSwap: boolean };
}

/** @throws CommandError for a mistake in the command line, and for a cluster that measures nothing */
async function ask(context: Context, kind: string): Promise<Asked> {
  const { args, flags } = context;
  if (args.length > 1) throw usageError(context, `${kind} [NAME | -l label]`);
  const sortBy = flags.string('sort-by');
  if (sortBy !== '' && sortBy !== 'cpu' && sortBy !== 'memory')
    throw new CommandError('--sort-by accepts only cpu or memory');
  const labelSelector = flags.string('selector');
  if (args.length > 0 && labelSelector !== '') throw new CommandError('only one of NAME or selector can be provided');
  const { remote } = await context.backend();
  if (!remote) throw new CommandError('Metrics API not available');
  const query = { name: args[0] ?? '', labelSelector, fieldSelector: '' };
  const options = { noHeaders: flags.bool('no-headers'), showSwap: flags.bool('show-swap') };
  return { remote, query, sortBy, options };
}

async function topNodes(context: Context): Promise<void> {
  const { remote, query, sortBy, options } = await ask(context, 'node');
  const { inOrder, nodeMetrics } = await import('../../core/client/metrics');
  const nodes = inOrder(await nodeMetrics(remote, query, context.flags.bool('show-capacity')), sortBy);
  context.io.out((await import('../../render/top')).printNodes(nodes, options));
}

async function topPods(context: Context): Promise<void> {
  const { flags, io, namespace } = context;
  const { remote, query: asked, sortBy, options } = await ask(context, 'pod');
  const { inOrder, podMetrics, totalOf } = await import('../../core/client/metrics');
  const withNamespace = flags.bool('all-namespaces');
  const query = {
    ...asked,
    fieldSelector: flags.string('field-selector'),
    ...(!withNamespace && { namespace }),
  };
  const pods = inOrder(await podMetrics(remote, query), sortBy);
  if (pods.length === 0) {
    await refuseUnmeasured(context, query);
    return io.err(withNamespace ? 'No resources found\n' : `No resources found in ${namespace} namespace.\n`);
  }
  const { printPods } = await import('../../render/top');
  io.out(
    printPods(pods, {
      ...options,
      withNamespace,
      byContainer: flags.bool('containers'),
      ...(flags.bool('sum') && { total: totalOf(pods.map(({ usage }) => usage)) }),
    }),
  );
}

/** How long a new pod may be without figures, ms. */
const NEW_MS = 120_000;

/** Pods that should have been measured by now are an error; that there are none is not. */
async function refuseUnmeasured(
  context: Context,
  { namespace, labelSelector, fieldSelector }: MetricsQuery,
): Promise<void> {
  const backend = await context.backend();
  const { mapResource } = await import('../../core/client/builder');
  const resource = await mapResource(backend, 'pods');
  const { items } = await backend.list(resource, namespace, { labelSelector, fieldSelector });
  if (items.length === 0) return;
  const now = await backend.now();
  for (const { metadata } of items) {
    const age = now - Date.parse(metadata.creationTimestamp);
    if (age > NEW_MS)
      throw new CommandError(
        `Metrics not available for pod ${metadata.namespace}/${metadata.name}, age: ${formatDuration(age)}`,
      );
  }
  throw new CommandError('metrics not available yet');
}
