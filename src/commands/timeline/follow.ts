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
import { readModel } from './model';
import { readRange, type Selection } from './selection';
import { terminalOptions } from './terminal';
import { transitionFilter } from './transitions';

/** On the wall clock rows grow although nothing happens: the drawing is looked at again after so long, ms. */
const FRAME_MS = 1000;

export async function follow(context: Context, selection: Selection, output: '' | 'events' | 'json'): Promise<void> {
  if (output === '' && context.host.stdout.isTTY) return followDrawing(context, selection);
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
  const frame = new Frame(context, selection);
  await frame.show();
  await io.flush();
  const { mode, now } = await sim.clock();
  if (mode === 'virtual') {
    for await (const _ of await changes(context, selection, timeoutMs));
    return frame.show();
  }
  const end = timeoutMs === undefined ? Number.POSITIVE_INFINITY : now + timeoutMs;
  for (;;) {
    const left = end - (await sim.clock()).now;
    if (left <= 0) return;
    // Each look begins anew: what has happened meanwhile is in the timeline.
    for await (const _ of await changes(context, selection, Math.min(left, FRAME_MS))) break;
    await frame.show();
    await io.flush();
  }
}

const changes = async (context: Context, { namespace }: Selection, timeoutMs: number | undefined) =>
  (await context.backend()).watch(findResources('pods') as ResourceInfo, namespace, {
    ...(timeoutMs !== undefined && { timeoutMs }),
  });

/** A drawing that takes the place of the one before. */
class Frame {
  private lines = 0;
  private text = '';

  constructor(
    private readonly context: Context,
    private readonly selection: Selection,
  ) {}

  async show(): Promise<void> {
    const text = await this.draw();
    if (text === this.text) return;
    const back = this.lines > 0 ? `\u001b[${this.lines}A` : '';
    this.context.io.out(`${back}\u001b[J${text}`);
    this.text = text;
    this.lines = text.split('\n').length - 1;
  }

  private async draw(): Promise<string> {
    const model = await readModel(this.context, this.selection, true);
    const options = await terminalOptions(this.context);
    if (model.groups.length === 0) return 'No pod transitions yet.\n';
    const screen = (this.context.host.stdout.rows ?? Number.POSITIVE_INFINITY) - 1;
    let count = model.groups.reduce((sum, { lines }) => sum + lines.length, 0);
    for (;;) {
      const { model: part, left } = latestPods(model, count);
      const text = drawTimeline(part, options) + (left > 0 ? `and ${left} more pods that changed less lately\n` : '');
      const excess = text.split('\n').length - 1 - screen;
      if (excess <= 0 || count <= 1) return text;
      count = Math.max(1, count - excess);
    }
  }
}
