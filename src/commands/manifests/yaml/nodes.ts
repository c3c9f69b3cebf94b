/** The tree that a YAML document is before its scalars mean anything. */

export type Node = ScalarNode | ListNode | MapNode | AliasNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: string;
  /** Without quotes: what it means is told by how it looks. */
  readonly plain: boolean;
  /** In full (`tag:yaml.org,2002:int`), or empty. */
  readonly tag: string;
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly Node[];
}

export interface MapNode {
  readonly kind: 'map';
  /** A key more than once stands more than once. */
  readonly entries: readonly (readonly [key: Node, value: Node])[];
}

export interface AliasNode {
  readonly kind: 'alias';
  readonly name: string;
  readonly target: Node;
}
