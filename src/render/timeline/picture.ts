/** A timeline as a picture of shapes: what SVG files hold and what the page draws. */
import { claimDetails, noteDetails, podDetails, revisionDetails } from './details';
import { clipped, type Frame, fitting, frameOf, HEADING_WIDTH, revisionWords, type View, xAt, xOf } from './frame';
import { gridLines } from './picture-axis';
import { plain, shortened } from './plain';
import { endOf, type Scale } from './scale';
import { label, type Picture, path, px, rect, type Shape } from './shapes';
import { elapsed, instantText } from './ticks';
import type { ClaimLine, Group, Model, Note, PodLine } from './types';

const HEADING = 30;
const REVISION = 18;
const LINE = 24;
const CLAIM = 8;
const BAR = 14;
/** How many revisions have a colour of their own. */
const COLOURS = 8;
/** So many events a mark tells, warnings before others. */
const MOST_TOLD = 6;
/** Marks closer than this are one mark. */
const MARK = 7;

/** One strip of the picture, drawn when it can be seen. */
interface Strip {
  readonly height: number;
  draw(frame: Frame, y: number): Shape[];
}

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

/** Lines down from the axis, and the stretches that are drawn shorter than they were. */
function backdrop(frame: Frame, height: number): Shape[] {
  const shapes = gridLines(frame, height);
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
    const told = [...notes].sort((a, b) => Number(b.warning) - Number(a.warning)).slice(0, MOST_TOLD);
    const details = told.flatMap((note, i) => [...(i > 0 ? [''] : []), ...noteDetails(note, subject)]);
    if (notes.length > told.length) details.push('', `and ${notes.length - told.length} more events`);
    const isWarning = notes.some((note) => note.warning);
    const d = isWarning ? `M${px(x)} ${px(y - 4)}l4.5 8h-9z` : `M${px(x - 3)} ${px(y)}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z`;
    return path(isWarning ? 'note warning' : 'note', d, details);
  });
}

const colour = (revision: number): string => (revision < 0 ? 'r-none' : `r${revision % COLOURS}`);
