/** What `stsctl sim` asks of the local cluster: its clock, its configuration, its history. */
import type { SimulationConfig } from '../../apiserver/config';
import type { DnsAnswer, RecordType } from '../../kubelet/network/types';
import { formatDuration, parseDuration } from '../../meta/duration';
import type { ClockMode } from '../../simulation/cluster';
import type { TimelineEvent } from '../../simulation/timeline';
import { SettingError } from './errors';
import type { Session } from './session';

export interface SimulationVerbs {
  clock(): Promise<{ readonly mode: ClockMode; readonly now: number }>;
  /** The cluster's time goes on from where it is. */
  setClock(mode: ClockMode): Promise<void>;
  /** Plays time forward by so many ms. */
  advance(ms: number): Promise<void>;
  /** Plays until nothing further would change on its own, at most ten minutes. */
  settle(): Promise<void>;
  timeline(): Promise<readonly TimelineEvent[]>;
  /** Settings as the user writes them: `{ start: '1s', storage: 'lenient', … }`. */
  getConfig(): Promise<Readonly<Record<string, string>>>;
  /** Takes settings as the user writes them. Throws SettingError naming the one that it cannot take; none is taken then. */
  setConfig(patch: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>>;
  /** Asks the cluster's DNS as a pod of the namespace would, with its search domains. */
  dns(name: string, type: RecordType, namespace: string): Promise<DnsAnswer>;
  /** Puts a new cluster in place of this one, also where the state file is damaged. */
  reset(): Promise<void>;
}

export function simulationVerbs(session: Session): SimulationVerbs {
  return {
    clock: async () => {
      const { clockMode, now } = await session.read();
      return { mode: clockMode, now };
    },
    setClock: async (mode) => {
      await session.write();
      session.setClock(mode);
    },
    advance: async (ms) => {
      await session.write();
      await session.advance(ms);
    },
    settle: async () => {
      await session.write();
      await session.settle();
    },
    timeline: async () => (await session.read()).timeline(),
    getConfig: async () => describe((await session.read()).config),
    setConfig: async (patch) => {
      const engine = await session.write();
      engine.configure(readSettings(patch));
      session.touched();
      return describe(engine.config);
    },
    dns: async (name, type, namespace) => {
      const { resolve } = await import('../../kubelet/dns/ask');
      return resolve((await session.read()).store, name, type, namespace);
    },
    reset: () => session.reset(),
  };
}

function describe({ start, stop, init, storage, seed, gates }: SimulationConfig): Record<string, string> {
  const on = Object.entries(gates).map(([name, value]) => `${name}=${value}`);
  return {
    start: formatDuration(start),
    stop: formatDuration(stop),
    init: formatDuration(init),
    storage,
    seed: String(seed),
    ...(on.length > 0 && { gates: on.join(',') }),
  };
}

function readSettings(patch: Readonly<Record<string, string>>): Partial<SimulationConfig> {
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
    default:
      throw new SettingError(`unknown setting "${name}": must be one of start, stop, init, storage, seed`);
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
