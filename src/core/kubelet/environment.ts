/** The environment of a container: Services, envFrom, env and what they refer to (as makeEnvironmentVariables). */
import { containerResource, podField } from '../api/downward';
import type { ConfigMap, Container, Node, Pod, Secret, Service } from '../api/types';
import type { Store } from '../apiserver/store';
import { compareText } from '../meta/text';
import { expand } from './expansion';

/** Why a container can't be made: CreateContainerConfigError and its message. */
class ContainerConfigError extends Error {
  override readonly name = 'ContainerConfigError';
}

interface KeyReference {
  readonly name?: string;
  readonly key: string;
  readonly optional?: boolean;
}

interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly fieldRef?: { readonly fieldPath: string };
    readonly resourceFieldRef?: {
      readonly containerName?: string;
      readonly resource: string;
      readonly divisor?: string;
    };
    readonly configMapKeyRef?: KeyReference;
    readonly secretKeyRef?: KeyReference;
  };
}

interface EnvFrom {
  readonly prefix?: string;
  readonly configMapRef?: { readonly name?: string; readonly optional?: boolean };
  readonly secretRef?: { readonly name?: string; readonly optional?: boolean };
}

/** Where a container's configuration comes from. */
export interface Sources {
  readonly store: Store;
  /** Told of what is missing; it is left out where this returns. */
  report(problem: Error): void;
}

/** Names and values, in the order in which they are set. Reports a ContainerConfigError for what is missing. */
export function environmentOf(from: Sources, pod: Pod, container: Container): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  const services = pod.spec.enableServiceLinks === false ? {} : serviceVariables(from.store, pod);
  for (const source of (container.envFrom ?? []) as readonly EnvFrom[])
    Object.assign(result, fromSource(from, pod, source));
  const own: Record<string, string> = {};
  for (const variable of (container.env ?? []) as readonly EnvVar[]) {
    const value = variableValue(from, pod, container, variable, (name) => own[name] ?? services[name]);
    if (value === undefined) continue;
    own[variable.name] = value;
    result[variable.name] = value;
  }
  for (const [name, value] of Object.entries(services)) result[name] ??= value;
  return result;
}

function variableValue(
  from: Sources,
  pod: Pod,
  container: Container,
  { value, valueFrom }: EnvVar,
  known: (name: string) => string | undefined,
): string | undefined {
  if (!valueFrom) return expand(value ?? '', known);
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  if (fieldRef) {
    const field = podField(pod, fieldRef.fieldPath);
    if (field === undefined) from.report(new ContainerConfigError(`unsupported fieldPath: ${fieldRef.fieldPath}`));
    return field;
  }
  if (resourceFieldRef) {
    const { containerName } = resourceFieldRef;
    const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
    const meant = containerName ? all.find(({ name }) => name === containerName) : container;
    return containerResource(meant ?? container, resourceFieldRef, allocatableOf(from.store, pod));
  }
  if (configMapKeyRef) return configMapKey(from, pod, configMapKeyRef);
  if (secretKeyRef) return secretKey(from, pod, secretKeyRef);
  return '';
}

export function allocatableOf(store: Store, pod: Pod): Readonly<Record<string, string>> {
  const node = store.get<Node>('nodes', '', pod.spec.nodeName ?? '');
  return (node?.status.allocatable ?? {}) as Readonly<Record<string, string>>;
}

function configMapKey(from: Sources, pod: Pod, { name = '', key, optional }: KeyReference): string | undefined {
  const { namespace = '' } = pod.metadata;
  const object = from.store.get<ConfigMap>('configmaps', namespace, name);
  const value = object?.data?.[key];
  if (value !== undefined || optional) return value;
  from.report(
    object
      ? new ContainerConfigError(`couldn't find key ${key} in ConfigMap ${namespace}/${name}`)
      : new ContainerConfigError(`configmap "${name}" not found`),
  );
  return undefined;
}

function secretKey(from: Sources, pod: Pod, { name = '', key, optional }: KeyReference): string | undefined {
  const { namespace = '' } = pod.metadata;
  const object = from.store.get<Secret>('secrets', namespace, name);
  const value = object?.data?.[key];
  if (value !== undefined) return new TextDecoder().decode(fromBase64(value));
  if (optional) return undefined;
  from.report(
    object
      ? new ContainerConfigError(`couldn't find key ${key} in Secret ${namespace}/${name}`)
      : new ContainerConfigError(`secret "${name}" not found`),
  );
  return undefined;
}

export const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

function fromSource(
  from: Sources,
  pod: Pod,
  { prefix = '', configMapRef, secretRef }: EnvFrom,
): Record<string, string> {
  const { namespace = '' } = pod.metadata;
  const reference = configMapRef ?? secretRef;
  const name = reference?.name ?? '';
  const found: Record<string, string> = {};
  if (configMapRef) {
    const object = from.store.get<ConfigMap>('configmaps', namespace, name);
    if (!object && !configMapRef.optional) from.report(new ContainerConfigError(`configmap "${name}" not found`));
    for (const [key, value] of Object.entries(object?.data ?? {})) found[prefix + key] = value;
  } else if (secretRef) {
    const object = from.store.get<Secret>('secrets', namespace, name);
    if (!object && !secretRef.optional) from.report(new ContainerConfigError(`secret "${name}" not found`));
    for (const [key, value] of Object.entries(object?.data ?? {})) {
      found[prefix + key] = new TextDecoder().decode(fromBase64(value));
    }
  }
  return found;
}

/** The variables of the namespace's Services and of the API's own (as envvars.FromServices). */
function serviceVariables(store: Store, pod: Pod): Record<string, string> {
  const { namespace } = pod.metadata;
  const services = [...store.list<Service>('services', namespace)];
  const api = store.get<Service>('services', 'default', 'kubernetes');
  if (api && namespace !== 'default') services.push(api);
  const result: Record<string, string> = {};
  for (const service of services.sort((a, b) => compareText(a.metadata.name, b.metadata.name))) {
    Object.assign(result, variablesOf(service));
  }
  return result;
}

function variablesOf({ metadata, spec }: Service): Record<string, string> {
  const { clusterIP, ports = [] } = spec;
  const [first] = ports;
  if (!clusterIP || clusterIP === 'None' || !first) return {};
  const name = variableName(metadata.name);
  const result: Record<string, string> = {
    [`${name}_SERVICE_HOST`]: clusterIP,
    [`${name}_SERVICE_PORT`]: String(first.port),
  };
  for (const port of ports) {
    if (port.name) result[`${name}_SERVICE_PORT_${variableName(port.name)}`] = String(port.port);
  }
  for (const [i, { port, protocol = 'TCP' }] of ports.entries()) {
    const url = `${protocol.toLowerCase()}://${clusterIP}:${port}`;
    const prefix = `${name}_PORT_${port}_${protocol.toUpperCase()}`;
    if (i === 0) result[`${name}_PORT`] = url;
    result[prefix] = url;
    result[`${prefix}_PROTO`] = protocol.toLowerCase();
    result[`${prefix}_PORT`] = String(port);
    result[`${prefix}_ADDR`] = clusterIP;
  }
  return result;
}

const variableName = (name: string): string => name.replaceAll('-', '_').toUpperCase();
