/**
 * Makes the claims of generic ephemeral volumes: each is named after its pod and the volume, and belongs to the pod, with which
 * the garbage collector takes it away (as volume/ephemeral/controller.go).
 */
import { ephemeralTrouble, isTerminating } from '../../api/pod';
import type { Manifest, PersistentVolumeClaim, Pod, Volume } from '../../api/types';
import { type Controller, type ControllerContext, WorkQueue } from '../../apiserver/controller';
import { resourceKey } from '../../apiserver/storage';
import type { StoreEvent } from '../../apiserver/watch';

const COMPONENT = 'ephemeral_volume';
const CLAIMS = 'persistentvolumeclaims';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const hasEphemeral = (pod: Pod): boolean => pod.spec.volumes?.some((volume) => volume.ephemeral) ?? false;
const keyOf = ({ metadata: { namespace = '', name } }: Pod): string => `${namespace}/${name}`;

export class EphemeralVolumeController implements Controller {
  readonly name = 'ephemeral-volume';
  private readonly queue = new WorkQueue();
  /** Pods that lack a claim. Upstream tries again and again; here, when what may have been in the way has changed. */
  private refused: Set<string> | undefined;

  constructor(private readonly context: ControllerContext) {}

  observe(event: StoreEvent): void {
    switch (resourceKey(event.resource)) {
      case 'pods':
        if (event.type === 'ADDED' && hasEphemeral(event.object as Pod)) this.queue.add(keyOf(event.object as Pod));
        break;
      case CLAIMS: {
        if (event.type !== 'DELETED') return;
        const owner = event.object.metadata.ownerReferences?.find((reference) => reference.controller);
        const pod = owner?.kind === 'Pod' ? (this.context.store.byUid(owner.uid) as Pod | undefined) : undefined;
        if (pod) this.queue.add(keyOf(pod));
        this.again(event.object.metadata.namespace);
        break;
      }
      case 'resourcequotas':
      case 'limitranges':
        this.again(event.object.metadata.namespace);
        break;
    }
  }

  processNext(): boolean {
    const key = this.queue.take();
    if (key === undefined) return false;
    this.refused?.delete(key);
    const [namespace = '', name = ''] = key.split('/');
    const pod = this.context.store.get<Pod>('pods', namespace, name);
    if (pod && !isTerminating(pod)) this.provide(pod);
    return true;
  }

  private provide(pod: Pod): void {
    for (const volume of pod.spec.volumes ?? []) {
      const trouble = volume.ephemeral && this.claimFor(pod, volume);
      if (!trouble) continue;
      const message = `ephemeral volume ${volume.name}: ${trouble}`;
      this.context.recorder.event(pod, 'Warning', 'FailedBinding', message, COMPONENT);
      this.refused?.add(keyOf(pod));
      return;
    }
  }

  /** Sees to it that the volume has its claim. Says what is in the way, or nothing. */
  private claimFor(pod: Pod, { name: volume, ephemeral }: Volume): string | undefined {
    const { store } = this.context;
    const { namespace = '', name, uid } = pod.metadata;
    const claimName = `${name}-${volume}`;
    const claim = store.get<PersistentVolumeClaim>(CLAIMS, namespace, claimName);
    if (claim) return ephemeralTrouble(pod, claim);
    const { labels, annotations } = ephemeral?.volumeClaimTemplate?.metadata ?? {};
    const owner = { apiVersion: 'v1', kind: 'Pod', name, uid, controller: true, blockOwnerDeletion: true };
    const manifest: Manifest = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name: claimName,
        namespace,
        ...(labels && { labels }),
        ...(annotations && { annotations }),
        ownerReferences: [owner],
      },
      spec: ephemeral?.volumeClaimTemplate?.spec ?? {},
    };
    try {
      store.create(manifest);
      return undefined;
    } catch (error) {
      return `create PVC ${claimName}: ${messageOf(error)}`;
    }
  }

  private again(namespace: string | undefined): void {
    this.refused ??= this.lacking();
    for (const key of this.refused) if (key.startsWith(`${namespace}/`)) this.queue.add(key);
  }

  private lacking(): Set<string> {
    const { store } = this.context;
    const lacks = (pod: Pod): boolean =>
      (pod.spec.volumes ?? []).some(({ name, ephemeral }) => {
        if (!ephemeral) return false;
        const claim = store.get(CLAIMS, pod.metadata.namespace ?? '', `${pod.metadata.name}-${name}`);
        return !claim || ephemeralTrouble(pod, claim) !== undefined;
      });
    return new Set([...store.list<Pod>('pods')].filter((pod) => !isTerminating(pod) && lacks(pod)).map(keyOf));
  }
}
