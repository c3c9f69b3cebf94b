/** `stsctl wait`. */

import { isNotFound } from '../../core/api/status';
import type { KubeObject } from '../../core/api/types';
import { type Info, objectName } from '../../core/client/builder';
import { timedOut, waitUntilGone } from '../../core/client/delete';
import { CommandError, forEach } from '../../core/client/errors';
import { type Entry, infosOf } from '../../core/client/fetch';
import { type Condition, parseCondition, waitForCondition } from '../../core/client/wait';
import { until } from '../../core/client/watching';
import { ALL_NAMESPACES, all, FIELD_SELECTOR, fileFlags, laterFlags, outputFlags, SELECTOR } from '../flags/common';
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
    ...fileFlags('Files that name what to wait for.').map((f) =>
      f.name === 'recursive' ? { ...f, default: 'true' } : f,
    ),
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
    ...laterFlags(['local']),
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
  if (conditions.length === 0) {
    await findTargets(context, { ...find(context, files) });
    throw new CommandError('unrecognized condition: []');
  }
  // Existence comes first, whatever the order on the command line.
  conditions.sort((a, b) => Number(b.kind === 'create') - Number(a.kind === 'create'));
  const timeout = durationOf(flags, 'timeout');
  const backend = await context.backend();
  const deadline = timeout === 0 ? undefined : (await backend.now()) + (timeout < 0 ? WEEK_MS : timeout);
  const waiting = spinner(context);
  try {
    for (const [i, condition] of conditions.entries()) {
      const last = i === conditions.length - 1;
      await waitFor(context, condition, files, deadline, {
        done: async (object) => {
          if (last) await printer.print(object, 'condition met');
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
  all: context.flags.bool('all'),
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
  await forEach(entries, async (entry) => {
    const [info] = infosOf([entry]);
    const beforeWait = (): Promise<void> => hooks.beforeWait(info);
    if (condition.kind === 'check')
      return hooks.done(await waitForCondition(backend, info, condition, { deadline, beforeWait }));
    const uid = info.object?.metadata.uid;
    if (deadline === undefined) {
      if (await exists(context, info)) throw new CommandError(`condition not met for ${objectName(info)}`);
    } else await waitUntilGone(backend, { info, uid }, deadline, beforeWait);
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

async function waitForCreation(
  context: Context,
  files: FileItems | undefined,
  deadline: number | undefined,
  hooks: Hooks,
): Promise<void> {
  const backend = await context.backend();
  const { targets } = await findTargets(context, find(context, files));
  await forEach(targets, async (target) => {
    if (target.kind === 'error') throw target.error;
    if (target.kind === 'list') {
      const { items } = await backend.list(target.resource, target.namespace, target);
      if (items.length === 0) throw new CommandError('no matching resources found');
      for (const item of items) await hooks.done(item);
      return;
    }
    const { info } = target;
    if (deadline === undefined) return hooks.done(await backend.get(info.resource, info.namespace, info.name));
    let found: KubeObject | undefined;
    const ended = await until(backend, info, { deadline, beforeWait: () => hooks.beforeWait(info) }, (object) => {
      found = object;
      return object !== undefined;
    });
    if (ended === 'timeout' || !found) throw timedOut(info);
    await hooks.done(found);
  });
}
