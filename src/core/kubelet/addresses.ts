/**
 * Pod addresses from 10.244.0.0/16, in turn: a pod that returns has another address than before. A cluster of more pods than
 * that network has room for goes on in the networks behind it, up to 10.255.0.0/16.
 */
import type { Pod } from '../api/types';
import type { ControllerContext } from '../apiserver/controller';

const FIRST_NETWORK = 244;
const LAST_NETWORK = 255;
const FIRST = 256 + 2;
const LAST = 65_534;
/** Addresses of one network: those that end in 0 or 255 are left out. */
const ROOM = 64_768;

export class PodAddresses {
  /** The addresses in use; read off the pods the first time. */
  private used: Set<string> | undefined;
  /** How many are in use, by network. */
  private readonly counts = new Map<number, number>();

  constructor(private readonly context: ControllerContext) {}

  /** Throws when all 777,000 addresses are taken. */
  allocate(): string {
    this.used ??= this.inUse();
    for (let network = FIRST_NETWORK; network <= LAST_NETWORK; network++) {
      if ((this.counts.get(network) ?? 0) >= ROOM) continue;
      const found = this.find(network, this.used);
      if (found === undefined) continue;
      this.take(this.used, found);
      return found;
    }
    throw new Error(`the pod networks 10.${FIRST_NETWORK}.0.0/16 to 10.${LAST_NETWORK}.0.0/16 have no address left`);
  }

  release(pod: Pod): void {
    const { podIP } = pod.status;
    if (podIP && this.used?.delete(podIP)) this.count(podIP, -1);
  }

  private find(network: number, used: ReadonlySet<string>): string | undefined {
    const counter = network === FIRST_NETWORK ? 'pod-address' : `pod-address/${network}`;
    for (let tries = 0; tries <= LAST; tries++) {
      const number = FIRST + (this.context.nextNumber(counter) % (LAST - FIRST));
      const candidate = `10.${network}.${number >> 8}.${number & 255}`;
      if ((number & 255) === 0 || (number & 255) === 255 || used.has(candidate)) continue;
      return candidate;
    }
    return undefined;
  }

  private inUse(): Set<string> {
    const used = new Set<string>();
    for (const pod of this.context.store.list<Pod>('pods')) if (pod.status.podIP) this.take(used, pod.status.podIP);
    return used;
  }

  private take(used: Set<string>, address: string): void {
    if (!used.has(address)) this.count(address, 1);
    used.add(address);
  }

  private count(address: string, by: 1 | -1): void {
    const network = Number(address.split('.', 2)[1]);
    this.counts.set(network, (this.counts.get(network) ?? 0) + by);
  }
}
