/** The EndpointSlice controller: the pods of a service in slices of a hundred (as endpointslice_controller.go). */
import { ApiError } from '../../api/status';
import type { EndpointSlice, Service } from '../../api/types';
import type { Controller, ControllerContext } from '../../apiserver/controller';
import { SelectedServices } from '../../apiserver/selected-services';
import { resourceKey } from '../../apiserver/storage';
import type { StoreEvent } from '../../apiserver/watch';
import { MANAGED_BY, MANAGER, planSlices, SERVICE_NAME } from './plan';

const SLICES = 'endpointslices.discovery.k8s.io';

export class EndpointSliceController implements Controller {
  readonly name = 'endpointslice';
  private readonly services: SelectedServices;
  /** `namespace/service` -> names of its slices. */
  private readonly slices = new Map<string, Set<string>>();

  constructor(private readonly context: ControllerContext) {
    this.services = new SelectedServices(context);
  }

  start(): void {
    this.services.start();
    for (const slice of this.context.store.list<EndpointSlice>(SLICES)) this.note(slice, true);
  }

  observe(event: StoreEvent): void {
    if (this.services.observe(event) || resourceKey(event.resource) !== SLICES) return;
    const slice = event.object as EndpointSlice;
    const key = this.note(slice, event.type !== 'DELETED');
    if (key !== undefined) this.services.queue.add(key);
  }

  processNext(): boolean {
    const key = this.services.queue.take();
    if (key === undefined) return false;
    const at = key.indexOf('/');
    try {
      this.sync(key, key.slice(0, at), key.slice(at + 1));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    return true;
  }

  private sync(key: string, namespace: string, name: string): void {
    const { store } = this.context;
    const service = store.get<Service>('services', namespace, name);
    if (!service) return;
    const present: EndpointSlice[] = [];
    for (const sliceName of this.slices.get(key) ?? []) {
      const slice = store.get<EndpointSlice>(SLICES, namespace, sliceName);
      if (slice) present.push(slice);
    }
    if (service.spec.type === 'ExternalName' || !service.spec.selector) return;
    const plan = planSlices(service, this.services.pods(service), present, this.context.now());
    for (const slice of plan.remove) store.delete(SLICES, namespace, slice.metadata.name);
    for (const slice of plan.update) store.update(slice);
    for (const manifest of plan.create) store.create(manifest);
  }

  /** The service that a slice of ours belongs to. */
  private note(slice: EndpointSlice, exists: boolean): string | undefined {
    const { labels, name, namespace } = slice.metadata;
    const service = labels?.[SERVICE_NAME];
    if (service === undefined || labels?.[MANAGED_BY] !== MANAGER) return undefined;
    const key = `${namespace}/${service}`;
    let names = this.slices.get(key);
    if (!names) {
      names = new Set();
      this.slices.set(key, names);
    }
    if (exists) names.add(name);
    else names.delete(name);
    return key;
  }
}
