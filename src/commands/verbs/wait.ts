/** `stsctl wait`. */

import { isNotFound } from '../../core/api/status';
import type { KubeObject } from '../../core/api/types';
import type { Backend } from '../../core/client/backend';
import { type Info, objectName, type Target } from '../../core/client/builder';
import { waitUntilGone } from '../../core/client/delete';
import { CommandError, forEach } from '../../core/client/errors';
import { type Entry, infosOf, listTarget } from '../../core/client/fetch';
import { type Condition, parseCondition, waitForCondition } from '../../core/client/wait';
import { until } from '../../core/client/watching';
import { ALL_NAMESPACES, all, FIELD_SELECTOR, fileFlags, outputFlags, SELECTOR } from '../flags/common';
import type { FileItems } from '../manifests/read';
import { OperationPrinter } from '../output/operations';
import { spinner } from '../spinner';
import { durationOf, findObjects, findTargets, readFiles } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage:
    'wait ([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for ' +
    "condition=available|--for=jsonpath='{}'[=value]]",
  long: 'Waits until every object meets a condition, or exists, or is gone.',
  examples: `# Until the pod is ready
stsctl wait --for=condition=Ready pod/web-0

# Until the set has three ready pods
stsctl wait --for=jsonpath='{.status.readyReplicas}'=3 sts/web --timeout=60s

# Until the pod is gone
stsctl delete pod web-0 --wait=false
stsctl wait --for=delete pod/web-0

# Until it exists and is ready
stsctl wait --for=create --for=condition=Ready pod/web-0`,
  flags: [
    ...fileFlags('Files that name what to wait for.')
      .filter((f) => f.name !== 'kustomize')
      .map((f) => (f.name === 'recursive' ? { ...f, default: 'true' } : f)),
    SELECTOR,
    FIELD_SELECTOR,
    all(),
    ALL_NAMESPACES,
    {
      name: 'for',
      type: 'array',
      help: "create, delete, condition=NAME[=VALUE] or jsonpath='{PATH}'[=VALUE]. Several are waited for one after another.",
    },
    {
      name: 'timeout',
      type: 'duration',
      default: '30s',
      help: 'How long to wait. 0 looks once; a negative value waits a week.',
    },
    ...outputFlags(),
    // kubectl has it, and leaves it without a meaning.
    { name: 'local', type: 'bool', default: 'false', help: '', hidden: true },
  ],
  run,
};

const WEEK_MS = 7 * 24 * 3600 * 1000;

async function run(context: Context): Promise<void> {
  const { flags } = context;
  const printer = await OperationPrinter.create(context, 'none');
  const files = await readFiles(context);
  const texts = flags.list('for');
  const conditions = texts.map((text) => parseCondition(text));
  if (conditions.length === 0) throw new CommandError('unrecognized condition: []');
  // Existence comes first, whatever the order on the command line.
  conditions.sort((a, b) => Number(b.kind === 'create') - Number(a.kind === 'create'));
  const timeout = durationOf(flags, 'timeout');
  const backend = await context.backend();
  const deadline = timeout === 0 ? undefined : (await backend.now()) + (timeout < 0 ? WEEK_MS : timeout);
  const waiting = spinner(context);
  try {
    for (const condition of conditions) {
      await waitFor(context, condition, files, deadline, {
        done: async (object) => {
          await printer.print(object, 'condition met');
        },
        beforeWait: async (info) => {
          await context.io.flush();
          waiting.update(`waiting for ${objectName(info)}: ${texts.join(', ')}`);
        },
      });
    }
  } finally {
    waiting.stop();
  }
}

const find = (context: Context, files: FileItems | undefined) => ({
  args: context.args,
  ...(files && { files }),
  allNamespaces: context.flags.bool('all-namespaces'),
  allowEmptySelector: context.flags.bool('all'),
});

interface Hooks {
  done(object: KubeObject): Promise<void>;
  beforeWait(info: Info): Promise<void>;
}

async function waitFor(
  context: Context,
  condition: Condition,
  files: FileItems | undefined,
  deadline: number | undefined,
  hooks: Hooks,
): Promise<void> {
  const backend = await context.backend();
  if (condition.kind === 'create') return waitForCreation(context, files, deadline, hooks);
  const all: readonly Entry[] = await findObjects(context, { ...find(context, files), latest: true });
  const entries = condition.kind === 'delete' ? all.filter((e) => !('error' in e && isNotFound(e.error))) : all;
  if (entries.length === 0 && condition.kind !== 'delete') throw new CommandError('no matching resources found');
  let late = false;
  await forEach(entries, async (entry) => {
    const [info] = infosOf([entry]);
    const beforeWait = (): Promise<void> => hooks.beforeWait(info);
    if (condition.kind === 'check')
      return hooks.done(await waitForCondition(backend, info, condition, { deadline, beforeWait }));
    const uid = info.object?.metadata.uid;
    if (deadline === undefined) {
      if (await exists(context, info)) throw new CommandError(`condition not met for ${objectName(info)}`);
    } else {
      // The time is that of all: once it has run out, the next object cannot even be asked for.
      if (late) throw new CommandError('client rate limiter Wait returned an error: context deadline exceeded');
      try {
        await waitUntilGone(backend, { info, uid }, deadline, beforeWait);
      } finally {
        late = (await backend.now()) >= deadline;
      }
    }
    await hooks.done(info.object as KubeObject);
  });
}

async function exists(context: Context, info: Info): Promise<boolean> {
  try {
    const { metadata } = await (await context.backend()).get(info.resource, info.namespace, info.name);
    return metadata.uid === info.object?.metadata.uid;
  } catch (e) {
    if (isNotFound(e)) return false;
    throw e;
  }
}

/** Waits until everything named exists, and until a selector finds something. */
async function waitForCreation(
  context: Context,
  files: FileItems | undefined,
  deadline: number | undefined,
  hooks: Hooks,
): Promise<void> {
  const backend = await context.backend();
  const { targets } = await findTargets(context, find(context, files));
  const late = (): CommandError => new CommandError('timed out waiting for the condition');
  await forEach(targets, async (target) => {
    if (target.kind === 'error') throw target.error;
    if (target.kind === 'list') {
      const found = await firstOf(backend, target, deadline, () => context.io.flush());
      if (found.length === 0) throw late();
      for (const object of found) await hooks.done(object);
      return;
    }
    const { info } = target;
    let found: KubeObject | undefined;
    await until(backend, info, { deadline: deadline ?? 0, beforeWait: () => hooks.beforeWait(info) }, (object) => {
      found = object;
      return object !== undefined;
    });
    if (!found) throw late();
    await hooks.done(found);
  });
}

/** What a selector finds, or the first object that it ever finds; nothing when the time is up. */
async function firstOf(
  backend: Backend,
  target: Extract<Target, { kind: 'list' }>,
  deadline: number | undefined,
  beforeWait: () => Promise<void>,
): Promise<readonly KubeObject[]> {
  const { resource, namespace } = target;
  const { items, resourceVersion } = await listTarget(backend, target);
  const timeoutMs = deadline === undefined ? 0 : deadline - (await backend.now());
  if (items.length > 0 || timeoutMs <= 0) return items;
  await beforeWait();
  const options = {
    resourceVersion,
    timeoutMs,
    ...(target.labelSelector !== undefined && { labelSelector: target.labelSelector }),
    ...(target.fieldSelector !== undefined && { fieldSelector: target.fieldSelector }),
  };
  for await (const { type, object } of backend.watch(resource, namespace, options))
    if (type !== 'DELETED') return [object];
  return [];
}
