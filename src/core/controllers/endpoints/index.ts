/** The Endpoints controller: one Endpoints object a service with a selector (as endpoints_controller.go). */

import { HEADLESS_LABEL, isHeadless } from '../../api/endpoint-members';
import { ApiError } from '../../api/status';
import type { Endpoints, KubeObject, Service } from '../../api/types';
import type { Controller, ControllerContext } from '../../apiserver/controller';
import { SelectedServices } from '../../apiserver/selected-services';
import { resourceKey } from '../../apiserver/storage';
import type { StoreEvent } from '../../apiserver/watch';
import { deepEqual } from '../../meta/equal';
import { toTime } from '../../meta/time';
import { subsetsOf } from './subsets';

const MANAGED_BY = 'endpoints.kubernetes.io/managed-by';
const OVER_CAPACITY = 'endpoints.kubernetes.io/over-capacity';
const TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time';

export class EndpointsController implements Controller {
  readonly name = 'endpoints';
  private readonly services: SelectedServices;

  constructor(private readonly context: ControllerContext) {
    this.services = new SelectedServices(context);
  }

  start(): void {
    this.services.start();
  }

  observe(event: StoreEvent): void {
    if (this.services.observe(event) || resourceKey(event.resource) !== 'endpoints') return;
    // Somebody else's change of a derived object is put right.
    this.services.queue.add(`${event.object.metadata.namespace}/${event.object.metadata.name}`);
  }

  processNext(): boolean {
    const key = this.services.queue.take();
    if (key === undefined) return false;
    const at = key.indexOf('/');
    try {
      this.sync(key.slice(0, at), key.slice(at + 1));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    return true;
  }

  private sync(namespace: string, name: string): void {
    const { store } = this.context;
    const service = store.get<Service>('services', namespace, name);
    const present = store.get<Endpoints>('endpoints', namespace, name);
    if (!service) {
      if (present?.metadata.labels?.[MANAGED_BY]) store.delete('endpoints', namespace, name);
      return;
    }
    if (service.spec.type === 'ExternalName' || !service.spec.selector) return;
    const { subsets, truncated } = subsetsOf(service, this.services.pods(service));
    const labels = labelsFor(service);
    const sameSubsets = deepEqual(present?.subsets ?? [], subsets);
    const wasTruncated = present?.metadata.annotations?.[OVER_CAPACITY] !== undefined;
    if (present && sameSubsets && deepEqual(present.metadata.labels, labels) && wasTruncated === truncated) return;
    const { [OVER_CAPACITY]: _, ...annotations } = present?.metadata.annotations ?? {};
    const metadata = {
      ...present?.metadata,
      name,
      namespace,
      labels,
      annotations: {
        ...annotations,
        [TRIGGER_TIME]: toTime(this.context.now()),
        ...(truncated && { [OVER_CAPACITY]: 'truncated' }),
      },
    };
    const manifest = { apiVersion: 'v1', kind: 'Endpoints', metadata, ...(subsets.length > 0 && { subsets }) };
    if (present) store.update(manifest as KubeObject);
    else store.create(manifest);
  }
}

function labelsFor(service: Service): Readonly<Record<string, string>> {
  const { [HEADLESS_LABEL]: _, ...labels } = service.metadata.labels ?? {};
  return { ...labels, [MANAGED_BY]: 'endpoint-controller', ...(isHeadless(service) && { [HEADLESS_LABEL]: '' }) };
}
