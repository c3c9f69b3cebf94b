/** What the simulated registry answers for an image reference. */

/** A reference that contains `does-not-exist` can't be pulled. */
export const isPullable = (image: string): boolean => !image.includes('does-not-exist');

export const pullError = (image: string): string =>
  `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": not found`;

export const backOffMessage = (image: string): string => `Back-off pulling image "${image}"`;
