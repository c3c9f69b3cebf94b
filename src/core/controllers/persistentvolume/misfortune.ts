/** Claims that a fault keeps from their volume: no volume is made for them, or theirs is gone until the fault is healed. */
import type { PersistentVolume, PersistentVolumeClaim } from '../../api/types';
import type { ControllerContext } from '../../apiserver/controller';
import { classOf } from './match';

const VOLUMES = 'persistentvolumes';
/** As the external provisioner's --retry-interval-start and --retry-interval-max. */
const FIRST_HOLD_MS = 1000;
const LAST_HOLD_MS = 300_000;

/** A try that is certain to fail again. */
export const PROVISION_TIMER = 'persistentvolume/provision';
/** A try that may go well. */
export const RETRY_TIMER = 'persistentvolume/retry';

interface Tries {
  readonly attempts: number;
  /** The next one, ms. */
  readonly at: number;
}

const triesKey = (uid: string): string => `persistentvolume/tries/${uid}`;
const LOST = 'persistentvolume/lost/';

export class Misfortune {
  constructor(private readonly context: ControllerContext) {}

  /** Why the claim gets no volume now; undefined when nothing keeps it. An empty text: the next try is still to come. */
  holdsBack(claim: PersistentVolumeClaim): string | undefined {
    const { faults, memory } = this.context;
    const key = triesKey(claim.metadata.uid);
    const tries = memory.get(key) as Tries | undefined;
    if (tries && this.context.now() < tries.at) return '';
    const attempts = tries?.attempts ?? 0;
    const blow = faults.pending(claim, attempts);
    if (!blow) {
      memory.delete(key);
      return undefined;
    }
    faults.struck(blow);
    const at = this.context.now() + Math.min(FIRST_HOLD_MS * 2 ** attempts, LAST_HOLD_MS);
    memory.set(key, { attempts: attempts + 1, at } satisfies Tries);
    const { namespace, name } = claim.metadata;
    this.context.schedule(at, blow.passes ? RETRY_TIMER : PROVISION_TIMER, `${namespace}/${name}`);
    const storageClass = classOf(claim);
    return storageClass === ''
      ? 'no persistent volumes available for this claim and no storage class is set'
      : `failed to provision volume with StorageClass "${storageClass}": rpc error: code = DeadlineExceeded desc = context deadline exceeded`;
  }

  /** A fault of the claim ended: a try that waits is made at once, or when its time has come if others are to fail no more. */
  ended(claim: PersistentVolumeClaim, isUsed: boolean): void {
    const { memory } = this.context;
    const key = triesKey(claim.metadata.uid);
    const tries = memory.get(key) as Tries | undefined;
    if (tries) {
      const { namespace, name } = claim.metadata;
      if (isUsed) this.context.schedule(tries.at, RETRY_TIMER, `${namespace}/${name}`);
      else memory.set(key, { ...tries, at: this.context.now() });
    }
    const lost = memory.get(LOST + claim.spec.volumeName) as PersistentVolume | undefined;
    if (!lost || lost.spec.claimRef?.uid !== claim.metadata.uid || this.context.faults.isLost(claim)) return;
    memory.delete(LOST + claim.spec.volumeName);
    if (!this.context.store.get(VOLUMES, '', lost.metadata.name)) this.context.store.storage.put(VOLUMES, lost);
  }

  /** Takes the claim's volume away where a fault says so; true when it did. */
  takesVolume(claim: PersistentVolumeClaim, volume: PersistentVolume): boolean {
    const { store, memory, faults } = this.context;
    if (!faults.isLost(claim)) return false;
    memory.set(LOST + volume.metadata.name, volume);
    store.storage.remove(VOLUMES, volume);
    return true;
  }

  forget(claim: PersistentVolumeClaim): void {
    const { memory } = this.context;
    if (memory.size === 0) return;
    memory.delete(triesKey(claim.metadata.uid));
    if (claim.spec.volumeName) memory.delete(LOST + claim.spec.volumeName);
  }
}
