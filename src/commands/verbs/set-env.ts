/** `stsctl set env`. */
import type { Container, KubeObject } from '../../core/api/types';
import { type Info, objectName } from '../../core/client/builder';
import { type ContainersChange, changeContainers } from '../../core/client/containers';
import { CommandError, isExpected, throwAll } from '../../core/client/errors';
import { infosOf } from '../../core/client/fetch';
import {
  type EnvEdit,
  editedEnv,
  envFrom,
  envOf,
  parseEnv,
  referenceText,
  resolveReference,
  splitEnv,
} from '../../core/client/set-env';
import { dryRunOf, OperationPrinter, objectText } from '../output/operations';
import { objectsToSet, refuseAllWithSelector, sendChange, setFlags } from '../set';
import { checkLocal, findObjects, hasFiles } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'set env RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N',
  long:
    'Sets, removes or lists environment variables of containers in pods and in pod templates. A StatefulSet then rolls ' +
    'out the change.\n\nKEY=VALUE sets a variable, KEY- removes it, and - reads KEY=VALUE lines from standard input.',
  examples: `# Set a variable in all containers of a set
stsctl set env sts/web MODE=prod

# Remove it
stsctl set env sts/web MODE-

# Show the variables
stsctl set env sts/web --list

# Take every key of a ConfigMap, as in APP_LEVEL
stsctl create configmap app --from-literal=level=info
stsctl set env --from=configmap/app --prefix=APP_ sts/web

# Take variables from a file
printf 'MODE=test\\nDEBUG=1\\n' | stsctl set env sts/web -`,
  flags: [
    ...setFlags(),
    { name: 'env', short: 'e', type: 'array', help: 'A variable and its value, as in MODE=prod.' },
    { name: 'from', type: 'string', default: '', help: 'A ConfigMap or Secret whose keys become variables.' },
    { name: 'prefix', type: 'string', default: '', help: 'What to put before each name.' },
    { name: 'keys', type: 'list', help: 'Only these keys of --from.' },
    { name: 'list', type: 'bool', default: 'false', help: 'Show the variables, with the changes, and change nothing.' },
    { name: 'resolve', type: 'bool', default: 'false', help: 'With --list: show values that come from elsewhere.' },
    { name: 'overwrite', type: 'bool', default: 'true', help: 'Replace variables that have another value.' },
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags } = context;
  refuseAllWithSelector(context);
  const { resources, pairs } = splitEnv(context.args);
  const printer = await OperationPrinter.create(context, dryRunOf(context));
  checkLocal(context, dryRunOf(context));
  if (!hasFiles(flags) && resources.length === 0)
    throw new CommandError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  const list = flags.bool('list');
  if (list && flags.string('output') !== '')
    throw new CommandError('--list and --output may not be specified together');
  if (flags.list('keys').length > 0 && flags.string('from') === '')
    throw new CommandError('when specifying --keys, a configmap or secret must be provided with --from');
  const edit = await readEdit(context, [...flags.list('env'), ...pairs]);
  const infos = await objectsToSet(context, resources);
  const errors: unknown[] = [];
  for (const info of infos) {
    try {
      const change = changed(context, info, edit);
      if (change.chosen.length === 0)
        context.io.err(
          `Warning: ${info.resource.kind}/${info.name} does not have any containers matching ` +
            `${JSON.stringify(flags.string('containers'))}\n`,
        );
      if (list) await listEnv(context, info, change, edit);
      else if (Object.keys(change.patch).length > 0) {
        await sendChange(context, printer, info, change, {
          done: 'env updated',
          failed: 'env update to pod template:',
        });
        if (edit.set.length === 0 && pairs.length === 0)
          throw new CommandError('at least one environment variable must be provided');
      }
    } catch (e) {
      if (!isExpected(e)) throw e;
      if (!list) errors.push(e);
    }
  }
  throwAll(errors);
}

function changed({ flags }: Context, info: Info, edit: EnvEdit): ContainersChange {
  let refused: Error | undefined;
  try {
    return changeContainers(info, flags.string('containers'), (container) => {
      try {
        return editedEnv(container, edit, flags.bool('overwrite'));
      } catch (e) {
        if (e instanceof Error) refused = e;
        throw e;
      }
    });
  } catch (e) {
    if (!isExpected(e)) throw e;
    if (!flags.bool('local')) throw new CommandError(`error: ${objectName(info)} ${e.message}\n`);
    const name = objectText(info.object as KubeObject);
    throw new CommandError(`error: ${name}${e === refused ? '\n' : ''} ${e.message}\n`);
  }
}

async function readEdit(context: Context, specs: readonly string[]): Promise<EnvEdit> {
  const { flags, host } = context;
  const edit = await parseEnv(specs, async () => new TextDecoder().decode(await host.readStdin(STDIN_LIMIT)));
  const from = flags.string('from');
  const sources = from === '' ? [] : infosOf(await findObjects(context, { args: [from], latest: true }));
  const taken = sources.flatMap((info) => envFrom(info.object as KubeObject, flags.list('keys')));
  for (const { name, valueFrom } of taken) {
    const key = valueFrom?.configMapKeyRef?.key ?? valueFrom?.secretKeyRef?.key;
    if (key !== undefined && key !== name) context.io.err(`Warning: key ${key} transferred to ${name}\n`);
  }
  const prefix = flags.string('prefix');
  return { ...edit, set: [...edit.set, ...taken].map((e) => ({ ...e, name: prefix + e.name })) };
}

const STDIN_LIMIT = 1024 * 1024;

/** The variables of the chosen containers as they would be. */
async function listEnv(context: Context, info: Info, change: ContainersChange, edit: EnvEdit): Promise<void> {
  for (const container of change.chosen) {
    context.io.out(`# ${info.resource.kind} ${info.name}, container ${container.name}\n`);
    await listContainer(context, info, editedEnv(container, edit, true));
  }
}

async function listContainer(context: Context, info: Info, container: Container): Promise<void> {
  const { io, flags } = context;
  const failures = new Map<string, string[]>();
  for (const { name, value = '', valueFrom } of envOf(container)) {
    if (!valueFrom) {
      io.out(`${name}=${value}\n`);
      continue;
    }
    try {
      if (!flags.bool('resolve')) throw new CommandError('');
      const object = info.object as KubeObject;
      const backend = await context.backend();
      io.out(`${name}=${await resolveReference(backend, context.namespace, valueFrom, object, container)}\n`);
    } catch (e) {
      if (!isExpected(e)) throw e;
      io.out(`# ${name} from ${referenceText(valueFrom)}\n`);
      if (e.message !== '') failures.set(e.message, [...(failures.get(e.message) ?? []), name]);
    }
  }
  for (const [why, names] of failures) io.err(`error retrieving reference for ${names.join(',')}: ${why}\n`);
}
