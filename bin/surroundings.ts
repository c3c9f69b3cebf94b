/** What variables say about a cluster: a value that makes no sense is refused, and not passed over. */
import { SettingError } from '../src/core/backends/local/errors';

export interface Surroundings {
  readonly clock?: 'wall' | 'virtual';
  readonly seed?: number;
}

/** @throws SettingError */
export function surroundings({ STSCTL_CLOCK: clock, STSCTL_SEED: seed }: NodeJS.ProcessEnv): Surroundings {
  if (seed && !/^\d{1,15}$/.test(seed))
    throw new SettingError(`invalid value ${JSON.stringify(seed)} of STSCTL_SEED: must be a whole number`);
  return { ...(clock && { clock: clockOf(clock) }), ...(seed && { seed: Number(seed) }) };
}

function clockOf(value: string): 'wall' | 'virtual' {
  if (value === 'wall' || value === 'virtual') return value;
  throw new SettingError(`invalid value ${JSON.stringify(value)} of STSCTL_CLOCK: must be wall or virtual`);
}
