/** Which ports `port-forward` means: names looked up, a Service's ports followed to its pod (as kubectl's port-forward). */
import type { KubeObject, Pod, Service } from '../../api/types';
import { CommandError } from '../errors';

/** A local port, 0 for any that is free, and the port of the pod that it leads to. */
export interface ForwardedPort {
  readonly local: number;
  readonly remote: number;
}

/** @throws CommandError for a word that names no port of the object or its pod */
export function portsOf(words: readonly string[], object: KubeObject, pod: Pod): readonly ForwardedPort[] {
  const isService = object.kind === 'Service' && object.apiVersion === 'v1';
  if (isService) refuseUdp(words, servicePorts(object as Service));
  else refuseUdp(words, containerPorts(pod));
  return words
    .map((word) => (isService ? throughService(word, object as Service, pod) : throughPod(word, pod)))
    .map(parsed);
}

interface NamedPort {
  readonly name?: string | undefined;
  readonly number: number;
  readonly protocol?: string | undefined;
}

/** `80:web` in two; a word without a colon, or with too many, is both of its first part. */
function split(word: string): readonly [local: string, remote: string] {
  const parts = word.split(':');
  const [first = '', second = ''] = parts;
  return parts.length === 2 ? [first, second] : [first, first];
}

const isNumber = (text: string): boolean => /^[+-]?\d+$/.test(text);

const joined = (local: string, remote: string, number: number): string =>
  local === remote ? String(number) : `${local}:${number}`;

function throughPod(word: string, pod: Pod): string {
  const [local, remote] = split(word);
  if (!isNumber(remote)) return joined(local, remote, containerPort(pod, remote));
  return local === remote ? remote : `${local}:${remote}`;
}

function throughService(word: string, service: Service, pod: Pod): string {
  const [local, remote] = split(word);
  const named = isNumber(remote) ? undefined : servicePorts(service).find(({ name }) => name === remote);
  if (!isNumber(remote) && !named)
    throw new CommandError(`Service '${service.metadata.name}' does not have a named port '${remote}'`);
  const number = named?.number ?? Number(remote);
  const from = named && local === remote ? String(number) : local;
  const target = targetOf(service, pod, number);
  return from === String(target) ? from : `${from}:${target}`;
}

/** As LookupContainerPortNumberByServicePort: without an address of its own a Service translates nothing. */
function targetOf(service: Service, pod: Pod, number: number): number {
  const { name } = service.metadata;
  const found = (service.spec.ports ?? []).find(({ port }) => port === number);
  if (!found) throw new CommandError(`Service ${name} does not have a service port ${number}`);
  if (service.spec.clusterIP === 'None') return number;
  const { targetPort } = found;
  if (targetPort === undefined || targetPort === 0) return number;
  return typeof targetPort === 'number' ? targetPort : containerPort(pod, targetPort);
}

function containerPort(pod: Pod, name: string): number {
  const found = containerPorts(pod).find((port) => port.name === name);
  if (!found) throw new CommandError(`Pod '${pod.metadata.name}' does not have a named port '${name}'`);
  return found.number;
}

/** Init containers count that go on beside the others. */
const containerPorts = ({ spec }: Pod): readonly NamedPort[] =>
  [...spec.containers, ...(spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always')]
    .flatMap(({ ports = [] }) => ports)
    .map(({ name, containerPort: number, protocol }) => ({ name, number, protocol }));

const servicePorts = ({ spec }: Service): readonly NamedPort[] =>
  (spec.ports ?? []).map(({ name, port, protocol }) => ({ name, number: port, protocol }));

/** Only connections can be forwarded. */
function refuseUdp(words: readonly string[], ports: readonly NamedPort[]): void {
  for (const [, remote] of words.map(split)) {
    const meant = ports.filter(({ name, number }) => (isNumber(remote) ? number === Number(remote) : name === remote));
    if (meant.length > 0 && meant.every(({ protocol }) => protocol === 'UDP'))
      throw new CommandError(`UDP protocol is not supported for ${remote}`);
  }
}

const LARGEST = 65_535;

function parsed(word: string): ForwardedPort {
  const [first = '', second] = word.split(':');
  const local = portNumber(second === undefined ? first : first || '0', 'local');
  const remote = portNumber(second ?? first, 'remote');
  if (remote === 0) throw new CommandError('remote port must be > 0');
  return { local, remote };
}

function portNumber(text: string, which: 'local' | 'remote'): number {
  const why = !/^\d+$/.test(text) ? 'invalid syntax' : Number(text) > LARGEST ? 'value out of range' : undefined;
  if (why !== undefined)
    throw new CommandError(
      `error parsing ${which} port '${text}': strconv.ParseUint: parsing ${JSON.stringify(text)}: ${why}`,
    );
  return Number(text);
}
