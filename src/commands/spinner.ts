/** The spinner of a long wait: on a terminal only, and only once the wait has begun. */
import type { Progress } from '../render/progress';
import type { Context } from './verb';

const NONE: Progress = { update: () => {}, stop: () => {} };

/** A spinner on stderr, or one that does nothing in a pipe. */
export function spinner(context: Pick<Context, 'host'>): Progress {
  const { stderr, env } = context.host;
  if (!stderr.isTTY || !stderr.stream || env.TERM === 'dumb') return NONE;
  const stream = stderr.stream;
  let inner: Progress | undefined;
  let latest = '';
  let stopped = false;
  return {
    update(text) {
      latest = text;
      if (inner) inner.update(text);
      else
        void import('../render/progress').then(({ progress }) => {
          if (stopped || inner) return;
          inner = progress({ isTTY: true, stream }, !env.NO_COLOR);
          inner.update(latest);
        });
    },
    stop() {
      stopped = true;
      inner?.stop();
    },
  };
}
