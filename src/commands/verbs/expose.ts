/** `stsctl expose`. */
import type { KubeObject, Labels, Manifest } from '../../core/api/types';
import { mapResource } from '../../core/client/builder';
import { CommandError, forEach } from '../../core/client/errors';
import { canExpose, portsToExpose, selectorToExpose } from '../../core/client/expose';
import { infosOf } from '../../core/client/fetch';
import { maybeWithLastApplied } from '../../core/client/last-applied';
import { parseRunLabels } from '../../core/client/run-pod';
import { DRY_RUN, fieldManager, fileFlags, outputFlags, SAVE_CONFIG } from '../flags/common';
import type { FlagSpec } from '../flags/spec';
import { namespaceOf } from '../generators';
import { dryRunOf, OperationPrinter } from '../output/operations';
import { overrideFlags, withOverrides } from '../overrides';
import { RECORD, recorded } from '../record';
import { findObjects, readFiles } from '../targets';
import type { Context, Verb } from '../verb';

const text = (name: string, help: string, short?: string): FlagSpec => ({
  name,
  type: 'string',
  default: '',
  help,
  ...(short && { short }),
});

export const verb: Verb = {
  usage:
    'expose (-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] ' +
    '[--external-ip=external-ip-of-service] [--type=type]',
  long: 'Creates a Service for the pods of a pod, a Service, a ReplicaSet, a Deployment or a ReplicationController.',
  examples: `# A Service for one pod, on the port of its container
stsctl expose pod web-0 --name=first

# A second Service for the pods of the first
stsctl expose service nginx --name=nginx-80 --port=80 --target-port=web

# What it would look like
stsctl expose service nginx --name=shown --type=NodePort --dry-run=client -o yaml`,
  flags: [
    ...fileFlags('Files that name what to expose.'),
    text('port', 'The ports of the Service, as in 80,443; those of the object if absent.'),
    text('protocol', 'The protocol of its ports; TCP if absent.'),
    text('target-port', 'The port of the pods, a number or a name; the same as --port if absent.'),
    text('name', 'The name of the Service; that of the object if absent.'),
    text('type', 'ClusterIP, NodePort, LoadBalancer or ExternalName.'),
    text('labels', 'The labels of the Service, as in a=b,c=d; those of the object if absent.', 'l'),
    text('selector', 'The labels of its pods, as in a=b; those of the object if absent.'),
    text('cluster-ip', 'The address inside the cluster; None for none.'),
    text('external-ip', 'An address outside that leads to it too.'),
    text('load-balancer-ip', 'The address of its load balancer.'),
    text('session-affinity', 'None or ClientIP.'),
    ...overrideFlags(),
    SAVE_CONFIG,
    DRY_RUN,
    fieldManager('kubectl-expose'),
    ...outputFlags(),
    RECORD,
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags, args } = context;
  const dryRun = dryRunOf(context);
  const printer = await OperationPrinter.create(context, dryRun);
  const files = await readFiles(context);
  const entries = await findObjects(context, { args, ...(files && { files }), latest: true, selector: '' });
  const backend = await context.backend();
  const services = await mapResource(backend, 'services');
  await forEach(entries, async (entry) => {
    const [info] = infosOf([entry]);
    const object = info.object as KubeObject;
    if (!canExpose(object.kind))
      throw new CommandError(
        `cannot expose a ${object.kind}${info.resource.group === '' ? '' : `.${info.resource.group}`}`,
      );
    const service = await withOverrides(context, services, serviceOf(context, object));
    const manifest = maybeWithLastApplied(recorded(context, service), flags.bool('save-config'));
    if (dryRun === 'client') return printer.printTyped(manifest, 'exposed');
    const created = await backend.create(services, context.namespace, manifest, {
      dryRun: dryRun === 'server',
      fieldManager: flags.string('field-manager'),
    });
    await printer.printTyped(created, 'exposed');
  });
}

function serviceOf(context: Context, object: KubeObject): Manifest {
  const { flags } = context;
  const selector =
    flags.string('selector') === '' ? selectorToExpose(object) : parseRunLabels(flags.string('selector'));
  const labels: Labels =
    flags.string('labels') === '' ? (object.metadata.labels ?? {}) : parseRunLabels(flags.string('labels'));
  const affinity = flags.string('session-affinity');
  const ports = portsOf(context, object);
  if (affinity !== '' && affinity !== 'None' && affinity !== 'ClientIP')
    throw new CommandError(`unknown session affinity: ${affinity}`);
  const given = (field: string, flag: string) => (flags.string(flag) === '' ? {} : { [field]: flags.string(flag) });
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: flags.string('name') || object.metadata.name,
      ...(Object.keys(labels).length > 0 && { labels }),
      ...namespaceOf(context),
    },
    spec: {
      ports,
      selector,
      ...given('clusterIP', 'cluster-ip'),
      ...given('type', 'type'),
      ...(flags.string('external-ip') !== '' && { externalIPs: [flags.string('external-ip')] }),
      ...(affinity !== '' && { sessionAffinity: affinity }),
      ...(flags.string('type') === 'LoadBalancer' && given('loadBalancerIP', 'load-balancer-ip')),
    },
    status: { loadBalancer: {} },
  };
}

/** Several ports get names; the target is `--target-port`, or the port itself. */
function portsOf(context: Context, object: KubeObject): object[] {
  const { flags } = context;
  const own = portsToExpose(object);
  const words = flags.string('port') === '' ? own.map((p) => String(p.port)) : flags.string('port').split(',');
  if (words.length === 0) throw new CommandError("couldn't find port via --port flag or introspection");
  const target = flags.string('target-port');
  return words.map((word, i) => {
    const port = numberOf(word);
    const protocol = flags.string('protocol') || own.find((p) => p.port === port)?.protocol || 'TCP';
    const targetPort = target === '' ? port : /^[+-]?\d+$/.test(target) ? Number(target) : target;
    return { ...(words.length > 1 && { name: `port-${i + 1}` }), protocol, port, targetPort };
  });
}

function numberOf(word: string): number {
  if (!/^[+-]?\d+$/.test(word)) throw new CommandError(`strconv.Atoi: parsing ${JSON.stringify(word)}: invalid syntax`);
  return Number(word);
}
