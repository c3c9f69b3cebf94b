/** Where things are in a picture: names at the left, time at the right of them. */
import { plain } from './plain';
import { positionOf, type Scale } from './scale';
import type { Model, Revision } from './types';

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

const LETTER_WIDTH = 7.23;
/** Of bold letters. */
export const HEADING_WIDTH = 7.8;

export interface Frame {
  readonly model: Model;
  readonly scale: Scale;
  readonly view: View;
  readonly left: number;
  readonly right: number;
}

export function frameOf(model: Model, scale: Scale, view: View): Frame {
  return { model, scale, view, left: namesWidth(model, view.width), right: view.width - 8 };
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

export const revisionWords = ({ name, images, cause }: Revision): string =>
  [name, ...images, ...(cause === undefined ? [] : [cause])].map(plain).join('  ');

/** How many px a text takes. */
export const widthOf = (text: string): number => text.length * LETTER_WIDTH;

/** How many characters fit between two places. */
export const fitting = (from: number, to: number, each = LETTER_WIDTH): number =>
  Math.max(1, Math.floor((to - from) / each));

/** The px of a place on the axis. */
export const xAt = ({ view, left, right }: Frame, position: number): number =>
  left + ((position - view.from) / (view.to - view.from)) * (right - left);

/** The px of an instant. */
export const xOf = (frame: Frame, time: number): number => xAt(frame, positionOf(frame.scale, time));

/** What of a bar is in view; at least a pixel wide. */
export function clipped({ left, right }: Frame, from: number, to: number): { x: number; width: number } | undefined {
  if (from > right || to < left) return undefined;
  const x = Math.max(left, Math.min(from, right - 1));
  return { x, width: Math.max(1, Math.min(right, to) - x) };
}
