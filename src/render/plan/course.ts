/** The course of a plan: one line for each thing that happens, in order. */
import type { PlanAnswer } from '../../core/reports/plan';
import { PLAIN, type PlanPaint } from './paint';
import { after, shortened, table } from './words';

/** Longer courses are shown by their beginning and their end. */
const LINES = { most: 120, shown: 48 } as const;

const PODS: Readonly<Record<string, string>> = {
  create: 'is created',
  ready: 'becomes ready',
  unready: 'becomes unready',
  terminate: 'terminates',
  delete: 'is gone',
};

const CLAIMS: Readonly<Record<string, string>> = {
  create: 'is created',
  reuse: 'is reused',
  orphan: 'is orphaned',
  delete: 'is deleted',
};

interface Line {
  readonly time: string;
  readonly cells: readonly string[];
}

export function courseText(view: PlanAnswer, paint: PlanPaint = PLAIN): string {
  const { start = '' } = view;
  const lines = courseOf(view);
  if (lines.length === 0) return '';
  const missing = (count: number): Line => ({ time: '', cells: ['…', `${count} more`, '(-o json has them all)', ''] });
  const rows = shortened(lines, LINES, missing).map(({ time, cells }) => [time && after(time, start), ...cells]);
  const text = table([['WHEN', 'WHAT', '', 'REVISION', 'CLAIMS'], ...rows]);
  return text.replace(
    /^( +\S+ +\S+ +)(is created|becomes ready|becomes unready|terminates|is gone)/gm,
    (_, head, word) =>
      `${head}${paint(word === 'becomes ready' ? 'good' : word === 'becomes unready' ? 'bad' : 'faint', word)}`,
  );
}

const GONE = 'with its volume';

/** What becomes of the volumes whose claims go: a release is no end where the volume is deleted next. */
function fatesOf(volumes: NonNullable<PlanAnswer['volumes']>): ReadonlyMap<string, string> {
  const fates = new Map<string, string>();
  for (const { event, volume } of volumes)
    if (event === 'delete') fates.set(volume, GONE);
    else if (event === 'release' && !fates.has(volume)) fates.set(volume, 'its volume stays, with its data');
  return fates;
}

function courseOf({ transitions = [], claims = [], volumes = [] }: PlanAnswer): Line[] {
  const namespaces = new Set([...transitions, ...claims].map(({ namespace }) => namespace));
  const within = (namespace: string, name: string): string => (namespaces.size > 1 ? `${namespace}/${name}` : name);
  const taken = new Map<string, string[]>();
  const lines: Line[] = [];
  const fates = fatesOf(volumes);
  for (const { time, event, namespace, claim, pod, volume } of claims) {
    if (pod !== undefined && (event === 'create' || event === 'reuse')) {
      const key = `${time} ${namespace}/${pod}`;
      taken.set(key, [...(taken.get(key) ?? []), `${claim} ${event === 'create' ? 'created' : 'reused'}`]);
      continue;
    }
    const left = event === 'orphan' ? `left by ${pod}` : event === 'delete' && volume ? (fates.get(volume) ?? '') : '';
    lines.push({ time, cells: [`pvc/${within(namespace, claim)}`, CLAIMS[event] ?? event, '', left] });
  }
  for (const { time, event, volume, claim } of volumes) {
    // A volume that comes and goes with its claim is told with the claim.
    if (event === 'create' || (event === 'delete' && claim !== undefined)) continue;
    if (event === 'release' && fates.get(volume) === GONE) continue;
    lines.push({ time, cells: [`pv/${volume}`, event === 'release' ? 'is released' : 'is deleted', '', ''] });
  }
  const pods = transitions.map(({ time, event, namespace, pod, revision }) => {
    const claim = event === 'create' ? (taken.get(`${time} ${namespace}/${pod}`) ?? []).join(', ') : '';
    return { time, cells: [`pod/${within(namespace, pod)}`, PODS[event] ?? event, revision, claim] };
  });
  // Pods first: what becomes of their claims follows from what becomes of them.
  return [...pods, ...lines].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}
