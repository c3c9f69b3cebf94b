/** What a request for the assignment of a pod to a node says. */

import type { BindingTarget } from '../api/binding';
import { badRequest } from '../api/status';

interface Binding {
  readonly metadata?: { readonly name?: string; readonly uid?: string; readonly annotations?: Record<string, string> };
  readonly target?: { readonly kind?: string; readonly name?: string };
}

/** The pod's name and where it goes; `name` as the path says it, where it does. Throws BadRequest. */
export function bindingOf(
  body: unknown,
  name: string | undefined,
): { readonly pod: string; readonly target: BindingTarget } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw badRequest('expected a Binding');
  const { metadata = {}, target = {} } = body as Binding;
  const pod = name ?? metadata.name ?? '';
  if (metadata.name !== undefined && metadata.name !== pod)
    throw badRequest('name in URL does not match name in Binding object');
  return {
    pod,
    target: { uid: metadata.uid, annotations: metadata.annotations, kind: target.kind, node: target.name },
  };
}
