/** Stands between whoever writes and the store: notes what is refused, and may change StatefulSets on their way in. */
import { ApiError } from '../../api/status';
import type { KubeObject, Manifest, StatefulSet } from '../../api/types';
import type { Store } from '../../apiserver/store';
import { mergePatch } from '../../meta/patch/merge-patch';
import type { Subject } from '../../reports/why';
import { type Remaking, remakingOf } from './for-life';

/** A write of the user that the API server would refuse. */
export interface Refusal {
  readonly subject: Subject;
  readonly error: ApiError;
  /** Fields of a StatefulSet that can't be changed, as paths (`spec.serviceName`); empty for other refusals. */
  readonly immutable: readonly string[];
  /** What it takes to have such a StatefulSet all the same. */
  readonly remaking?: Remaking;
}

/** What is different about the StatefulSets of a variant: a merge patch of their spec. */
export type SpecPatch = Readonly<Record<string, unknown>>;

export class Writes {
  readonly refusals: Refusal[] = [];
  /** StatefulSets that the user wrote, changed by it or not, as `namespace/name`. */
  readonly sets = new Set<string>();

  /** @param patch what every StatefulSet that is written gets on its way in */
  constructor(
    private readonly store: Store,
    private readonly patch?: SpecPatch,
  ) {
    const create = store.create.bind(store);
    const update = store.update.bind(store);
    const remove = store.delete.bind(store);
    store.create = ((manifest: Manifest, options?: Parameters<Store['create']>[1]) =>
      this.ask(manifest, () => create(this.changed(manifest), options))) as Store['create'];
    store.update = ((object: KubeObject, options?: Parameters<Store['update']>[1]) =>
      this.ask(object, () => update(this.changed(object), options))) as Store['update'];
    store.delete = ((...call: Parameters<Store['delete']>) =>
      this.ask(
        { kind: store.resource(call[0])?.kind ?? call[0], metadata: { namespace: call[1], name: call[2] } },
        () => remove(...call),
      )) as Store['delete'];
  }

  private ask<T>(written: { kind: string; metadata: { namespace?: string; name?: string } }, call: () => T): T {
    if (this.store.actor !== 'user') return call();
    if (written.kind === 'StatefulSet')
      this.sets.add(`${written.metadata.namespace ?? ''}/${written.metadata.name ?? ''}`);
    try {
      return call();
    } catch (error) {
      if (error instanceof ApiError) this.refusals.push(this.refusal(written, error));
      throw error;
    }
  }

  private changed<T extends { readonly kind: string }>(object: T): T {
    if (!this.patch || this.store.actor !== 'user' || object.kind !== 'StatefulSet') return object;
    return mergePatch(object, { spec: this.patch }) as T;
  }

  private refusal(
    written: { kind: string; metadata: { namespace?: string; name?: string } },
    error: ApiError,
  ): Refusal {
    const { namespace, name = '' } = written.metadata;
    const subject = { kind: written.kind, ...(namespace && { namespace }), name };
    const old = written.kind === 'StatefulSet' ? this.store.get('statefulsets.apps', namespace ?? '', name) : undefined;
    const isInvalid = error.reason === 'Invalid' && old !== undefined;
    const remaking = isInvalid ? remakingOf(this.store, written, old as StatefulSet) : undefined;
    return { subject, error, immutable: remaking?.fields ?? [], ...(remaking && { remaking }) };
  }
}
