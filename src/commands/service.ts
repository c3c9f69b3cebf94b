/** Creating a Service: what the kinds of `create service` share. */
import { CommandError } from '../core/client/errors';
import { isValidPortName } from '../core/meta/names';
import type { FlagSpec } from './flags/spec';
import { createGenerated, generatorFlags, namespaceOf } from './generators';
import type { Context } from './verb';

export const serviceFlags = (): FlagSpec[] => [
  ...generatorFlags(),
  { name: 'tcp', type: 'list', help: 'A port, or port:target: the port of the Service and that of its pods.' },
];

/** Creates a Service that selects the pods labelled `app=NAME`. `spec` is what its type adds. */
export async function createService(
  context: Context,
  name: string,
  spec: { readonly [field: string]: unknown },
  nodePort = 0,
): Promise<void> {
  const ports = context.flags.list('tcp').map((text) => ({ ...parsePort(text), ...(nodePort !== 0 && { nodePort }) }));
  await createGenerated(
    context,
    'services',
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, labels: { app: name }, ...namespaceOf(context) },
      spec: { ...(ports.length > 0 && { ports }), selector: { app: name }, ...spec },
      status: { loadBalancer: {} },
    },
    `${String(spec.type)} service:`,
  );
}

export function needPorts(context: Context): void {
  if (context.flags.list('tcp').length === 0)
    throw new CommandError('at least one tcp port specifier must be provided');
}

/** `80`, `80:8080` or `80:http` (as parsePorts). @throws CommandError */
function parsePort(text: string) {
  const [port, target = text] = text.split(':');
  const number = portNumber(port);
  if (number instanceof CommandError) throw number;
  let targetPort = portNumber(target) as number | string | CommandError;
  if (targetPort instanceof CommandError) {
    const wrong = isValidPortName(target);
    if (wrong.length > 0) throw new CommandError(wrong.join(','));
    targetPort = target;
  }
  return { name: text.replaceAll(':', '-'), protocol: 'TCP', port: number, targetPort };
}

/** As ParsePort: 16 bits without a sign. */
function portNumber(text: string): number | CommandError {
  const refuse = (why: string) => new CommandError(`strconv.ParseUint: parsing ${JSON.stringify(text)}: ${why}`);
  if (!/^\d+$/.test(text)) return refuse('invalid syntax');
  return Number(text) > 65535 ? refuse('value out of range') : Number(text);
}
