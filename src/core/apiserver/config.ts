/** What `stsctl sim config` sets: how the simulated world behaves. Durations are ms. */

export interface SimulationConfig {
  /** From scheduling to running containers. */
  readonly start: number;
  /** From SIGTERM to the end of the containers, never longer than the grace period. */
  readonly stop: number;
  /** How long one init container runs. */
  readonly init: number;
  /** `lenient`: a claim that names a missing class is provisioned and the class registered; `strict`: it stays Pending. */
  readonly storage: 'lenient' | 'strict';
  /** Seed of every generated name, uid and address. */
  readonly seed: number;
  /** How many bytes what was before each command may take; 0 keeps nothing; 256 MiB unless given. */
  readonly undo?: number;
  /** Feature gates that differ from the defaults of 1.36.2. */
  readonly gates: Readonly<Record<string, boolean>>;
}

export const DEFAULT_CONFIG: SimulationConfig = {
  start: 1000,
  stop: 1000,
  init: 1000,
  storage: 'lenient',
  seed: 0,
  gates: {},
};
