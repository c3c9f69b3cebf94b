/** Pod addresses from 10.244.0.0/16, in turn: a pod that returns has another address than before. */
import type { Pod } from '../api/types';
import type { ControllerContext } from '../apiserver/controller';

const FIRST = 256 + 2;
const LAST = 65_534;

export class PodAddresses {
  /** The addresses in use; read off the pods the first time. */
  private used: Set<string> | undefined;

  constructor(private readonly context: ControllerContext) {}

  /** Throws when all 65,000 addresses are taken. */
  allocate(): string {
    this.used ??= this.inUse();
    for (let tries = 0; tries <= LAST; tries++) {
      const number = FIRST + (this.context.nextNumber('pod-address') % (LAST - FIRST));
      const candidate = `10.244.${number >> 8}.${number & 255}`;
      if ((number & 255) === 0 || (number & 255) === 255 || this.used.has(candidate)) continue;
      this.used.add(candidate);
      return candidate;
    }
    throw new Error('the pod network 10.244.0.0/16 has no address left');
  }

  release(pod: Pod): void {
    if (pod.status.podIP) this.used?.delete(pod.status.podIP);
  }

  private inUse(): Set<string> {
    const used = new Set<string>();
    for (const pod of this.context.store.list<Pod>('pods')) if (pod.status.podIP) used.add(pod.status.podIP);
    return used;
  }
}
