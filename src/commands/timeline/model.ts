/** The model of the timeline that the command line asks for. */
import { timelineModel } from '../../render/timeline/model';
import type { Model } from '../../render/timeline/types';
import { simulation } from '../sim';
import type { Context } from '../verb';
import { readHistory } from './history';
import { readRange, type Selection } from './selection';
import { checkMissing } from './transitions';

/** @throws CommandError when a named pod or set was never seen, unless that may be */
export async function readModel(context: Context, selection: Selection, allowMissing = false): Promise<Model> {
  if (!allowMissing) checkMissing(selection, await (await simulation(context)).timeline());
  const history = await readHistory(context, selection.namespace);
  return timelineModel(history, { ...readRange(context, history.now), selects: selection.selects });
}
