/** A timeline as a picture of shapes: what SVG files hold and what the page draws. */
import { claimDetails, noteDetails, podDetails, revisionDetails } from './details';
import { plain, shortened } from './plain';
import { endOf, positionOf, type Scale } from './scale';
import { label, type Picture, path, px, rect, type Shape, upright } from './shapes';
import { elapsed, instantText, ticksOf } from './ticks';
import type { ClaimLine, Group, Model, Note, PodLine, Revision } from './types';

export interface View {
  /** px */
  readonly width: number;
  /** The part of the axis that is shown, from 0 to 1. */
  readonly from: number;
  readonly to: number;
  readonly absolute: boolean;
  /** Only what is between these heights is drawn, px. */
  readonly top?: number;
  readonly bottom?: number;
}

const HEADING = 30;
const REVISION = 18;
const LINE = 24;
const CLAIM = 8;
const BAR = 14;
export const AXIS = 26;
const LETTER_WIDTH = 7.23;
/** Of bold letters. */
const HEADING_WIDTH = 7.8;
/** How many revisions have a colour of their own. */
const COLOURS = 8;
/** Marks closer than this are one mark. */
const MARK = 7;

/** Where things are: names at the left, time at the right of them. */
interface Frame {
  readonly model: Model;
  readonly scale: Scale;
  readonly view: View;
  readonly left: number;
  readonly right: number;
}

/** One strip of the picture, drawn when it can be seen. */
interface Strip {
  readonly height: number;
  draw(frame: Frame, y: number): Shape[];
}

/** The names' share of the picture, px: what stands there is cut off beyond a third of it. */
export function namesWidth({ groups }: Model, width: number): number {
  let longest = 0;
  for (const { namespace, set, revisions, lines } of groups) {
    longest = Math.max(longest, (namespace.length + set.length + 1) * (HEADING_WIDTH / LETTER_WIDTH));
    for (const revision of revisions) longest = Math.max(longest, revisionWords(revision).length + 3);
    for (const { pod } of lines) longest = Math.max(longest, pod.length);
  }
  return Math.min(Math.max(longest, 16) * LETTER_WIDTH + 20, width / 3);
}

/** How many characters fit between two places. */
const fitting = (from: number, to: number, each = LETTER_WIDTH): number => Math.max(1, Math.floor((to - from) / each));

const revisionWords = ({ name, images, cause }: Revision): string =>
  [name, ...images, ...(cause === undefined ? [] : [cause])].map(plain).join('  ');

/** Everything but the axis. */
export function drawPicture(model: Model, scale: Scale, view: View): Picture {
  const frame = frameOf(model, scale, view);
  const strips = model.groups.flatMap((group) => stripsOf(group));
  const { top = Number.NEGATIVE_INFINITY, bottom = Number.POSITIVE_INFINITY } = view;
  const shapes: Shape[] = [];
  let y = 0;
  for (const strip of strips) {
    if (y + strip.height >= top && y <= bottom) shapes.push(...strip.draw(frame, y));
    y += strip.height;
  }
  return { width: view.width, height: y, shapes: [...backdrop(frame, y), ...shapes] };
}

/** The axis, to be set above. */
export function drawAxis(model: Model, scale: Scale, view: View): Picture {
  const frame = frameOf(model, scale, view);
  const shapes: Shape[] = [
    label(
      'dim name',
      8,
      AXIS - 9,
      shortened(`${instantText(model.from).slice(0, 10)} UTC`, fitting(8, frame.left - 6)),
    ),
  ];
  for (const { at, label: text } of ticks(frame)) {
    const x = xAt(frame, at);
    shapes.push(upright('tick', x, AXIS - 6, AXIS), label('tick-label', x + 3, AXIS - 9, text));
  }
  return { width: view.width, height: AXIS, shapes };
}

function frameOf(model: Model, scale: Scale, view: View): Frame {
  return { model, scale, view, left: namesWidth(model, view.width), right: view.width - 8 };
}

const xAt = ({ view, left, right }: Frame, position: number): number =>
  left + ((position - view.from) / (view.to - view.from)) * (right - left);

const xOf = (frame: Frame, time: number): number => xAt(frame, positionOf(frame.scale, time));

/** Marks of the axis that are in view. */
function ticks(frame: Frame) {
  const { model, scale, view, left, right } = frame;
  const room = ((view.absolute ? 96 : 64) / (right - left)) * (view.to - view.from);
  return ticksOf(scale, model.from, { absolute: view.absolute, room }).filter(({ at }) => {
    const x = xAt(frame, at);
    return x >= left && x <= right - 30;
  });
}

/** Lines down from the axis, and the stretches that are drawn shorter than they were. */
function backdrop(frame: Frame, height: number): Shape[] {
  const shapes = ticks(frame).map(({ at }) => upright('grid', xAt(frame, at), 0, height));
  for (const { start, length, quiet, from, to } of frame.scale.pieces) {
    if (!quiet) continue;
    const strip = clipped(frame, xAt(frame, start), xAt(frame, start + length));
    if (strip)
      shapes.push(rect('quiet', [strip.x, 0, strip.width, height], [`nothing changed for ${elapsed(to - from)}`]));
  }
  return shapes;
}

function stripsOf(group: Group): Strip[] {
  return [
    { height: HEADING, draw: (frame, y) => drawHeading(frame, group, y) },
    ...group.revisions.map((_, i) => ({
      height: REVISION,
      draw: (frame: Frame, y: number) => drawRevision(frame, group, i, y),
    })),
    ...group.lines.map((line) => ({
      height: LINE + CLAIM * line.claims.length,
      draw: (frame: Frame, y: number) => drawLine(frame, group, line, y),
    })),
  ];
}

function drawHeading(frame: Frame, group: Group, y: number): Shape[] {
  const name = `${plain(group.namespace)}/${group.set === '' ? '(no set)' : plain(group.set)}`;
  const fits = fitting(8, frame.left - 6, HEADING_WIDTH);
  return [
    label('heading name', 8, y + 19, shortened(name, fits), [name, `${group.lines.length} pods`]),
    ...drawNotes(frame, group.notes, `statefulset ${group.set}`, y + 16),
  ];
}

/** The legend's line: letter, name, images; and when it was made. */
function drawRevision(frame: Frame, group: Group, index: number, y: number): Shape[] {
  const revision = group.revisions[index];
  const { letter, made } = revision;
  const details = [...revisionDetails(revision), `made ${instantText(made)}`];
  const x = xOf(frame, made);
  const shapes = [
    rect(`swatch ${colour(index)}`, [8, y + 2, 13, 13], details),
    label('letter', 11, y + 12.5, letter),
    label('dim name', 27, y + 12.5, shortened(revisionWords(revision), fitting(27, frame.left - 6)), details),
  ];
  if (x >= frame.left && x <= frame.right)
    shapes.push(path(`made ${colour(index)}`, `M${px(x)} ${y + 2}l6 6l-6 6l-6 -6z`, details));
  return shapes;
}

function drawLine(frame: Frame, group: Group, line: PodLine, y: number): Shape[] {
  const fits = fitting(8, frame.left - 6);
  const shapes = [label('pod name', 8, y + 16, shortened(plain(line.pod), fits), [plain(line.pod)])];
  for (const span of line.spans) {
    const bar = clipped(frame, xOf(frame, span.from), xAt(frame, endOf(frame.scale, span)));
    if (!bar) continue;
    const details = podDetails(line, span, group);
    const box = [bar.x, y + 6, bar.width, BAR] as const;
    shapes.push(rect(`bar ${span.phase} ${colour(span.revision)}`, box, details));
    if (span.phase !== 'ready') shapes.push(rect(`over ${span.phase}-over`, box));
  }
  shapes.push(
    ...letters(frame, group, line, y),
    ...line.claims.flatMap((claim, i) => drawClaim(frame, claim, y + LINE + CLAIM * i)),
  );
  return [...shapes, ...drawNotes(frame, line.notes, `pod ${line.pod}`, y + 4)];
}

/** At the beginning of each life, where there is room until the next. */
function letters(frame: Frame, group: Group, { spans }: PodLine, y: number): Shape[] {
  const firsts = spans.filter((span) => span.first && group.revisions[span.revision]);
  return firsts.flatMap((span, i) => {
    const x = Math.max(frame.left, xOf(frame, span.from));
    const next = firsts[i + 1];
    const last = spans[(next ? spans.indexOf(next) : spans.length) - 1];
    const end = Math.min(frame.right, xAt(frame, endOf(frame.scale, last)));
    const { letter } = group.revisions[span.revision];
    return end - x < 12 ? [] : [label('letter', x + 3, y + 16.5, letter)];
  });
}

function drawClaim(frame: Frame, claim: ClaimLine, y: number): Shape[] {
  const shapes: Shape[] = [];
  for (const span of claim.spans) {
    const bar = clipped(frame, xOf(frame, span.from), xAt(frame, endOf(frame.scale, span)));
    if (bar) shapes.push(rect(`claim claim-${span.phase}`, [bar.x, y - 2, bar.width, 4], claimDetails(claim, span)));
  }
  return [...shapes, ...drawNotes(frame, claim.notes, `claim ${claim.name}`, y)];
}

/** A circle for what is normal, a triangle for a warning; what happened close together is one mark. */
function drawNotes(frame: Frame, notes: readonly Note[], subject: string, y: number): Shape[] {
  const marks: { x: number; notes: Note[] }[] = [];
  for (const note of notes) {
    const x = xOf(frame, note.at);
    if (x < frame.left || x > frame.right) continue;
    const last = marks.at(-1);
    if (last && x - last.x < MARK) last.notes.push(note);
    else marks.push({ x, notes: [note] });
  }
  return marks.map(({ x, notes }) => {
    const details = notes.slice(0, 6).flatMap((note) => noteDetails(note, subject));
    if (notes.length > 6) details.push(`and ${notes.length - 6} more events`);
    const isWarning = notes.some((note) => note.warning);
    const d = isWarning ? `M${px(x)} ${px(y - 4)}l4.5 8h-9z` : `M${px(x - 3)} ${px(y)}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z`;
    return path(isWarning ? 'note warning' : 'note', d, details);
  });
}

/** What of a bar is in view; at least a pixel wide. */
function clipped({ left, right }: Frame, from: number, to: number): { x: number; width: number } | undefined {
  if (from > right || to < left) return undefined;
  const x = Math.max(left, Math.min(from, right - 1));
  return { x, width: Math.max(1, Math.min(right, to) - x) };
}

const colour = (revision: number): string => (revision < 0 ? 'r-none' : `r${revision % COLOURS}`);
