/** `stsctl sim timeline`. */
import { CommandError } from '../../core/client/errors';
import { ALL_NAMESPACES, SELECTOR } from '../flags/common';
import { printPlain } from '../sim';
import { readSelection, type Selection } from '../timeline/selection';
import type { Context, Verb } from '../verb';

const FORMATS = ['json', 'yaml', 'events', 'svg', 'html'] as const;
type Format = (typeof FORMATS)[number] | '';

export const verb: Verb = {
  usage:
    'sim timeline [sts/NAME | pod/NAME ...] [-l SELECTOR] [-o json|yaml|events|svg|html] [--since=TIME] [--until=TIME] [-w]',
  long:
    'Draws pods over time: a row for each pod, the phases of its life one after the other, its revision by letter and colour. ' +
    'Pods that were made again under the same name share a row. Where nothing changes for long, time is drawn shorter.\n\n' +
    'With -o svg or -o html it writes one file that needs nothing else: html can be zoomed and lists which pods were ' +
    'not ready when, and why; both tell of revisions, claims and events. Warnings stay after their events have expired. "-o events" lists the transitions, a line each; "-o json" does so for programs.\n\n' +
    'Every namespace is shown unless one is named, or pods or StatefulSets are.',
  examples: `# Draw what happened so far
stsctl sim timeline

# One StatefulSet, or two pods
stsctl sim timeline sts/web
stsctl sim timeline pod/web-0 pod/web-1

# What wears a label, in every namespace
stsctl sim timeline -l app=web

# The last ten minutes, with times of day
stsctl sim timeline --since=10m --absolute

# Follow what happens
stsctl sim timeline sts/web --watch

# A page for a post-mortem
stsctl sim timeline -o html > timeline.html

# Every transition, a line each, or for a program
stsctl sim timeline -o events
stsctl sim timeline -o json`,
  flags: [
    {
      name: 'output',
      short: 'o',
      type: 'string',
      default: '',
      help: 'events, json or yaml for the transitions; svg or html for a picture. Without it, a drawing of characters.',
    },
    ALL_NAMESPACES,
    {
      ...SELECTOR,
      help: "Only pods whose labels match; of those that are gone, the labels of their StatefulSet's template. As in -l key1=value1,key2=value2.",
    },
    {
      name: 'since',
      type: 'string',
      default: '',
      help: 'Leave out what was before: a duration before now, such as 10m, or an instant in RFC 3339.',
    },
    { name: 'until', type: 'string', default: '', help: 'Leave out what came after; as --since.' },
    { name: 'watch', short: 'w', type: 'bool', default: 'false', help: 'Show what there is, then what happens.' },
    {
      name: 'absolute',
      type: 'bool',
      default: 'false',
      help: 'Mark the axis with times of day (UTC), not with the time since its beginning. A page has a button for it.',
    },
    {
      name: 'compress',
      type: 'bool',
      default: 'true',
      help: 'Draw the time shorter in which nothing changes for long.',
    },
    {
      name: 'width',
      type: 'int',
      default: '0',
      help: "Columns of the drawing; when 0 the terminal's, in a pipe those that COLUMNS says, or 100.",
    },
    {
      name: 'ascii',
      type: 'bool',
      default: 'false',
      help: 'Draw with ASCII characters only, as on a terminal whose locale is not UTF-8.',
    },
    { name: 'no-headers', type: 'bool', default: 'false', help: 'Leave out the header of -o events.' },
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const output = format(context);
  const width = context.flags.int('width');
  if (width !== 0 && (width < 20 || width > 10_000)) throw new CommandError('--width must be between 20 and 10000');
  const selection = await readSelection(context);
  if (context.flags.bool('watch')) {
    if (output !== '' && output !== 'events' && output !== 'json')
      throw new CommandError(`--watch cannot be used with --output ${output}`);
    const { follow } = await import('../timeline/follow');
    return follow(context, selection, output);
  }
  if (output === 'svg' || output === 'html' || output === '') return draw(context, selection, output);
  const { selectTransitions } = await import('../timeline/transitions');
  const events = await selectTransitions(context, selection);
  if (output === 'json' || output === 'yaml') return printPlain(context, output, events);
  if (events.length === 0) sayNothing(context);
  const { printEvents } = await import('../../render/timeline/events');
  context.io.out(printEvents(events, { noHeaders: context.flags.bool('no-headers') }));
}

async function draw(context: Context, selection: Selection, output: '' | 'svg' | 'html'): Promise<void> {
  const { readModel } = await import('../timeline/model');
  const model = await readModel(context, selection);
  if (output === 'html') {
    const { timelinePage } = await import('../../render/timeline/html');
    // A page goes to people who were not there: it tells times of day until one chooses otherwise.
    context.io.out(timelinePage(model, { ...pictureOptions(context), absolute: true }));
  } else if (output === 'svg') {
    const { timelineSvg } = await import('../../render/timeline/svg');
    context.io.out(timelineSvg(model, pictureOptions(context)));
  } else if (model.groups.length === 0) {
    sayNothing(context);
  } else {
    const { terminalOptions } = await import('../timeline/terminal');
    const { drawTimeline } = await import('../../render/timeline/terminal');
    context.io.out(drawTimeline(model, await terminalOptions(context)));
  }
}

function sayNothing({ io, flags, args }: Context): void {
  const isLimited = args.length > 0 || ['selector', 'since', 'until'].some((name) => flags.string(name) !== '');
  io.err(isLimited ? 'No pod transitions match.\n' : 'No pod transitions yet.\n');
}

const pictureOptions = ({ flags }: Context) => ({
  absolute: flags.bool('absolute'),
  trueScale: !flags.bool('compress'),
});

function format({ flags }: Context): Format {
  const output = flags.string('output');
  if (output === '') return '';
  const found = FORMATS.find((name) => name === output);
  if (!found) throw new CommandError(`--output must be one of: ${FORMATS.join(', ')}`);
  return found;
}
