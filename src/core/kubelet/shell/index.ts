/** The shell inside a pod. Built into a file of its own, which loads only where something is run. */
export { networkOf } from '../network';
export { exchange, speak, speechOf } from '../network/speak';
export { type FileLayout, type LayoutMount, openFiles } from './files';
export { Place, type PlaceSpec, type RunWish } from './place';
export { quote, runInContainer, type ShellOutcome, type ShellRequest } from './run';
export { type Completeness, completenessOf } from './typed';
export { UNIX_PROGRAMS } from './unix';
