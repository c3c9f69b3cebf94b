/** A host of which some parts are others, as a recording and a plan need one. */
import type { Host } from './index';

/**
 * The host with `own` in the place of its parts; undefined takes one away. What else it has is looked at when it is asked for:
 * some of it costs time, and some it has from another host. Copying its properties would do the one and lose the other.
 */
export const hostWith = (host: Host, own: { readonly [Part in keyof Host]?: Host[Part] | undefined }): Host =>
  Object.create(host, Object.getOwnPropertyDescriptors(own)) as Host;
