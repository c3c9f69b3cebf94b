/** `stsctl autoscale`. */
import type { KubeObject, Manifest } from '../../core/api/types';
import { mapResource } from '../../core/client/builder';
import { CommandError, forEach, isExpected } from '../../core/client/errors';
import { infosOf } from '../../core/client/fetch';
import { maybeWithLastApplied } from '../../core/client/last-applied';
import { canonicalQuantity } from '../../core/meta/quantity';
import { DRY_RUN, fieldManager, fileFlags, outputFlags, SAVE_CONFIG } from '../flags/common';
import { namespaceOf } from '../generators';
import { dryRunOf, OperationPrinter } from '../output/operations';
import { RECORD, recorded } from '../record';
import { findObjects, readFiles } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'autoscale (-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu=CPU] [--memory=MEMORY]',
  long:
    'Creates a HorizontalPodAutoscaler for a StatefulSet or another kind that scales. It is kept and shown; the simulated\n' +
    'cluster measures nothing and scales nothing by itself.',
  examples: `# Between two and five pods
stsctl autoscale statefulset web --min=2 --max=5 --cpu=80%

# By memory
stsctl autoscale sts/web --max=4 --memory=500Mi --name=web-memory`,
  flags: [
    ...fileFlags('Files that name what to scale.'),
    {
      name: 'min',
      type: 'int',
      bits: 32,
      default: '-1',
      help: 'The least number of pods; the server chooses if absent.',
    },
    {
      name: 'max',
      type: 'int',
      bits: 32,
      default: '-1',
      help: 'The greatest number of pods. Required.',
      required: true,
    },
    { name: 'cpu', type: 'string', default: '', help: 'The processor time to aim at: 80% of the requests, or 500m.' },
    { name: 'memory', type: 'string', default: '', help: 'The memory to aim at: 80% of the requests, or 500Mi.' },
    {
      name: 'cpu-percent',
      type: 'int',
      bits: 32,
      default: '-1',
      help: '',
      hidden: true,
      deprecated:
        "Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).",
    },
    { name: 'name', type: 'string', default: '', help: 'The name of the autoscaler; that of the object if absent.' },
    SAVE_CONFIG,
    DRY_RUN,
    fieldManager('kubectl-autoscale'),
    ...outputFlags(),
    RECORD,
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags, args } = context;
  const dryRun = dryRunOf(context);
  const printer = await OperationPrinter.create(context, dryRun);
  const [min, max] = [flags.int('min'), flags.int('max')];
  if (max < 1) throw new CommandError(`--max=MAXPODS is required and must be at least 1, max: ${max}`);
  if (max < min)
    throw new CommandError(`--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`);
  if (flags.changed('cpu-percent') && flags.string('cpu') !== '')
    throw new CommandError('--cpu-percent and --cpu are mutually exclusive');
  const files = await readFiles(context);
  const entries = await findObjects(context, { args, ...(files && { files }), latest: true });
  const backend = await context.backend();
  const autoscalers = await mapResource(backend, 'horizontalpodautoscalers');
  await forEach(entries, async (entry) => {
    const [info] = infosOf([entry]);
    const { kind, apiVersion, metadata } = info.object as KubeObject;
    const { group, version, plural, subresources } = info.resource;
    if (!subresources.includes('scale'))
      throw new CommandError(
        `cannot autoscale a ${kind}: could not find scale subresource for ${group}/${version}, Resource=${plural} in ` +
          'discovery information',
      );
    const metrics = metricsOf(context);
    const manifest = maybeWithLastApplied(
      recorded<Manifest>(context, {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: flags.string('name') || metadata.name, ...namespaceOf(context) },
        spec: {
          scaleTargetRef: { kind, name: metadata.name, apiVersion },
          ...(min > 0 && { minReplicas: min }),
          maxReplicas: max,
          ...(metrics.length > 0 && { metrics }),
        },
        status: { desiredReplicas: 0, currentMetrics: null },
      }),
      flags.bool('save-config'),
    );
    if (dryRun === 'client') return printer.printTyped(manifest, 'created');
    try {
      const created = await backend.create(autoscalers, context.namespace, manifest, {
        dryRun: dryRun === 'server',
        fieldManager: flags.string('field-manager'),
      });
      await printer.printTyped(created, 'autoscaled');
    } catch (e) {
      const why = isExpected(e) ? incompatible(context) : undefined;
      throw why === undefined ? e : new CommandError(why);
    }
  });
}

/**
 * What is said where the object was refused: autoscaling/v1 is tried then, which takes nothing but the CPU as a percentage (as
 * canCreateHPAV1, which reads `--cpu` whether it was given or not, and says Go's words for no error). Nothing where that can be
 * tried: it is refused in the same words.
 */
function incompatible({ flags }: Context): string | undefined {
  const cpu = flags.string('cpu');
  const isOfOld = flags.string('memory') === '' && (flags.int('cpu-percent') >= 0 || cpu.endsWith('%'));
  if (cpu !== '' && isOfOld) return undefined;
  const why = cpu === '' ? 'empty input' : '%!w(<nil>)';
  return `failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: ${why}`;
}

function metricsOf({ flags }: Context): object[] {
  const percent = flags.int('cpu-percent');
  const cpu = percent > 0 ? [metric('cpu', `${percent}%`)] : [];
  return [...cpu, ...['cpu', 'memory'].flatMap((n) => (flags.string(n) === '' ? [] : [metric(n, flags.string(n))]))];
}

/** `80%` of what is requested, or an average amount. @throws CommandError */
function metric(name: string, text: string): object {
  const resource = (target: object): object => ({ type: 'Resource', resource: { name, target } });
  if (text.endsWith('%')) {
    const number = text.slice(0, -1);
    if (!/^[+-]?\d+$/.test(number) || Number(number) < 0) throw new CommandError(`invalid percentage value: ${number}`);
    return resource({ type: 'Utilization', averageUtilization: Number(number) });
  }
  try {
    return resource({ type: 'AverageValue', averageValue: canonicalQuantity(text) });
  } catch (e) {
    throw e instanceof Error ? new CommandError(`invalid resource ${name} value: ${text}`) : e;
  }
}
