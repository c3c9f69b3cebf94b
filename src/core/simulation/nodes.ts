/** How many nodes the cluster has by itself: node-1, node-2, … Nodes that the user made are not counted. */
import type { Node } from '../api/types';
import { nodeManifest, numberOf } from '../apiserver/nodes';
import type { Store } from '../apiserver/store';

export const MAX_NODES = 100;

/** The cluster's own nodes that are there. */
export function countNodes(store: Store): number {
  let count = 0;
  for (const node of store.list<Node>('nodes')) if (numberOf(node.metadata.name) !== undefined) count += 1;
  return count;
}

/** Makes those that are missing up to a number, and takes away those with a higher one. They join as every node does. */
export function setNodes(store: Store, wanted: number): void {
  const numbers = [...store.list<Node>('nodes')].flatMap(({ metadata }) => numberOf(metadata.name) ?? []);
  for (const number of numbers.sort((a, b) => b - a)) if (number > wanted) store.delete('nodes', '', `node-${number}`);
  for (let number = 1; number <= wanted; number++)
    if (!numbers.includes(number)) store.create<Node>(nodeManifest(number));
}
