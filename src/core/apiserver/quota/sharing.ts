/** One list for all objects that use the same, so that they are told apart by identity and added up together. */
import { printedList, type ResourceList } from '../../api/resource-list';

/** Beyond so many different ones they are forgotten. */
const MOST = 1_000;
const known = new Map<string, ResourceList>();

export function shared(usage: ResourceList): ResourceList {
  const text = printedList(usage);
  const found = known.get(text);
  if (found) return found;
  if (known.size >= MOST) known.clear();
  known.set(text, usage);
  return usage;
}
