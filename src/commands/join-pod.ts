/** What `run -i` and `run --attach` do once the pod is created: wait for it, join its command, tell how it ended. */
import { isPodReady, isPodTerminal } from '../core/api/pod';
import { isNotFound, notFound } from '../core/api/status';
import type { Pod } from '../core/api/types';
import { mapResource } from '../core/client/builder';
import { CommandError, isExpected, PlainError } from '../core/client/errors';
import { until } from '../core/client/watching';
import { RECORDED } from './attached';
import { containerInput } from './container-input';
import type { Context } from './verb';

export interface Joining {
  readonly restart: string;
  /** Delete what was created, however it ends. */
  readonly remove: boolean;
  readonly timeoutMs: number;
  /** Whether a Service of the pod's name was created with it. */
  readonly services: boolean;
}

export async function joinPod(context: Context, pod: Pod, joining: Joining): Promise<void> {
  try {
    await join(context, pod, joining);
  } finally {
    if (joining.remove) await remove(context, pod, joining);
  }
}

async function join(context: Context, created: Pod, { restart, timeoutMs }: Joining): Promise<void> {
  const { flags, io } = context;
  const { namespace = '', name } = created.metadata;
  const isThere = (pod: Pod): boolean => isPodTerminal(pod) || (pod.status.phase === 'Running' && isPodReady(pod));
  await waitFor(context, created, timeoutMs, isThere);
  const backend = await context.backend();
  // A command that takes no time has ended by now.
  const pod = (await backend.get(await mapResource(backend, 'pods'), namespace, name)) as Pod;
  const container = pod.spec.containers[0]?.name ?? name;
  if (isPodTerminal(pod)) await showLog(context, pod, container);
  else {
    const quiet = flags.bool('quiet');
    if (!quiet) io.err(RECORDED);
    const { input } = await containerInput(context, quiet);
    try {
      await backend.attach(namespace, name, {
        container,
        ...(input && { input }),
        stdout: (bytes) => io.bytes('out', bytes),
        stderr: (bytes) => io.bytes('err', bytes),
      });
      // As kubectl's reattachMessage: only a pod that starts again can be joined again.
      if (!quiet && input?.kind === 'typed' && input.tty && restart === 'Always')
        io.out(
          `Session ended, resume using '${context.host.program} attach ${name} -c ${container} -n ${namespace} -i -t' command\n`,
        );
    } catch (e) {
      if (!isExpected(e)) throw e;
      io.err(`warning: couldn't attach to pod/${name}, falling back to streaming logs: ${e.message}\n`);
      await showLog(context, pod, container);
    }
  }
  if (flags.bool('leave-stdin-open') || restart === 'Always') return;
  const isOver = restart === 'OnFailure' ? ({ status }: Pod) => status.phase === 'Succeeded' : isPodTerminal;
  tellEnd(await waitFor(context, pod, timeoutMs, isOver));
}

async function showLog(context: Context, { metadata }: Pod, container: string): Promise<void> {
  const backend = await context.backend();
  for await (const line of backend.logs(metadata.namespace ?? '', metadata.name, { container })) context.io.out(line);
}

/** @throws PlainError with the exit code of the command */
function tellEnd({ metadata, status }: Pod): void {
  if (status.phase === 'Succeeded') return;
  const which = `pod ${metadata.namespace}/${metadata.name}`;
  const terminated = status.containerStatuses?.[0]?.state?.terminated;
  if (!terminated || terminated.exitCode === 0) throw new CommandError(`${which} failed with unknown exit code`);
  throw new PlainError(`${which} terminated (${terminated.reason})\n${terminated.message ?? ''}`, terminated.exitCode);
}

async function waitFor(
  context: Context,
  { metadata }: Pod,
  timeoutMs: number,
  holds: (pod: Pod) => boolean,
): Promise<Pod> {
  const backend = await context.backend();
  const resource = await mapResource(backend, 'pods');
  let last: Pod | undefined;
  const ended = await until(
    backend,
    { resource, namespace: metadata.namespace, name: metadata.name },
    { deadline: (await backend.now()) + timeoutMs, beforeWait: () => context.flushWhileWaiting() },
    (object) => {
      if (!object) throw notFound(resource, '');
      last = object as Pod;
      return holds(last);
    },
  );
  if (ended === 'timeout' || !last) throw new CommandError('timed out waiting for the condition');
  return last;
}

async function remove(context: Context, { metadata }: Pod, { services }: Joining): Promise<void> {
  const { flags, io } = context;
  const backend = await context.backend();
  for (const kind of services ? ['pods', 'services'] : ['pods']) {
    const resource = await mapResource(backend, kind);
    try {
      await backend.delete(resource, metadata.namespace, metadata.name, { propagationPolicy: 'Background' });
    } catch (e) {
      if (isNotFound(e)) continue;
      throw e;
    }
    if (!flags.bool('quiet'))
      io.out(`${resource.singular} "${metadata.name}" deleted from ${metadata.namespace} namespace\n`);
  }
}
