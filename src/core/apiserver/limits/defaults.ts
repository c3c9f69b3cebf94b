/** Requests and limits that a LimitRange gives to containers without any of their own (as mergePodResourceRequirements). */
import { asList, asObject } from '../../api/json';
import type { Container, KubeObject, Labels, Pod } from '../../api/types';
import { compareText } from '../../meta/text';

const ANNOTATION = 'kubernetes.io/limit-ranger';

/** The pod with what the LimitRange fills in, and an annotation that says what that was. */
export function withDefaults(pod: Pod, range: KubeObject): Pod {
  const items = asList(asObject(range.spec).limits).filter(({ type }) => type === 'Container');
  const limits = Object.assign({}, ...items.map((item) => asObject(item.default))) as Labels;
  const requests = Object.assign({}, ...items.map((item) => asObject(item.defaultRequest))) as Labels;
  const notes: string[] = [];
  const fill = (container: Container, what: string): Container => {
    const { resources } = container;
    const missing = (given: Labels | undefined, defaults: Labels): string[] =>
      Object.keys(defaults)
        .filter((name) => !Object.hasOwn(given ?? {}, name))
        .sort(compareText);
    const newRequests = missing(resources?.requests, requests);
    const newLimits = missing(resources?.limits, limits);
    if (newRequests.length > 0) notes.push(`${newRequests.join(', ')} request for ${what} ${container.name}`);
    if (newLimits.length > 0) notes.push(`${newLimits.join(', ')} limit for ${what} ${container.name}`);
    if (newRequests.length + newLimits.length === 0) return container;
    const taken = (given: Labels | undefined, defaults: Labels, names: readonly string[]): Labels => ({
      ...given,
      ...Object.fromEntries(names.map((name) => [name, defaults[name] as string])),
    });
    return {
      ...container,
      resources: {
        ...resources,
        ...(newLimits.length > 0 && { limits: taken(resources?.limits, limits, newLimits) }),
        ...(newRequests.length > 0 && { requests: taken(resources?.requests, requests, newRequests) }),
      },
    };
  };
  const containers = pod.spec.containers.map((container) => fill(container, 'container'));
  const initContainers = pod.spec.initContainers?.map((container) => fill(container, 'init container'));
  if (notes.length === 0) return pod;
  const annotations = { ...pod.metadata.annotations, [ANNOTATION]: `LimitRanger plugin set: ${notes.join('; ')}` };
  return {
    ...pod,
    metadata: { ...pod.metadata, annotations },
    spec: { ...pod.spec, containers, ...(initContainers && { initContainers }) },
  };
}
