/** What is broken in the simulated world just now, as controllers and the kubelet may ask. Who broke it is the simulation's business. */

export interface Faults {
  /** The node is cut off: its kubelet neither hears nor says anything, and what it ran is out of reach. */
  isNodeLost(node: string): boolean;
}

/** A fault that began or ended. */
export interface FaultChange {
  readonly target: 'pod' | 'image' | 'node' | 'claim' | 'volume' | 'api';
  /** Of what has one. */
  readonly namespace?: string;
  readonly name: string;
}

export const NO_FAULTS: Faults = { isNodeLost: () => false };
