/** `stsctl drain`. */
import type { KubeObject, Pod } from '../../core/api/types';
import type { DryRun } from '../../core/client/apply';
import type { Info } from '../../core/client/builder';
import { drainPods } from '../../core/client/drain';
import { type Drainable, drainable } from '../../core/client/drainable';
import { CommandError, Failures, isExpected, PlainError } from '../../core/client/errors';
import { parseSelector } from '../../core/meta/labels';
import { cordonFlags, setSchedulable } from '../cordon';
import type { FlagSpec } from '../flags/spec';
import { mapKind } from '../kinds';
import { OperationPrinter } from '../output/operations';
import { durationOf } from '../targets';
import type { Context, Verb } from '../verb';

const bool = (name: string, help: string): FlagSpec => ({ name, type: 'bool', default: 'false', help });

export const verb: Verb = {
  usage: 'drain NODE',
  long:
    'Closes a node and takes its pods away, so that it can be looked after.\n\n' +
    'Pods are evicted: a PodDisruptionBudget may refuse that, and then it is tried again every five seconds. Pods that no ' +
    'controller would make anew, and pods with local data, keep the node from being drained unless it is forced. The ' +
    'command waits until the pods are gone; "uncordon" opens the node again.',
  examples: `# Take the pods off node-1; those of StatefulSets come back elsewhere
stsctl sim config nodes=2
stsctl drain node-1

# Also pods that nobody makes anew, and data in emptyDir volumes
stsctl drain node-1 --force --delete-emptydir-data

# Only what carries a label, for half a minute at most
stsctl drain node-1 --pod-selector=app=nginx --timeout=30s

# What would be done?
stsctl drain node-1 --dry-run=client`,
  flags: [
    ...cordonFlags(),
    bool('force', 'Also pods that declare no controller.'),
    bool('ignore-daemonsets', 'Leave pods of DaemonSets where they are.'),
    bool('delete-emptydir-data', 'Also pods with emptyDir volumes, whose data is lost.'),
    {
      name: 'grace-period',
      type: 'int',
      default: '-1',
      help: 'Seconds that each pod gets to end gracefully; negative means its own.',
    },
    { name: 'timeout', type: 'duration', default: '0s', help: 'How long to go on before giving up; 0 goes on.' },
    { name: 'pod-selector', type: 'string', default: '', help: 'Only pods whose labels match.' },
    bool('disable-eviction', 'Delete the pods, whatever disruption budgets say.'),
    {
      name: 'skip-wait-for-delete-timeout',
      type: 'int',
      default: '0',
      help: 'Do not wait for pods that should have been gone for more than so many seconds; 0 waits for all.',
    },
    { name: 'chunk-size', type: 'int', default: '500', help: 'Taken for the sake of scripts: lists are read whole.' },
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags, io } = context;
  const { nodes, dryRun } = await setSchedulable(
    context,
    'cordon',
    () => checkPodSelector(flags.string('pod-selector')),
    'drain',
  );
  const drain = await NodeDrain.create(context, dryRun);
  const failures: Error[] = [];
  const pending: string[] = [];
  for (const node of nodes) {
    try {
      await drain.node(node.name);
      await drain.printer.print(node.object as KubeObject, 'drained');
    } catch (e) {
      if (!isExpected(e)) throw e;
      const name = JSON.stringify(node.name);
      io.err(`error: unable to drain node ${name} due to error: ${e.message}, continuing command...\n`);
      failures.push(...(e instanceof Failures ? e.errors : [e]));
      pending.push(node.name);
    }
  }
  if (pending.length > 0)
    io.err(`There are pending nodes to be drained:\n${pending.map((name) => ` ${name}\n`).join('')}`);
  if (failures.length > 0) throw new PlainError(failures.map((failure) => failure.message).join('\n'));
}

function checkPodSelector(selector: string): void {
  try {
    parseSelector(selector);
  } catch {
    throw new CommandError('--pod-selector=<pod_selector> must be a valid label selector');
  }
}

/** What draining one node after the other needs. */
class NodeDrain {
  private constructor(
    private readonly context: Context,
    private readonly dryRun: DryRun,
    readonly printer: OperationPrinter,
    private readonly kinds: { readonly pods: Info['resource']; readonly daemonSets: Info['resource'] | undefined },
  ) {}

  static async create(context: Context, dryRun: DryRun): Promise<NodeDrain> {
    const printer = await OperationPrinter.create(context, dryRun);
    const backend = await context.backend();
    const pods = await mapKind(context, 'pods');
    const daemonSets = (await backend.resources()).find(({ plural }) => plural === 'daemonsets');
    return new NodeDrain(context, dryRun, printer, { pods, daemonSets });
  }

  /** @throws CommandError for what stands in the way */
  async node(name: string): Promise<void> {
    const { io } = this.context;
    const { pods, warnings, errors } = await this.drainable(name);
    if (errors.length > 0) throw errors.length === 1 ? errors[0] : new Failures(errors);
    if (warnings !== '') io.err(`Warning: ${warnings}\n`);
    const { dryRun } = this;
    if (dryRun === 'client') {
      for (const { metadata } of pods) io.out(`evicting pod ${metadata.namespace}/${metadata.name} (dry run)\n`);
      return;
    }
    try {
      await this.drain(pods, dryRun === 'server');
    } catch (e) {
      if (!isExpected(e)) throw e;
      const left = await this.drainable(name);
      if (left.pods.length > 0)
        io.err(
          `There are pending pods in node ${JSON.stringify(name)} when an error occurred: ${e.message}\n` +
            left.pods.map((pod) => `pod/${pod.metadata.name}\n`).join(''),
        );
      throw e;
    }
  }

  private async drainable(name: string): Promise<Drainable> {
    const { flags } = this.context;
    const backend = await this.context.backend();
    const { items } = await backend.list(this.kinds.pods, undefined, {
      labelSelector: flags.string('pod-selector'),
      fieldSelector: `spec.nodeName=${name}`,
    });
    const rules = {
      force: flags.bool('force'),
      ignoreDaemonSets: flags.bool('ignore-daemonsets'),
      deleteEmptyDirData: flags.bool('delete-emptydir-data'),
      skipWaitSeconds: flags.int('skip-wait-for-delete-timeout'),
    };
    return drainable(backend, items as readonly Pod[], rules, this.kinds.daemonSets);
  }

  private async drain(going: readonly Pod[], dryRun: boolean): Promise<void> {
    const { flags, io } = this.context;
    const backend = await this.context.backend();
    const grace = flags.int('grace-period');
    const { sim } = backend;
    const isVirtual = sim !== undefined && (await sim.clock()).mode === 'virtual';
    await drainPods(
      backend,
      this.kinds.pods,
      going,
      {
        deletion: { ...(grace >= 0 && { gracePeriodSeconds: grace }), ...(dryRun && { dryRun }) },
        disableEviction: flags.bool('disable-eviction'),
        skipWaitSeconds: flags.int('skip-wait-for-delete-timeout'),
        timeoutMs: durationOf(flags, 'timeout'),
      },
      {
        out: (text) => io.out(text),
        err: (text) => io.err(text),
        gone: (pod, isEvicted) => this.printer.print(pod, isEvicted ? 'evicted' : 'deleted'),
        flush: () => this.context.flushWhileWaiting(),
        ...(isVirtual && {
          pass: async (ms: number, holds: () => Promise<boolean>) =>
            (await sim.playUntil(holds, ms)).ended !== 'settled',
        }),
      },
    );
  }
}
