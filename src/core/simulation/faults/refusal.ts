/** Which calls a fault makes fail, and with which of the API server's answers. */
import type { ResourceInfo } from '../../api/resources';
import { ApiError, conflict, forbidden, internalServerError, OPTIMISTIC_LOCK } from '../../api/status';
import type { WriteCall } from '../../apiserver/store';
import { fits } from './match';
import type { Fault } from './types';

/** The actors that a fault reaches as controllers: those that try again when a call of theirs fails. */
const CONTROLLERS: readonly string[] = ['statefulset', 'persistentvolume'];

const TEXTS: Readonly<Record<number, readonly [reason: string, message: string]>> = {
  429: ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: ['Timeout', 'Timeout: request did not complete within the allotted duration'],
};

export function isCall(fault: Fault, call: WriteCall): boolean {
  const { caller = 'controllers', what, resource = '*', namespace, name = '*' } = fault;
  const isCaller =
    call.actor === 'user' ? caller !== 'controllers' : caller !== 'user' && CONTROLLERS.includes(call.actor);
  return (
    isCaller &&
    (what === '*' || what === call.verb) &&
    (resource === '*' || resource === call.key) &&
    (namespace === undefined || namespace === call.namespace) &&
    fits(name, call.name)
  );
}

export function refusal({ code = 500, message }: Fault, resource: ResourceInfo, name: string): ApiError {
  if (code === 403) return forbidden(resource, name, message ?? 'the request was denied');
  if (code === 409) return conflict(resource, name, message ?? OPTIMISTIC_LOCK);
  const [reason, usual] = TEXTS[code] ?? [];
  if (reason === undefined || usual === undefined)
    return internalServerError(message ?? 'etcdserver: request timed out');
  return new ApiError({
    apiVersion: 'v1',
    kind: 'Status',
    metadata: {},
    status: 'Failure',
    message: message ?? usual,
    reason,
    code,
  });
}
