/** What the API allows with the objects of a kind, in the order in which the server lists it. */
import type { ResourceInfo } from './resources';

const ALL = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** Kinds that are questions: they can be asked, and nothing is kept. */
const CREATE_ONLY = /^(bindings|tokenreviews|.*subjectaccessreviews|selfsubjectrulesreviews|selfsubjectreviews)$/;

export function verbsOf({ plural }: Pick<ResourceInfo, 'plural'>): readonly string[] {
  if (CREATE_ONLY.test(plural)) return ['create'];
  if (plural === 'componentstatuses') return ['get', 'list'];
  // They are not to be deleted all in one call.
  if (plural === 'namespaces') return ALL.filter((verb) => verb !== 'deletecollection');
  return ALL;
}
