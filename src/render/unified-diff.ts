/** Two texts as a unified difference, with three lines around each change, as `diff -u` writes it. */
import { structuredPatch } from 'diff';

export interface DiffSide {
  readonly path: string;
  readonly text: string;
}

/** Nothing for equal texts. `time` is what the two heading lines say behind the paths. */
export function unifiedDiff(before: DiffSide, after: DiffSide, time: string): string {
  if (before.text === after.text) return '';
  const { hunks } = structuredPatch(before.path, after.path, before.text, after.text, '', '', { context: 3 });
  const range = (start: number, lines: number): string => {
    // An empty range is told by the line before it.
    if (lines === 0) return `${start - 1},0`;
    return lines === 1 ? String(start) : `${start},${lines}`;
  };
  return [
    `--- ${before.path}\t${time}`,
    `+++ ${after.path}\t${time}`,
    ...hunks.flatMap((h) => [`@@ -${range(h.oldStart, h.oldLines)} +${range(h.newStart, h.newLines)} @@`, ...h.lines]),
    '',
  ].join('\n');
}
