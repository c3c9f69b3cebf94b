/**
 * `sim timeline --watch`: redrawn in place on a terminal, new transitions line by line elsewhere. As `get --watch`: on the wall
 * clock for ever, on the virtual clock until nothing further would change.
 */
import { findResources, type ResourceInfo } from '../../core/api/resources';
import { printEvents } from '../../render/timeline/events';
import { latestPods } from '../../render/timeline/latest';
import { drawTimeline } from '../../render/timeline/terminal';
import { requestTimeout } from '../session';
import { printPlain, simulation } from '../sim';
import type { Context } from '../verb';
import { Frame } from './frame';
import { readModel } from './model';
import { readRange, type Selection } from './selection';
import { terminalOptions } from './terminal';
import { transitionFilter } from './transitions';

/** On the wall clock rows grow although nothing happens: the drawing is looked at again after so long, ms. */
const FRAME_MS = 1000;

export async function follow(context: Context, selection: Selection, output: '' | 'events' | 'json'): Promise<void> {
  const { env, stdout } = context.host;
  // A dumb terminal can't be drawn over.
  if (output === '' && stdout.isTTY && env.TERM !== 'dumb') return followDrawing(context, selection);
  return followRows(context, selection, output === 'json');
}

async function followRows(context: Context, selection: Selection, json: boolean): Promise<void> {
  const { io, flags } = context;
  const sim = await simulation(context);
  // What comes is never before `--since`; that instant stays where it was at the beginning.
  const isWanted = transitionFilter(selection, readRange(context, (await sim.clock()).now));
  const withNamespace = selection.namespace === undefined;
  // Rows that come later are to stand below the first ones: times and events have their full widths from the beginning.
  const rememberedWidths = [27, 12];
  let noHeaders = flags.bool('no-headers');
  let seen = 0;
  const showNew = async (): Promise<void> => {
    const all = await sim.timeline();
    // Somebody began anew.
    if (all.length < seen) seen = 0;
    const rows = all.slice(seen).filter(isWanted);
    seen = all.length;
    if (rows.length === 0) return;
    if (json) for (const row of rows) await printPlain(context, 'json', row);
    else io.out(printEvents(rows, { noHeaders, withNamespace, rememberedWidths }));
    noHeaders = true;
  };
  await showNew();
  await io.flush();
  for await (const _ of await changes(context, selection, requestTimeout(flags))) {
    await showNew();
    await context.flushWhileWaiting();
  }
  await showNew();
}

async function followDrawing(context: Context, selection: Selection): Promise<void> {
  const { io, flags } = context;
  const sim = await simulation(context);
  const timeoutMs = requestTimeout(flags);
  const frame = new Frame();
  const show = async (): Promise<void> =>
    io.out(frame.next(await draw(context, selection), context.host.stdout.columns));
  await show();
  await io.flush();
  const { mode, now } = await sim.clock();
  if (mode === 'virtual') {
    for await (const _ of await changes(context, selection, timeoutMs));
    return show();
  }
  const end = timeoutMs === undefined ? Number.POSITIVE_INFINITY : now + timeoutMs;
  for (;;) {
    const left = end - (await sim.clock()).now;
    if (left <= 0) return;
    // Each look begins anew: what has happened meanwhile is in the timeline.
    for await (const _ of await changes(context, selection, Math.min(left, FRAME_MS))) break;
    await show();
    await io.flush();
  }
}

const changes = async (context: Context, { namespace }: Selection, timeoutMs: number | undefined) =>
  (await context.backend()).watch(findResources('pods') as ResourceInfo, namespace, {
    ...(timeoutMs !== undefined && { timeoutMs }),
  });

/** Rows of a screen from which there is room for a legend although there is none for all pods. */
const LEGEND_FROM = 16;

/** The drawing, as high as the terminal. */
async function draw(context: Context, selection: Selection): Promise<string> {
  const model = await readModel(context, selection, true);
  const options = await terminalOptions(context);
  if (model.groups.length === 0) return 'No pod transitions yet.\n';
  const screen = (context.host.stdout.rows ?? Number.POSITIVE_INFINITY) - 1;
  const dense = { legend: screen >= LEGEND_FROM };
  const drawn = (count: number): string => {
    const { model: part, left } = latestPods(model, count);
    return (
      drawTimeline(part, { ...options, dense }) + (left > 0 ? `and ${left} more pods that changed less lately\n` : '')
    );
  };
  const fits = (text: string): boolean => text.split('\n').length - 1 <= screen;
  const all = model.groups.reduce((sum, { lines }) => sum + lines.length, 0);
  let most = Math.min(all, screen);
  let best = all <= screen ? drawTimeline(model, options) : '';
  if (best !== '' && fits(best)) return best;
  best = drawn(most);
  if (fits(best)) return best;
  best = drawn(1);
  // The largest number that fits: with a pod may come the heading of its set.
  for (let least = 1; most - least > 1; ) {
    const count = Math.floor((least + most) / 2);
    const text = drawn(count);
    if (fits(text)) [least, best] = [count, text];
    else most = count;
  }
  return best;
}
