/** Ports of containers, and the ports that they take on their host (as validateContainerPorts and checkHostPortConflicts). */
import { isValidPortName, isValidPortNumber } from '../../meta/names';
import { asList, asNumber, asString, type Json } from '../json';
import type { FieldError } from '../status';
import { duplicate, invalid, invalids, oneOf, required } from './errors';

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

export function validatePorts(ports: readonly Json[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [i, port] of ports.entries()) {
    const at = `${path}[${i}]`;
    const name = asString(port.name);
    if (name) {
      const messages = isValidPortName(name);
      errors.push(...invalids(`${at}.name`, name, messages));
      if (messages.length === 0 && names.has(name)) errors.push(duplicate(`${at}.name`, name));
      if (messages.length === 0) names.add(name);
    }
    const number = asNumber(port.containerPort);
    if (number === 0) errors.push(required(`${at}.containerPort`));
    else errors.push(...invalids(`${at}.containerPort`, number, isValidPortNumber(number)));
    const host = asNumber(port.hostPort);
    if (host !== 0) errors.push(...invalids(`${at}.hostPort`, host, isValidPortNumber(host)));
    errors.push(...oneOf(port.protocol, PROTOCOLS, `${at}.protocol`));
  }
  return errors;
}

/** `path` is the list's, also where only one of its containers is looked at: upstream counts from 0 then as well. */
export function validateHostPorts(containers: readonly Json[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const taken = new Set<string>();
  for (const [i, container] of containers.entries()) {
    for (const [j, port] of asList(container.ports).entries()) {
      if (!port.hostPort) continue;
      const text = `${asString(port.protocol)}/${asString(port.hostIP)}/${port.hostPort}`;
      if (taken.has(text)) errors.push(duplicate(`${path}[${i}].ports[${j}].hostPort`, text));
      taken.add(text);
    }
  }
  return errors;
}

/** With host networking a host port must be its container port; templates may still leave it open. */
export function validateHostNetwork(spec: Json, isPod: boolean, path: string): FieldError[] {
  if (spec.hostNetwork !== true) return [];
  return asList(spec.containers).flatMap((container, i) =>
    asList(container.ports).flatMap((port, j) => {
      const host = asNumber(port.hostPort);
      if (!(isPod || host !== 0) || host === port.containerPort) return [];
      const why = 'must match `containerPort` when `hostNetwork` is true';
      return [invalid(`${path}.containers[${i}].ports[${j}].hostPort`, host, why)];
    }),
  );
}
