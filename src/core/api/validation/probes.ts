/** Probes and lifecycle hooks: exactly one handler, and sensible numbers (as validateProbe and validateHandler). */
import { isNumber } from '../../meta/json';
import { isHttpHeaderName, isValidPortName, isValidPortNumber } from '../../meta/names';
import { asList, asNumber, asObject, asString, asStrings, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { forbidden, invalid, invalids, nonNegative, notSupported, required } from './errors';

export type ProbeKind = 'livenessProbe' | 'readinessProbe' | 'startupProbe';

const PROBE_HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc'];
const HOOK_HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'sleep'];

export function validateProbe(
  probe: unknown,
  kind: ProbeKind,
  gracePeriod: number | undefined,
  path: string,
): FieldError[] {
  if (!isSet(probe)) return [];
  const p = asObject(probe);
  const errors = validateHandler(p, PROBE_HANDLERS, gracePeriod, path);
  const numbers = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'];
  for (const field of numbers) errors.push(...nonNegative(`${path}.${field}`, p[field]));
  const grace = p.terminationGracePeriodSeconds;
  const gracePath = `${path}.terminationGracePeriodSeconds`;
  if (isNumber(grace) && grace <= 0) errors.push(invalid(gracePath, grace, 'must be greater than 0'));
  if (kind === 'readinessProbe') {
    if (isSet(grace)) errors.push(invalid(gracePath, grace, 'must not be set for readinessProbes'));
  } else if (p.successThreshold !== 1) {
    errors.push(invalid(`${path}.successThreshold`, asNumber(p.successThreshold), 'must be 1'));
  }
  return errors;
}

export function validateLifecycle(lifecycle: Json, gracePeriod: number | undefined, path: string): FieldError[] {
  return ['postStart', 'preStop'].flatMap((hook) =>
    isSet(lifecycle[hook])
      ? validateHandler(asObject(lifecycle[hook]), HOOK_HANDLERS, gracePeriod, `${path}.${hook}`)
      : [],
  );
}

function validateHandler(
  holder: Json,
  handlers: readonly string[],
  gracePeriod: number | undefined,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  let found = 0;
  for (const handler of handlers) {
    if (!isSet(holder[handler])) continue;
    found++;
    const at = `${path}.${handler}`;
    if (found > 1) errors.push(forbidden(at, 'may not specify more than 1 handler type'));
    else errors.push(...validateAction(handler, asObject(holder[handler]), gracePeriod, at));
  }
  if (found === 0) errors.push(required(path, 'must specify a handler type'));
  return errors;
}

function validateAction(handler: string, action: Json, gracePeriod: number | undefined, path: string): FieldError[] {
  switch (handler) {
    case 'exec':
      return asStrings(action.command).length === 0 ? [required(`${path}.command`)] : [];
    case 'httpGet':
      return validateHttpGet(action, path);
    case 'sleep': {
      const seconds = asNumber(action.seconds);
      if (gracePeriod === undefined || (seconds >= 0 && seconds <= gracePeriod)) return [];
      const why = `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriod})`;
      return [invalid(path, seconds, why)];
    }
    default:
      return validatePort(action.port, `${path}.port`);
  }
}

function validateHttpGet(action: Json, path: string): FieldError[] {
  const errors: FieldError[] = asString(action.path) ? [] : [required(`${path}.path`)];
  errors.push(...validatePort(action.port, `${path}.port`));
  const scheme = asString(action.scheme);
  if (scheme !== 'HTTP' && scheme !== 'HTTPS') errors.push(notSupported(`${path}.scheme`, scheme, ['HTTP', 'HTTPS']));
  for (const header of asList(action.httpHeaders)) {
    const name = asString(header.name);
    errors.push(...invalids(`${path}.httpHeaders`, name, isHttpHeaderName(name)));
  }
  return errors;
}

/** As ValidatePortNumOrName; an absent port counts as 0. */
export function validatePort(port: unknown, path: string): FieldError[] {
  if (typeof port === 'string') return invalids(path, port, isValidPortName(port));
  return invalids(path, asNumber(port), isValidPortNumber(asNumber(port)));
}
