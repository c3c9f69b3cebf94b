/** `stsctl describe`. */
import { isNotFound } from '../../core/api/status';
import type { KubeObject } from '../../core/api/types';
import { type Info, mapResource } from '../../core/client/builder';
import { CommandError, isExpected, PlainError, throwAll } from '../../core/client/errors';
import { infoOf, infosOf, listTarget } from '../../core/client/fetch';
import { lookUp } from '../describe/related';
import { ALL_NAMESPACES, fileFlags, SELECTOR } from '../flags/common';
import { findObjects, hasFiles, readFiles } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'describe (-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)',
  long: 'Shows objects in detail, with what belongs to them and the latest events. A name may be cut short.',
  examples: `# A StatefulSet
stsctl describe statefulset web

# All pods whose name begins with web
stsctl describe pod web

# Pods by label
stsctl describe pods -l app=nginx`,
  flags: [
    ...fileFlags('Files that name what to describe.'),
    SELECTOR,
    ALL_NAMESPACES,
    {
      name: 'show-events',
      type: 'bool',
      default: 'true',
      help: 'Show the events about the object. By default only when there is one, named in full.',
    },
    { name: 'chunk-size', type: 'int', default: '500', help: 'Taken for compatibility; lists always come whole.' },
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { args, flags, io } = context;
  if (args.length === 0 && !hasFiles(flags))
    throw new CommandError(
      'You must specify the type of resource to describe. Use "stsctl api-resources" for a complete list of supported resources.\n',
    );
  const files = await readFiles(context);
  const entries = await findObjects(context, {
    args,
    ...(files && { files }),
    allowEmptySelector: true,
    allNamespaces: flags.bool('all-namespaces'),
  });
  const errors = entries.flatMap((e) => ('error' in e ? [e.error] : []));
  if (errors.length === 1 && isNotFound(errors[0]) && args.length === 2) return describeMatching(context, errors[0]);
  const infos = infosOf(entries.filter((e) => 'info' in e));
  const texts: string[] = [];
  const events = showEvents(context, infos.length === 1 && errors.length === 0);
  for (const info of infos) {
    try {
      texts.push(await describeOne(context, info, events));
    } catch (e) {
      if (!isExpected(e)) throw e;
      errors.push(e);
    }
  }
  io.out(texts.join('\n\n'));
  if (infos.length === 0 && errors.length === 0)
    io.err(
      flags.bool('all-namespaces') ? 'No resources found\n' : `No resources found in ${context.namespace} namespace.\n`,
    );
  // One or several, kubectl hands them on as several: without the word that goes before a single one.
  throwAll(errors.map((e) => (e instanceof CommandError ? new PlainError(e.message) : e)));
}

/** The flag where it is given. */
const showEvents = ({ flags }: Context, byDefault: boolean): boolean =>
  flags.changed('show-events') ? flags.bool('show-events') : byDefault;

/** There is no such name: everything whose name begins so (as DescribeMatchingResources). */
async function describeMatching(context: Context, original: Error): Promise<void> {
  const [type, prefix] = context.args;
  const backend = await context.backend();
  const resource = await mapResource(backend, type);
  const namespace = resource.namespaced ? context.namespace : undefined;
  const { items } = await listTarget(backend, { kind: 'list', resource, namespace });
  const matching = items.filter((item) => item.metadata.name.startsWith(prefix));
  if (matching.length === 0) throw original;
  const events = showEvents(context, false);
  for (const item of matching) context.io.out(`${await describeOne(context, infoOf(resource, item), events)}\n`);
}

async function describeOne(context: Context, info: Info, events: boolean): Promise<string> {
  const backend = await context.backend();
  const object = info.source
    ? await backend.get(info.resource, info.namespace, info.name)
    : (info.object as KubeObject);
  const { describe } = await import('../../render/describe');
  const related = await lookUp(backend, object, events);
  return describe(object, related, await backend.now());
}
