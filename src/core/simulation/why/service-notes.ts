/**
 * The governing Service of a StatefulSet: without one that is headless and selects the pods they have no names in the DNS. The
 * controller does not wait for it, which is why nobody tells.
 */
import { isTerminating } from '../../api/pod';
import type { Pod, Service } from '../../api/types';
import { isStarted } from '../../kubelet/lifecycle';
import type { Reason } from '../../reports/why';
import type { SetView } from './set';
import { command, labelList, listed, quoted, reason, subjectOf } from './words';
import type { World } from './world';

const SOURCE = 'kubernetes.io/docs: Stable Network ID';

export function serviceNotes(world: World, view: SetView): readonly Reason[] {
  const { serviceName } = view.set.spec;
  if (!serviceName) return [];
  const service = world.get<Service>('services', view.namespace, serviceName);
  if (!service) return [missing(view, serviceName)];
  if (service.spec.type === 'ExternalName' || service.spec.clusterIP !== 'None') return [notHeadless(view, service)];
  const selector = service.spec.selector ?? {};
  const labels = view.set.spec.template.metadata?.labels ?? {};
  const keys = Object.keys(selector);
  if (keys.length === 0 || keys.some((key) => labels[key] !== selector[key])) return [selectsOthers(view, service)];
  return unpublished(world, view, service);
}

const note = (
  view: SetView,
  service: string,
  rule: string,
  message: string,
  ends: string,
  remedy: readonly string[],
): Reason =>
  reason({
    rule,
    on: { kind: 'Service', namespace: view.namespace, name: service },
    message,
    source: SOURCE,
    endsAlone: false,
    ends,
    remedy: remedy.map((words) => command(view.namespace, words)),
  });

/** Makes the Service select the pods: by the set's own labels, or the template's where the selector has none. */
function selecting(view: SetView, service: string): readonly string[] {
  const labels = labelList(view.set.spec.selector.matchLabels ?? view.set.spec.template.metadata?.labels ?? {});
  return labels ? [`set selector service ${service} ${quoted(labels)}`] : [];
}

function missing(view: SetView, name: string): Reason {
  return note(
    view,
    name,
    'missing-service',
    `serviceName names the Service ${name}, which does not exist: the pods have no names in the DNS`,
    `a headless Service ${name} that selects the pods is created`,
    [`create service clusterip ${name} --clusterip=None`, ...selecting(view, name)],
  );
}

function notHeadless(view: SetView, service: Service): Reason {
  const { name } = service.metadata;
  const ports = (service.spec.ports ?? [])
    .filter(({ protocol }) => protocol === undefined || protocol === 'TCP')
    .map(({ port, targetPort }) => `--tcp=${port}:${targetPort ?? port}`);
  return note(
    view,
    name,
    'service-not-headless',
    `serviceName names the Service ${name}, which is not headless (${
      service.spec.type === 'ExternalName' ? 'ExternalName' : `clusterIP ${service.spec.clusterIP ?? ''}`
    }): the pods have no names of their own in the DNS`,
    `Service ${name} is made again with clusterIP None, which can't be changed later`,
    [
      `delete service ${name}`,
      ['create service clusterip', name, '--clusterip=None', ...ports].join(' '),
      ...selecting(view, name),
    ],
  );
}

function selectsOthers(view: SetView, service: Service): Reason {
  const { name } = service.metadata;
  const selector = labelList(service.spec.selector ?? {});
  return note(
    view,
    name,
    'service-selector-mismatch',
    `the Service ${name} ${selector ? `selects ${selector}` : 'has no selector'}, and the pods have the labels ${labelList(
      view.set.spec.template.metadata?.labels ?? {},
    )}: they have no names in the DNS`,
    `the selector of Service ${name} matches the labels of the pods`,
    selecting(view, name),
  );
}

const hasRunning = ({ status }: Pod): boolean =>
  [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].some(({ state }) => state?.running);

/** Pods that look for each other before they are ready for the first time find nobody. */
function unpublished(world: World, view: SetView, service: Service): readonly Reason[] {
  if (service.spec.publishNotReadyAddresses === true) return [];
  const pods = view.unready.filter(
    (pod) => isStarted(pod) && hasRunning(pod) && !isTerminating(pod) && world.transition(pod, 'ready') === undefined,
  );
  if (pods.length === 0) return [];
  const { name } = service.metadata;
  const names = pods.map((pod) => `${pod.metadata.name}.${name}`);
  const patch = JSON.stringify({ spec: { publishNotReadyAddresses: true } });
  return [
    note(
      view,
      subjectOf(service).name,
      'not-ready-addresses',
      `${listed(names)} ${names.length > 1 ? 'are' : 'is'} not in the DNS while not ready: pods that look for each other before that find nobody`,
      `the pods are ready, or Service ${name} has publishNotReadyAddresses`,
      [`patch service ${name} -p ${quoted(patch)}`],
    ),
  ];
}
