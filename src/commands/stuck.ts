/** A wait that came to its end because nothing more will happen: one line that says why. */
import { resourceKey } from '../core/api/resources';
import type { Info } from '../core/client/builder';
import type { Context } from './verb';

/**
 * Says on stderr what a StatefulSet waits for that does not end by itself. Only for waits without an end: where the user set one,
 * nothing is known of what would come after it.
 */
export async function tellStuck(context: Context, info: Info): Promise<void> {
  const { sim } = await context.backend();
  if (!sim || info.resource.kind !== 'StatefulSet') return;
  const { namespace, name } = info;
  const [told] = await sim.why([
    { kind: resourceKey(info.resource), ...(namespace !== undefined && { namespace }), name },
  ]);
  // The set may be gone by now: the wait's own words are enough then.
  if (!told || told instanceof Error) return;
  const { reasons, notes } = told;
  const [reason] = [...reasons.filter(({ endsAlone }) => !endsAlone), ...reasons, ...notes];
  if (!reason) return;
  const { program } = context.host;
  const where = namespace === undefined || namespace === 'default' ? '' : ` -n ${namespace}`;
  const { onOneLine } = await import('../render/escape');
  const message = onOneLine(reason.message);
  context.io.err(
    `${program}: nothing more will happen by itself: ${message}; see ${program} why statefulset/${name}${where}\n`,
  );
}
