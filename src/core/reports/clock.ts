/** The cluster's clock, as `sim clock` tells it. */

export type ClockMode = 'wall' | 'virtual';

/** `now` in ms since 1970. A virtual clock has rate 1 and is never paused. */
export interface ClockFacts {
  readonly mode: ClockMode;
  readonly now: number;
  readonly rate: number;
  readonly paused: boolean;
}

/** How playing time until something holds has ended, and from when to when it was played, ms since 1970. */
export interface PlayedTime {
  readonly ended: 'met' | 'settled' | 'timeout';
  readonly from: number;
  readonly to: number;
}
