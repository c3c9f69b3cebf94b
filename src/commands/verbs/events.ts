/** `stsctl events`. */
import type { Event } from '../../core/api/types';
import { mapResource } from '../../core/client/builder';
import { CommandError } from '../../core/client/errors';
import { humanDuration } from '../../core/meta/duration';
import { goSort } from '../../core/meta/go-sort';
import { typedJson } from '../../core/meta/typed-json';
import { escapeTerminal } from '../../render/escape';
import { layOut, TABLE_STOPS } from '../../render/tabwriter';
import { ALL_NAMESPACES, outputFlags } from '../flags/common';
import { mapKind } from '../kinds';
import { orderedEvent } from '../output/event-json';
import { checkTemplate, type Format, parseFormat, printStructured, withoutManagedFields } from '../output/format';
import { requestTimeout } from '../session';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'events [(-o|--output=)json|yaml|name|jsonpath=...] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]',
  long: 'Shows what happened, oldest first: of a namespace, of all namespaces, or to one object.',
  examples: `# The events of the namespace
stsctl events

# Those of every namespace
stsctl events --all-namespaces

# Those of one pod, and the ones to come
stsctl events --for pod/web-0 --watch

# Only warnings
stsctl events --types=Warning`,
  flags: [
    ...outputFlags(),
    ALL_NAMESPACES,
    { name: 'for', type: 'string', default: '', help: 'Only events of this object, as TYPE/NAME.' },
    { name: 'types', type: 'list', help: 'Only events of these types: Normal, Warning.' },
    { name: 'watch', short: 'w', type: 'bool', default: 'false', help: 'Show what there is, then every new event.' },
    { name: 'no-headers', type: 'bool', default: 'false', help: 'Leave out the header of the table.' },
    { name: 'chunk-size', type: 'int', default: '500', help: 'Taken for compatibility; lists always come whole.' },
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags, io } = context;
  const fieldSelector = await selectorFor(context);
  const format = parseFormat(flags, context.host);
  await checkTemplate(format);
  const types = flags.list('types').map((type) => type.toLowerCase());
  if (types.some((type) => type !== 'normal' && type !== 'warning'))
    throw new CommandError('valid --types are Normal or Warning');
  const backend = await context.backend();
  const resource = await mapResource(backend, 'events');
  const namespace = flags.bool('all-namespaces') ? undefined : context.namespace;
  const options = fieldSelector === undefined ? {} : { fieldSelector };
  const wanted = (event: Event): boolean => types.length === 0 || types.includes(event.type.toLowerCase());
  const listed = await backend.list(resource, namespace, options);
  const events = (listed.items as readonly Event[]).filter(wanted);
  const printer = printerFor(context, format);
  if (flags.bool('watch')) {
    for (const event of events) io.out(await printer([event], await backend.now()));
    await io.flush();
    const timeoutMs = requestTimeout(flags);
    const from = { ...options, resourceVersion: listed.resourceVersion, ...(timeoutMs !== undefined && { timeoutMs }) };
    for await (const { type, object } of backend.watch(resource, namespace, from)) {
      // Old events are forgotten after an hour: that is no news.
      if (type === 'DELETED' || !wanted(object as Event)) continue;
      io.out(await printer([object as Event], await backend.now()));
      await context.flushWhileWaiting();
    }
    return;
  }
  if (events.length === 0) {
    io.err(namespace === undefined ? 'No events found.\n' : `No events found in ${namespace} namespace.\n`);
    return;
  }
  const ordered = goSort([...events], (a, b) => timeOf(a) < timeOf(b));
  if (format.kind === 'human') return io.out(await printer(ordered, await backend.now()));
  // kubectl prints nothing here: its printer of names does not take these lists.
  if (format.kind === 'name') return;
  const list = { kind: 'EventList', apiVersion: 'v1', metadata: {}, items: ordered };
  if (format.kind === 'json') return io.out(jsonText({ ...list, items: ordered.map(shownEvent) }));
  io.out(await printStructured(format, list, flags.bool('allow-missing-template-keys')));
}

const shownEvent = (event: Event): object => orderedEvent(withoutManagedFields(event));

const jsonText = (value: object): string => `${typedJson(value, 4)}\n`;

/** `--for` as a field selector: the kind's name, not its group, decides. */
async function selectorFor(context: Context): Promise<string | undefined> {
  const word = context.flags.string('for');
  if (word === '') return undefined;
  const [type = '', name, ...more] = word.split('/');
  if (name === undefined) throw new CommandError('--for must be in resource/name form');
  if (more.length > 0) throw new CommandError('arguments in resource/name form may not have more than one slash');
  const { kind } = await mapKind(context, type);
  return name === '' ? undefined : `involvedObject.kind=${kind},involvedObject.name=${name}`;
}

type Print = (events: readonly Event[], now: number) => Promise<string>;

/** Prints the header with the first events only. Every print lays its columns out anew, as kubectl's writer does. */
function printerFor(context: Context, format: Format): Print {
  const { flags } = context;
  const all = flags.bool('all-namespaces');
  let headerDone = flags.bool('no-headers');
  let printed = 0;
  if (format.kind === 'human')
    return async (events, now) => {
      const header = headerDone ? '' : `${all ? 'NAMESPACE\t' : ''}LAST SEEN\tTYPE\tREASON\tOBJECT\tMESSAGE\n`;
      headerDone = true;
      return layOut(header + events.map((event) => row(event, all, now)).join(''), TABLE_STOPS);
    };
  return async (events) => {
    let text = '';
    for (const event of events) {
      if (format.kind === 'name') text += `event/${event.metadata.name}\n`;
      else if (format.kind === 'json') text += jsonText(shownEvent(event));
      else text += await printStructured(format, event, flags.bool('allow-missing-template-keys'), printed++ === 0);
    }
    return text;
  };
}

function row(event: Event, withNamespace: boolean, now: number): string {
  const cells = [
    seen(event, now),
    escapeCell(event.type),
    escapeCell(event.reason),
    `${escapeCell(event.involvedObject.kind ?? '')}/${escapeCell(event.involvedObject.name ?? '')}`,
    escapeCell(event.message.trim()),
  ];
  return `${(withNamespace ? [event.metadata.namespace, ...cells] : cells).join('\t')}\n`;
}

/** `3m (x4 over 10m)` for what happened several times. */
function seen(event: Event, now: number): string {
  const { count = 0 } = event;
  const series = seriesOf(event);
  const first = ago(event.eventTime || event.firstTimestamp, now);
  if (series) return `${ago(series.lastObservedTime, now)} (x${series.count} over ${first})`;
  return count > 1 ? `${ago(event.lastTimestamp, now)} (x${count} over ${first})` : first;
}

interface Series {
  readonly count: number;
  readonly lastObservedTime: string;
}

const seriesOf = (event: Event): Series | undefined =>
  'series' in event ? (event.series as Series | undefined) : undefined;

const ago = (time: string | null | undefined, now: number): string =>
  time ? humanDuration(now - Date.parse(time)) : '<unknown>';

/** What an event is sorted by; one without any time comes first. */
function timeOf(event: Event): number {
  const time = seriesOf(event)?.lastObservedTime || event.lastTimestamp || event.eventTime;
  return time ? Date.parse(time) : 0;
}

/** A cell ends at its first line break. */
function escapeCell(text: string): string {
  const end = text.search(/[\f\n\r]/);
  return escapeTerminal(end < 0 ? text : `${text.slice(0, end)}...`);
}
