/** `stsctl rollout status`. */

import { CommandError } from '../../core/client/errors';
import { followRollout, TIMED_OUT } from '../../core/client/rollout/status';
import { eachRollout, revisionFlag, rolloutFlags } from '../rollout';
import { spinner } from '../spinner';
import { tellStuck } from '../stuck';
import { durationOf } from '../targets';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'rollout status (TYPE NAME | TYPE/NAME) [flags]',
  long: 'Follows a rollout until it is complete. With --watch=false it says where the rollout stands and returns.',
  examples: `# Wait for the update of StatefulSet web
stsctl rollout status statefulset/web

# At most a minute
stsctl rollout status sts/web --timeout=60s`,
  flags: [
    ...rolloutFlags(),
    { name: 'watch', short: 'w', type: 'bool', default: 'true', help: 'Follow the rollout to its end.' },
    { name: 'timeout', type: 'duration', default: '0s', help: 'How long to follow it; 0 means to the end.' },
    { name: 'revision', type: 'int', default: '0', help: 'The revision to show the status of; 0 for the latest.' },
  ],
  run: async (context) => {
    const { flags, io } = context;
    const revision = revisionFlag(flags, 'revision');
    const timeout = durationOf(flags, 'timeout');
    if (timeout < 0) throw new CommandError('--timeout must not be negative');
    const waiting = spinner(context);
    try {
      await eachRollout(context, async (info) => {
        const backend = await context.backend();
        const followed = followRollout(backend, info, {
          once: !flags.bool('watch'),
          revision,
          deadline: timeout === 0 ? undefined : (await backend.now()) + timeout,
          say: async ({ message, done }) => {
            waiting.update(message.trimEnd());
            io.out(message);
            if (!done) await context.flushWhileWaiting();
          },
        });
        await followed.catch(async (e) => {
          if (timeout === 0 && e instanceof CommandError && e.message === TIMED_OUT) await tellStuck(context, info);
          throw e;
        });
      });
    } finally {
      waiting.stop();
    }
  },
};
