/** What the library throws beside ApiError, which is what the API server refuses. */

/** A text that is no manifest: no YAML, or no object. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
}

/** What was waited for did not come about in time, or never would. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}
