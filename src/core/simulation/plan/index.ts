/** What would happen: a cluster's future after a command, as data. */

export type * from '../../reports/plan';
export type { EndTables } from './end-state';
export type { Explain } from './reasons';
export { type Ending, PlanRecorder } from './recorder';
