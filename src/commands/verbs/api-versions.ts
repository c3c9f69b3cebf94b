/** `stsctl api-versions`. */
import { gvOf } from '../../core/api/resources';
import { usageError } from '../targets';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'api-versions',
  long: 'Lists the groups and versions that the cluster serves, one "group/version" a line.',
  examples: '# All groups and versions\nstsctl api-versions',
  flags: [],
  run: async (context) => {
    if (context.args.length > 0) throw usageError(context, `unexpected arguments: [${context.args.join(' ')}]`);
    const backend = await context.backend();
    const resources = await backend.resources();
    const served = resources.flatMap((r) =>
      [r.version, ...(r.otherVersions ?? [])].map((version) => gvOf({ ...r, version })),
    );
    const versions = new Set([...served, ...(backend.remote ? [] : ALSO_SERVED)]);
    context.io.out(
      [...versions]
        .sort()
        .map((version) => `${version}\n`)
        .join(''),
    );
  },
};

/** Served beside the preferred version of the same group. */
const ALSO_SERVED = ['autoscaling/v1'];
