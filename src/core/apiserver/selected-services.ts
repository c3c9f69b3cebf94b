/**
 * Which services a change of a pod or service concerns, for the controllers of the objects that are derived from both.
 * Services are kept by namespace, so that a pod's event costs a look at its namespace's selectors.
 */
import type { KubeObject, Labels, Pod, Service } from '../api/types';
import { type ControllerContext, WorkQueue } from './controller';
import { resourceKey } from './storage';
import type { StoreEvent } from './watch';

type Selectors = Map<string, Labels>;

export class SelectedServices {
  readonly queue = new WorkQueue();
  /** Namespace -> service -> selector. */
  private readonly selectors = new Map<string, Selectors>();

  constructor(private readonly context: ControllerContext) {}

  start(): void {
    for (const service of this.context.store.list<Service>('services')) this.note(service);
  }

  /** Queues `namespace/name` of every service that the event concerns; true when it was about a service or a pod. */
  observe(event: StoreEvent): boolean {
    switch (resourceKey(event.resource)) {
      case 'services':
        if (event.type === 'DELETED')
          this.selectors.get(event.object.metadata.namespace ?? '')?.delete(event.object.metadata.name);
        else this.note(event.object as Service);
        this.queue.add(keyOf(event.object));
        return true;
      case 'pods':
        this.observePod(event);
        return true;
      default:
        return false;
    }
  }

  /** The pods that a service selects, in the order of their creation. */
  *pods(service: Service): Iterable<Pod> {
    const { selector } = service.spec;
    if (!selector) return;
    for (const pod of this.context.store.list<Pod>('pods', service.metadata.namespace)) {
      if (selects(selector, pod.metadata.labels)) yield pod;
    }
  }

  private observePod(event: StoreEvent): void {
    const pod = event.object as Pod;
    const old = event.old as Pod | undefined;
    const selectors = this.selectors.get(pod.metadata.namespace ?? '');
    if (!selectors || (event.type === 'MODIFIED' && old && !matters(old, pod))) return;
    const relabelled = old !== undefined && old.metadata.labels !== pod.metadata.labels;
    for (const [name, selector] of selectors) {
      if (selects(selector, pod.metadata.labels) || (relabelled && selects(selector, old.metadata.labels))) {
        this.queue.add(`${pod.metadata.namespace}/${name}`);
      }
    }
  }

  private note(service: Service): void {
    const { namespace = '', name } = service.metadata;
    let selectors = this.selectors.get(namespace);
    if (!selectors) {
      selectors = new Map();
      this.selectors.set(namespace, selectors);
    }
    const { selector } = service.spec;
    if (selector && Object.keys(selector).length > 0) selectors.set(name, selector);
    else selectors.delete(name);
  }
}

const keyOf = (object: KubeObject): string => `${object.metadata.namespace}/${object.metadata.name}`;

function selects(selector: Labels, labels: Labels | undefined): boolean {
  if (!labels) return false;
  for (const key in selector) if (labels[key] !== selector[key]) return false;
  return true;
}

/** Whether an address or its state may have changed (as podEndpointsChanged). */
function matters(old: Pod, pod: Pod): boolean {
  return (
    old.status !== pod.status ||
    old.metadata.labels !== pod.metadata.labels ||
    old.spec !== pod.spec ||
    old.metadata.deletionTimestamp !== pod.metadata.deletionTimestamp
  );
}
