/** As much of a timeline as fits a screen: the pods that changed last. */
import type { Model, PodLine } from './types';

/** The model with at most so many pods, and how many were left out. */
export function latestPods(model: Model, count: number): { readonly model: Model; readonly left: number } {
  const lines = model.groups.flatMap((group) => group.lines);
  if (lines.length <= count) return { model, left: 0 };
  const changed = ({ spans }: PodLine): number => spans.at(-1)?.[spans.at(-1)?.open ? 'from' : 'to'] ?? 0;
  const kept = new Set([...lines].sort((a, b) => changed(b) - changed(a)).slice(0, Math.max(1, count)));
  const groups = model.groups
    .map((group) => ({ ...group, lines: group.lines.filter((line) => kept.has(line)) }))
    .filter((group) => group.lines.length > 0);
  return { model: { ...model, groups }, left: lines.length - kept.size };
}
