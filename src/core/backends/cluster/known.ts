/** What a watcher has been shown: from it follows what changed while nobody watched (as a reflector's store and its Replace). */
import type { KubeObject } from '../../api/types';
import type { ListResult, WatchEvent } from '../../client/backend';

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

export class Known {
  private readonly objects = new Map<string, KubeObject>();
  /** Whether all objects are known, so that one that is not must be new. */
  private readonly isComplete: boolean;

  /** `listed` is what the list showed that the watch goes on from; absent where it is not known. */
  constructor(listed: readonly KubeObject[] | undefined) {
    this.isComplete = listed !== undefined;
    for (const object of listed ?? []) this.objects.set(keyOf(object), object);
  }

  /** Takes note of an event. False for one that was shown before. */
  take({ type, object }: WatchEvent): boolean {
    const key = keyOf(object);
    const old = this.objects.get(key);
    if (type === 'DELETED') {
      this.objects.delete(key);
      return true;
    }
    this.objects.set(key, object);
    return old === undefined || versionOf(old) !== versionOf(object) || old.metadata.uid !== object.metadata.uid;
  }

  /** What must have happened for a new list to be so: what is gone first, then what is there. Takes note of it. */
  catchUp({ items, table }: ListResult, sinceVersion: string): WatchEvent[] {
    const columns = table?.columns;
    const events: WatchEvent[] = [];
    const current = new Map(items.map((object) => [keyOf(object), object]));
    const gone = (object: KubeObject): WatchEvent => ({ type: 'DELETED', object });
    for (const [key, object] of this.objects)
      if (current.get(key)?.metadata.uid !== object.metadata.uid) events.push(gone(object));
    for (const [i, object] of items.entries()) {
      const old = this.objects.get(keyOf(object));
      const isSame = old?.metadata.uid === object.metadata.uid;
      if (old && isSame && versionOf(old) === versionOf(object)) continue;
      if (!old && !this.isComplete && !isNewer(object, sinceVersion)) continue;
      const row = table?.rows[i];
      const type = (old && isSame) || (!old && !this.isComplete) ? 'MODIFIED' : 'ADDED';
      events.push({ type, object, ...(row && { row }), ...(columns && { columns }) });
    }
    this.objects.clear();
    for (const [key, object] of current) this.objects.set(key, object);
    return events;
  }
}

const versionOf = (object: KubeObject): string | undefined => object.metadata.resourceVersion;

/** Versions are compared as numbers, which Kubernetes promises since 1.35; what can't be compared counts as newer. */
function isNewer(object: KubeObject, since: string): boolean {
  const version = versionOf(object) ?? '';
  if (!/^\d+$/.test(version) || !/^\d+$/.test(since)) return true;
  return BigInt(version) > BigInt(since);
}
