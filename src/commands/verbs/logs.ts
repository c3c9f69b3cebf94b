/** `stsctl logs`. */
import { isNotFound } from '../../core/api/status';
import type { Pod } from '../../core/api/types';
import type { Info } from '../../core/client/builder';
import type { LogOptions } from '../../core/client/container-backend';
import { CommandError, isExpected } from '../../core/client/errors';
import { infosOf } from '../../core/client/fetch';
import { inTurn, type LogRequest, onceStarted, requestsFor } from '../../core/client/logs';
import { podsOf } from '../../core/client/pod-of';
import { goQuote } from '../../core/meta/gofmt';
import { SELECTOR } from '../flags/common';
import { containerFlag, findOne, runningTimeout, runningTimeoutOf } from '../pod-target';
import { durationOf, findObjects, usageError } from '../targets';
import type { Context, Verb } from '../verb';

const USAGE = 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]';
/** How many lines a selector shows of each container unless --tail says so. */
const SELECTED_TAIL = 10;

const off = (name: string, help: string, short?: string) =>
  ({ name, type: 'bool', default: 'false', help, ...(short && { short }) }) as const;

export const verb: Verb = {
  usage: USAGE,
  long: 'Prints what containers have printed.',
  examples: `# What web-0 has printed
stsctl logs web-0

# The last lines of every pod with a label, each with the name of its pod
stsctl logs -l app=nginx --prefix --tail=5

# Go on as more is printed; on the virtual clock, until nothing more would come
stsctl logs -f web-0 --timestamps

# The same of a pod that may take its time to start
stsctl logs -f web-0 --pod-running-timeout=2m

# What was printed in the last minute by every container of a pod
stsctl logs web-0 --all-containers --since=1m`,
  flags: [
    containerFlag('The container. Default: the one of the annotation default-container, else the first.'),
    off('all-containers', 'Of every container of the pods.'),
    off('all-pods', 'Of every pod of the object; sets --prefix.'),
    off('follow', 'Go on as more is printed.', 'f'),
    off('previous', 'Of the life of the container before this one.', 'p'),
    { ...SELECTOR },
    { name: 'tail', type: 'int', default: '-1', help: 'As many lines from the end; -1 for all, with -l for 10.' },
    { name: 'since', type: 'duration', default: '0s', help: 'Only what is newer than this, as in 5s, 2m or 3h.' },
    { name: 'since-time', type: 'string', default: '', help: 'Only what is newer than this date (RFC 3339).' },
    off('timestamps', 'Begin each line with its time.'),
    off('prefix', 'Begin each line with its pod and container.'),
    { name: 'limit-bytes', type: 'int', default: '0', help: 'At most so many bytes of each container.' },
    { name: 'max-log-requests', type: 'int', default: '5', help: 'How many containers may be followed at once.' },
    off('ignore-errors', 'Go on after a container whose log cannot be had.'),
    { ...off('insecure-skip-tls-verify-backend', ''), hidden: true },
    runningTimeout('20s'),
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags, io } = context;
  const options = optionsOf(context);
  const requests = await requestsOf(context);
  const show = (request: LogRequest, line: string): void =>
    io.out(flags.bool('prefix') || flags.bool('all-pods') ? `[pod/${request.pod}/${request.container}] ${line}` : line);
  const backend = await context.backend();
  const failed = (e: unknown): void => {
    if (!isExpected(e) || !flags.bool('ignore-errors')) throw e;
    io.out(`error: ${e.message}\n`);
  };
  const isMany = requests.length > 1 && options.follow === true;
  const limit = flags.int('max-log-requests');
  if (isMany && requests.length > limit)
    throw new CommandError(
      `you are attempting to follow ${requests.length} log streams, but maximum allowed concurrency is ${limit}, ` +
        'use --max-log-requests to increase the limit',
    );
  const patience = options.follow && {
    deadline: (await backend.now()) + runningTimeoutOf(context),
    waits: (why: string) => {
      io.err(`${why}\n`);
      return context.flushWhileWaiting();
    },
  };
  const streams = requests.map((request) => ({
    request,
    lines: patience
      ? onceStarted(backend, request, options, patience)
      : backend.logs(request.namespace, request.pod, { ...options, container: request.container }),
  }));
  for (const together of isMany ? [streams] : streams.map((stream) => [stream])) {
    try {
      for await (const { request, line } of inTurn(together)) {
        show(request, line);
        if (options.follow) await context.flushWhileWaiting();
      }
    } catch (e) {
      failed(e);
    }
  }
}

async function requestsOf(context: Context): Promise<LogRequest[]> {
  const { args, flags, io } = context;
  const [word = '', inline] = args;
  const wishes = {
    container: inline ?? flags.string('container'),
    allContainers: flags.bool('all-containers'),
    allPods: flags.bool('all-pods'),
    warn: (text: string) => io.err(text),
  };
  const timeoutMs = runningTimeoutOf(context);
  const selector = flags.string('selector');
  if (selector !== '') {
    const infos = infosOf(await findObjects(context, { args: ['pods'], selector }));
    if (infos.length === 0) io.err(`No resources found in ${context.namespace} namespace.\n`);
    return infos.flatMap(({ object }) => requestsFor(object as Pod, wishes));
  }
  const info = await findLogged(context, word);
  const pods = await podsOf(await context.backend(), info, {
    timeoutMs,
    action: 'cannot get the logs from',
    beforeWait: () => context.flushWhileWaiting(),
  });
  const [first] = pods;
  if (!first) return [];
  if (pods.length > 1 && !wishes.allPods) io.err(`Found ${pods.length} pods, using pod/${first.metadata.name}\n`);
  return (wishes.allPods ? pods : [first]).flatMap((pod) => requestsFor(pod, wishes));
}

/** The object that is named; that there is none is told with the namespace (as LogsOptions.Complete). */
async function findLogged(context: Context, word: string): Promise<Info> {
  try {
    return await findOne(context, word);
  } catch (error) {
    if (!(error instanceof Error) || !isNotFound(error)) throw error;
    throw new CommandError(`error from server (NotFound): ${error.message} in namespace ${goQuote(context.namespace)}`);
  }
}

function optionsOf(context: Context): Omit<LogOptions, 'container'> {
  const { args, flags } = context;
  const selector = flags.string('selector');
  if (args.length > 2 || (args.length === 0 && selector === ''))
    throw usageError(context, `expected '${USAGE}'.\nPOD or TYPE/NAME is a required argument for the logs command`);
  if (args.length === 1 && selector !== '') throw usageError(context, 'only a selector (-l) or a POD name is allowed');
  const sinceTime = sinceTimeOf(flags.string('since-time'));
  const since = durationOf(flags, 'since');
  const container = args[1] ?? flags.string('container');
  if (sinceTime !== undefined && since !== 0)
    throw new CommandError('at most one of `sinceTime` or `sinceSeconds` may be specified');
  if (flags.bool('all-containers') && container !== '')
    throw new CommandError(`--all-containers=true should not be specified with container name ${container}`);
  if (flags.changed('container') && args.length === 2)
    throw new CommandError('only one of -c or an inline [CONTAINER] arg is allowed');
  if (flags.int('limit-bytes') < 0) throw new CommandError('--limit-bytes must be greater than 0');
  if (since < 0) throw new CommandError('--since must be greater than 0');
  const tail = selector !== '' && !flags.changed('tail') ? SELECTED_TAIL : flags.int('tail');
  if (tail < -1) throw new CommandError('--tail must be greater than or equal to -1');
  return {
    follow: flags.bool('follow'),
    previous: flags.bool('previous'),
    timestamps: flags.bool('timestamps'),
    ...(tail !== -1 && { tailLines: tail }),
    ...(since !== 0 && { sinceSeconds: Math.round(since / 1000) }),
    ...(sinceTime !== undefined && { sinceTime }),
    ...(flags.int('limit-bytes') !== 0 && { limitBytes: flags.int('limit-bytes') }),
  };
}

/** ms since 1970. @throws CommandError as Go's time package refuses a text */
function sinceTimeOf(text: string): number | undefined {
  if (text === '') return undefined;
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  const shown = JSON.stringify(text);
  throw new CommandError(`parsing time ${shown} as "2006-01-02T15:04:05Z07:00": cannot parse ${shown} as "2006"`);
}
