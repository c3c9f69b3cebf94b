/** Faults: what the user breaks in the simulated world. */
export { isAnythingAffected } from './affected';
export { END_TIMER, FaultBook, type NewFault } from './book';
export { CALLERS, type Caller, CODES, COUNTED, FAULTS, type Fault, type FaultSpec, ONCE, type Target } from './types';
export { faultJson, lifeOf, targetOf, waitOf, whatOf } from './words';
