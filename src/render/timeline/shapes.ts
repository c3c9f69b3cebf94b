/** What a picture is made of: elements with attributes that only our own code chooses, and texts that anybody may have chosen. */

export interface Shape {
  readonly tag: 'rect' | 'line' | 'path' | 'text';
  readonly attributes: Readonly<Record<string, string | number>>;
  /** The text that a `text` shows. */
  readonly text?: string;
  /** What is said of it when one points at it, line by line. */
  readonly details?: readonly string[];
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

/** To a tenth of a pixel. */
export const px = (value: number): number => Math.round(value * 10) / 10;

export const rect = (
  kind: string,
  [x, y, width, height]: readonly [number, number, number, number],
  details?: readonly string[],
): Shape => ({
  tag: 'rect',
  attributes: { class: kind, x: px(x), y: px(y), width: px(width), height: px(height) },
  ...(details && { details }),
});

export const label = (kind: string, x: number, y: number, text: string, details?: readonly string[]): Shape => ({
  tag: 'text',
  attributes: { class: kind, x: px(x), y: px(y) },
  text,
  ...(details && { details }),
});

export const upright = (kind: string, x: number, from: number, to: number): Shape => ({
  tag: 'line',
  attributes: { class: kind, x1: px(x), x2: px(x), y1: px(from), y2: px(to) },
});

export const path = (kind: string, d: string, details?: readonly string[]): Shape => ({
  tag: 'path',
  attributes: { class: kind, d },
  ...(details && { details }),
});
