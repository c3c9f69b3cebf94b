/** The axis of a picture, and the lines that go down from it. */
import { type Frame, fitting, frameOf, type View, widthOf, xAt } from './frame';
import { shortened } from './plain';
import type { Scale } from './scale';
import { label, type Picture, type Shape, upright } from './shapes';
import { beginnings, instantText, labelsOf, ticksOf } from './ticks';
import type { Model } from './types';

/** Heights of the axis with one line of labels, and of each further one, px. */
const AXIS = 26;
const AXIS_LINE = 14;

/** The axis, to be set above. */
export function drawAxis(model: Model, scale: Scale, view: View): Picture {
  const frame = frameOf(model, scale, view);
  const marks = axisMarks(frame);
  const start = instantText(model.from);
  // The same at each look, so that nothing moves up and down.
  const height = AXIS + (scale.pieces.some(({ quiet }) => quiet) ? AXIS_LINE : 0);
  const shapes: Shape[] = [
    label(
      'dim name',
      8,
      height - 9,
      shortened(view.absolute ? `${start.slice(0, 10)} UTC` : `0s is ${start} UTC`, fitting(8, frame.left - 6)),
    ),
  ];
  for (const { x, text, line } of marks) {
    const y = height - 9 - AXIS_LINE * line;
    shapes.push(upright('tick', x, height - 6, height), label('tick-label', x + 3, y, text));
  }
  return { width: view.width, height, shapes };
}

/** A line down from each mark. */
export const gridLines = (frame: Frame, height: number): Shape[] =>
  axisMarks(frame).map(({ x }) => upright('grid', x, 0, height));

interface AxisMark {
  readonly x: number;
  readonly text: string;
  /** 0 is the one next to the picture. */
  readonly line: number;
}

/** Marks of the axis that are in view. Where time runs on after a break and there is no room beside others, it is said above them. */
function axisMarks(frame: Frame): AxisMark[] {
  const { model, scale, view, left, right } = frame;
  const words = labelsOf(scale, model.from, view.absolute);
  const marks: AxisMark[] = [];
  const ends: { from: number; to: number }[][] = [[], []];
  const place = (at: number, text: string, lines: number): void => {
    const x = xAt(frame, at);
    const to = x + 3 + widthOf(text);
    if (x < left || to > right + 8) return;
    const line = ends.slice(0, lines).findIndex((taken) => taken.every((one) => to + 8 < one.from || x > one.to + 8));
    if (line < 0) return;
    ends[line].push({ from: x, to });
    marks.push({ x, text, line });
  };
  for (const piece of beginnings(scale)) place(piece.start, words(piece.from), ends.length);
  const room = widthOf(`${words(model.from)}     `) / (right - left);
  for (const { at, label: text } of ticksOf(scale, model.from, {
    absolute: view.absolute,
    room: room * (view.to - view.from),
    view,
  }))
    place(at, text, 1);
  return marks;
}
