/** What `stsctl sim` asks of the local cluster: its clock, its configuration, its history. */
import type { SimulationConfig } from '../../apiserver/config';
import type { ImportOptions, ImportReport, Reading } from '../../client/import/types';
import { formatDuration, parseDuration } from '../../meta/duration';
import type { ClockMode } from '../../reports/clock';
import type { DnsAnswer, RecordType } from '../../reports/dns';
import type { TimelineEvent, TimelineMark } from '../../reports/timeline';
import type { Cluster } from '../../simulation/cluster';
import { countNodes, MAX_NODES, setNodes } from '../../simulation/nodes';
import { type ClockVerbs, clockVerbs } from './clock-verbs';
import { SettingError } from './errors';
import { type FaultVerbs, faultVerbs } from './fault-verbs';
import type { RecordingStart } from './origin';
import type { Session } from './session';
import { budgetText, type PastVerbs, readBudget } from './undo';
import { type WhyVerbs, whyVerbs } from './why';

export interface SimulationVerbs extends WhyVerbs, ClockVerbs, FaultVerbs {
  timeline(): Promise<readonly TimelineEvent[]>;
  /** What happened beside the transitions, in order. */
  timelineMarks(): Promise<readonly TimelineMark[]>;
  /** Settings as the user writes them: `{ start: '1s', storage: 'lenient', … }`. */
  getConfig(): Promise<Readonly<Record<string, string>>>;
  /** Takes settings as the user writes them. Throws SettingError naming the one that it cannot take; none is taken then. */
  setConfig(patch: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>>;
  /** What a recording begins with. A cluster that is not a new one is copied to `keepAt`; answers whether it was. */
  beginRecording(keepAt: string): Promise<RecordingStart>;
  /** The clock of the cluster as last seen; undefined where it was not loaded. */
  clockMode(): ClockMode | undefined;
  /** The words for an error that nobody meant, where a state file that was edited by hand is its likely cause. */
  blamed(error: unknown): Error | undefined;
  /** Asks the cluster's DNS as a pod of the namespace would, with its search domains. */
  dns(name: string, type: RecordType, namespace: string): Promise<DnsAnswer>;
  /**
   * Takes over what was read elsewhere, as it is. A virtual clock that is behind is moved on to it first. @throws CommandError
   * where objects of another origin stand in the way
   */
  importObjects(reading: Reading, options?: ImportOptions): Promise<ImportReport>;
  /** Puts a new cluster in place of this one, also where the state file is damaged. */
  reset(): Promise<void>;
  /** Undo and snapshots; absent where a cluster is shared or only played. */
  readonly past?: PastVerbs;
}

export function simulationVerbs(session: Session, past?: PastVerbs): SimulationVerbs {
  return {
    ...(past && { past }),
    ...whyVerbs(session),
    ...clockVerbs(session),
    ...faultVerbs(session),
    timeline: async () => (await session.read()).timeline(),
    timelineMarks: async () => (await session.read()).timelineMarks(),
    getConfig: async () => describe(await session.read()),
    setConfig: async (patch) => {
      const { nodes, ...settings } = readSettings(patch);
      const engine = await session.write();
      if (Object.keys(settings).length > 0) engine.configure(settings);
      if (nodes !== undefined) setNodes(engine.store, nodes);
      engine.drain();
      session.touched();
      return describe(engine);
    },
    blamed: (error) => session.blamed(error),
    beginRecording: async (keepAt) => (await import('./origin')).beginRecording(session, keepAt),
    clockMode: () => session.clockMode,
    dns: async (name, type, namespace) => {
      const { resolve } = await import('../../kubelet/dns/ask');
      return resolve((await session.read()).store, name, type, namespace);
    },
    importObjects: async (reading, options) => {
      const { checkFree, instantOf, takeOver } = await import('./import');
      const engine = await session.write();
      checkFree(engine, reading, options);
      const instant = instantOf(reading);
      if (engine.clockMode === 'virtual' && instant > engine.now) await session.playTo(instant);
      const report = takeOver(engine, reading, options);
      session.touched();
      return report;
    },
    reset: () => session.reset(),
  };
}

function describe({ config, store }: Pick<Cluster, 'config' | 'store'>): Record<string, string> {
  return { ...settingsOf(config), nodes: String(countNodes(store)) };
}

function settingsOf({ start, stop, init, storage, seed, gates, undo }: SimulationConfig): Record<string, string> {
  const on = Object.entries(gates).map(([name, value]) => `${name}=${value}`);
  return {
    start: formatDuration(start),
    stop: formatDuration(stop),
    init: formatDuration(init),
    storage,
    seed: String(seed),
    ...(on.length > 0 && { gates: on.join(',') }),
    ...(undo !== undefined && { undo: budgetText(undo) }),
  };
}

function readSettings(patch: Readonly<Record<string, string>>): Partial<SimulationConfig> & { nodes?: number } {
  const settings: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(patch)) settings[name] = readSetting(name, value);
  return settings;
}

function readSetting(name: string, value: string): number | string {
  switch (name) {
    case 'start':
    case 'stop':
    case 'init':
      return readDuration(name, value);
    case 'storage':
      if (value === 'lenient' || value === 'strict') return value;
      throw new SettingError(`invalid value "${value}" for setting storage: must be lenient or strict`);
    case 'seed':
      if (/^\d{1,15}$/.test(value)) return Number(value);
      throw new SettingError(`invalid value "${value}" for setting seed: must be a whole number`);
    case 'nodes':
      if (/^\d{1,3}$/.test(value) && Number(value) >= 1 && Number(value) <= MAX_NODES) return Number(value);
      throw new SettingError(`invalid value "${value}" for setting nodes: must be a number from 1 to ${MAX_NODES}`);
    case 'undo':
      return readBudget(value);
    default:
      throw new SettingError(`unknown setting "${name}": must be one of start, stop, init, storage, seed, nodes, undo`);
  }
}

function readDuration(name: string, value: string): number {
  let ms: number;
  try {
    ms = parseDuration(value);
  } catch {
    throw new SettingError(`invalid value "${value}" for setting ${name}: must be a duration such as 500ms or 2s`);
  }
  if (ms >= 0) return ms;
  throw new SettingError(`invalid value "${value}" for setting ${name}: must not be negative`);
}
