/** Many versions of a text in one: every line once, and for each version which lines it has. */

export interface Pack {
  readonly lines: readonly string[];
  /** By the version's number: runs of lines, `[first, how many, first, how many, …]`. */
  readonly versions: Readonly<Record<string, readonly number[]>>;
}

export function packTexts(texts: ReadonlyMap<number, string>): Pack {
  const known = new Map<string, number>();
  const lines: string[] = [];
  const versions: Record<string, number[]> = {};
  for (const [number, text] of texts) {
    const runs: number[] = [];
    let next = -1;
    for (const line of text.split('\n')) {
      let at = known.get(line);
      if (at === undefined) {
        at = lines.push(line) - 1;
        known.set(line, at);
      }
      if (at === next) runs[runs.length - 1]++;
      else runs.push(at, 1);
      next = at + 1;
    }
    versions[number] = runs;
  }
  return { lines, versions };
}

/** The text of a version; undefined where the pack has none. */
export function unpackText({ lines, versions }: Pack, number: number): string | undefined {
  const runs = versions[number];
  if (!runs) return undefined;
  const text: string[] = [];
  for (let i = 0; i < runs.length; i += 2) text.push(...lines.slice(runs[i], runs[i] + runs[i + 1]));
  return text.join('\n');
}
