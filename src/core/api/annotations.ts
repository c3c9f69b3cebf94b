/** Annotations that both sides of the API know. */

/** In which client-side apply remembers what it applied. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
