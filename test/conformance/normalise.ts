/** What is left of the recordings to compare: answers under the mask of `sim replay --mask`, and the order of the pods. */
export { comparable as normalise, type MaskedAnswer as Answer } from '../../src/commands/transcript/mask';

/** Cases in which the real cluster works on several pods at once: each pod's own history is compared. */
const CONCURRENT = /parallel|legacy|delete-variants|services|postgres|yaml-quirks|collection|endpoints/;

/** The order of pod transitions, comparable: runs of the same transition are sorted. */
export function normalisePodLog(name: string, text: string): string {
  let lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && line !== '--');
  // A restart stamps the template with the time of day: no two runs share that hash.
  if (/restart|postgres/.test(name)) lines = lines.map((line) => line.replace(/-[a-z0-9]{8,10}$/, '-<hash>'));
  if (CONCURRENT.test(name)) {
    const keyed = lines.map((line, i) => ({ pod: line.split(' ')[1] ?? '', i, line }));
    keyed.sort((a, b) => a.pod.localeCompare(b.pod) || a.i - b.i);
    return keyed.map(({ line }) => line).join('\n');
  }
  const out: string[] = [];
  let run: string[] = [];
  for (const line of lines) {
    if (run.length > 0 && run[0]?.split(' ')[0] !== line.split(' ')[0]) {
      out.push(...run.sort());
      run = [];
    }
    run.push(line);
  }
  return [...out, ...run.sort()].join('\n');
}
