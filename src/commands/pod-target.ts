/** `POD` or `TYPE/NAME`: the object that a command about containers names. */
import type { Pod } from '../core/api/types';
import type { Info } from '../core/client/builder';
import { CommandError } from '../core/client/errors';
import { infosOf } from '../core/client/fetch';
import { podsOf } from '../core/client/pod-of';
import type { FlagSpec } from './flags/spec';
import { durationOf, findObjects, readFiles, usageError } from './targets';
import type { Context } from './verb';

export const containerFlag = (help: string): FlagSpec => ({
  name: 'container',
  short: 'c',
  type: 'string',
  default: '',
  help,
});

export const runningTimeout = (value: string): FlagSpec => ({
  name: 'pod-running-timeout',
  type: 'duration',
  default: value,
  help: 'How long to wait until there is a pod at all, as in 5s, 2m or 3h; more than 0.',
});

/** `--pod-running-timeout` in ms. @throws CommandError */
export function runningTimeoutOf(context: Context): number {
  const timeout = durationOf(context.flags, 'pod-running-timeout');
  if (timeout <= 0) throw usageError(context, '--pod-running-timeout must be higher than zero');
  return timeout;
}

/** The one object that a word names: a pod, where it names no type. */
export async function findOne(context: Context, word: string): Promise<Info> {
  const files = word === '' ? await readFiles(context) : undefined;
  const args = word === '' ? [] : word.includes('/') ? [word] : ['pods', word];
  const entries = await findObjects(context, { args, ...(files && { files, latest: true }), selector: '' });
  const [info] = infosOf(entries);
  if (!info) throw usageError(context, 'expected a resource');
  return info;
}

/** The pod to attach to: the one that a word names, or the first of what has pods, waited for until there is one. @throws CommandError */
export async function onePod(
  context: Context,
  word: string,
  timeoutMs: number,
): Promise<{ readonly info: Info; readonly pod: Pod }> {
  const backend = await context.backend();
  const info = await findOne(context, word);
  const [pod] = await podsOf(backend, info, {
    timeoutMs,
    action: 'cannot attach to',
    beforeWait: () => context.flushWhileWaiting(),
  });
  if (!pod) throw new CommandError('timed out waiting for the condition');
  return { info, pod };
}
