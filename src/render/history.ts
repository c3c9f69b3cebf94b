/** `rollout history`: the list of revisions, and one revision in full. */
import type { PodTemplate } from '../core/api/types';
import { describePodTemplate } from './describe/pod-template';
import { DETAIL_STOPS, layOut } from './tabwriter';

export interface HistoryRow {
  readonly revision: number;
  /** Empty or absent reads `<none>`. */
  readonly changeCause?: string;
}

/**
 * The table of revisions, oldest first, under the name of what they belong to, an empty line at the end. `name` as
 * `-o name` prints it: `statefulset.apps/web`.
 */
export function printHistory(name: string, rows: readonly HistoryRow[]): string {
  if (rows.length === 0) return `${name} \nNo rollout history found.\n`;
  let text = 'REVISION\tCHANGE-CAUSE\n';
  for (const { revision, changeCause } of [...rows].sort((a, b) => a.revision - b.revision)) {
    text += `${revision}\t${changeCause || '<none>'}\n`;
  }
  return `${name} \n${layOut(text, DETAIL_STOPS)}\n`;
}

/** What stands in the place of a revision where there are none at all. */
export const printNoRevision = (name: string, revision: number): string =>
  `${name} with revision #${revision}\nNo rollout history found.\n`;

/** One revision (`--revision=N`), an empty line at the end. */
export function printRevision(name: string, revision: number, template: PodTemplate): string {
  return `${name} with revision #${revision}\n${describePodTemplate(template)}\n`;
}
