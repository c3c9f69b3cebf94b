/** Label and field selectors over stored objects, with the fields that the API server supports for each kind. */
import { coreEventField, storedAs } from '../../api/other-versions';
import { type ResourceInfo, resourceKey } from '../../api/resources';
import { badRequest } from '../../api/status';
import type { KubeObject } from '../../api/types';
import { parseFieldSelector } from '../../meta/fields';
import { matches, parseSelector } from '../../meta/labels';

export interface SelectorTexts {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export type Matcher = (object: KubeObject) => boolean;

const NEW_EVENTS = 'events.events.k8s.io';

/** Kinds that support more than name and namespace. The refusal of other kinds' fields is worded differently. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
  ],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  services: ['spec.clusterIP', 'spec.type'],
  secrets: ['type'],
  namespaces: ['status.phase'],
  nodes: ['spec.unschedulable'],
  replicationcontrollers: ['status.replicas'],
  'replicasets.apps': ['status.replicas'],
  'jobs.batch': ['status.successful'],
};

/** Always true for empty texts. Throws BadRequest for a selector that cannot be read or a field that is not supported. */
export function matcherFor(resource: ResourceInfo, { labelSelector, fieldSelector }: SelectorTexts): Matcher {
  const byLabels = labelSelector ? labelMatcher(labelSelector) : undefined;
  const byFields = fieldSelector ? fieldMatcher(resource, fieldSelector) : undefined;
  if (byLabels && byFields) return (object) => byLabels(object) && byFields(object);
  return byLabels ?? byFields ?? (() => true);
}

function labelMatcher(text: string): Matcher {
  const selector = understand(() => parseSelector(text));
  return (object) => matches(selector, object.metadata.labels);
}

function fieldMatcher(resource: ResourceInfo, text: string): Matcher {
  const asked = understand(() => parseFieldSelector(text));
  const isNew = resourceKey(resource) === NEW_EVENTS;
  const requirements = asked.map((one) => ({ ...one, field: (isNew && coreEventField(one.field)) || one.field }));
  for (const [i, { field }] of requirements.entries()) {
    if (isNew && coreEventField(asked[i]!.field) === undefined)
      throw badRequest(`field label not supported: ${asked[i]!.field}`);
    checkField(storedAs(resource), field);
  }
  return (object) =>
    requirements.every(({ field, value, negate }) => fieldValues(object, field).includes(value) !== negate);
}

function understand<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw badRequest(error instanceof Error ? error.message : String(error));
  }
}

function checkField(resource: ResourceInfo, field: string): void {
  if (field === 'metadata.name' || (field === 'metadata.namespace' && resource.namespaced)) return;
  const fields = FIELDS[resourceKey(resource)];
  if (fields?.includes(field)) return;
  if (fields) throw badRequest(`field label not supported: ${field}`);
  throw badRequest(
    `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
  );
}

/** What a field selects by: absent values count as empty, switches as "false" (as each registry's ToSelectableFields). */
function fieldValues(object: KubeObject, field: string): readonly string[] {
  switch (field) {
    case 'spec.unschedulable':
    case 'spec.hostNetwork':
      return [at(object, field) === true ? 'true' : 'false'];
    case 'status.podIPs': {
      const ips = at(object, field);
      return Array.isArray(ips) ? ips.map((entry) => String(entry?.ip ?? '')) : [''];
    }
    case 'source':
      return [text(at(object, 'source.component')) || text(at(object, 'reportingComponent'))];
    case 'status.replicas':
      return [text(at(object, field)) || '0'];
    case 'status.successful':
      return [text(at(object, 'status.succeeded')) || '0'];
    default:
      return [text(at(object, field))];
  }
}

function at(object: KubeObject, path: string): unknown {
  let value: unknown = object;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));
