/** What the API server says beside its answers. A text is said once, as kubectl's warning writer does. */
import { type ResourceInfo, resourceKey } from '../../api/resources';
import type { Event, KubeObject } from '../../api/types';
import type { Cluster } from '../../simulation/cluster';

const DEPRECATED: Readonly<Record<string, string>> = {
  endpoints: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  componentstatuses: 'v1 ComponentStatus is deprecated in v1.19+',
};

/** Reasons of events that whoever is at the keyboard should know at once. */
const TELLING: ReadonlySet<string> = new Set(['StorageClassRegistered']);

export class Warnings {
  private readonly said = new Set<string>();

  constructor(private readonly onWarning: ((text: string) => void) | undefined) {}

  say(texts: readonly string[]): void {
    for (const text of texts) {
      if (this.said.has(text)) continue;
      this.said.add(text);
      this.onWarning?.(text);
    }
  }

  /** Every call about a deprecated kind is answered with a warning. */
  used(resource: ResourceInfo): void {
    const text = DEPRECATED[resourceKey(resource)] ?? resource.deprecations?.[resource.version];
    if (text !== undefined) this.say([text]);
  }

  created(resource: ResourceInfo): void {
    if (resource.simulated) return;
    this.say([`${resourceKey(resource)} are stored but not simulated: nothing acts on them`]);
  }

  /** Passes on what the cluster's controllers found worth a warning to the user. Returns how to stop. */
  listen(engine: Cluster): () => void {
    return engine.onEvent(({ type, object }) => {
      if (type === 'ADDED' && isEvent(object) && TELLING.has(object.reason)) this.say([object.message]);
    });
  }
}

const isEvent = (object: KubeObject): object is Event => object.kind === 'Event' && object.apiVersion === 'v1';
