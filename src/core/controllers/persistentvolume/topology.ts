/** Where a volume that is made for a node can be reached from (as external provisioners do with topology). */
import type { Node, StorageClass } from '../../api/types';

interface Term {
  readonly matchLabelExpressions?: readonly { readonly key: string; readonly values: readonly string[] }[];
}

/**
 * The node affinity of a volume: of a class that restricts where its volumes are made (`allowedTopologies`), the part of that
 * in which the node lies, such as its zone. Undefined where the class or the node says nothing of it.
 */
export function volumeAffinity(storageClass: StorageClass, node: Node | undefined): object | undefined {
  const labels = node?.metadata.labels ?? {};
  const terms = (storageClass.allowedTopologies ?? []) as readonly Term[];
  const fitting = terms.find(({ matchLabelExpressions = [] }) =>
    matchLabelExpressions.every(({ key, values }) => values.includes(labels[key] ?? '')),
  );
  const keys = fitting?.matchLabelExpressions?.map(({ key }) => key) ?? [];
  if (keys.length === 0) return undefined;
  const matchExpressions = keys.map((key) => ({ key, operator: 'In', values: [labels[key]] }));
  return { required: { nodeSelectorTerms: [{ matchExpressions }] } };
}
