/** The legend of a picture: what bars, thin lines and marks mean. */
import { label, type Picture, path, rect, type Shape } from './shapes';

const BARS: readonly (readonly [kind: string, words: string])[] = [
  ['creating', 'creating'],
  ['unready', 'running, not ready'],
  ['ready', 'ready'],
  ['terminating', 'terminating'],
  ['ended', 'ended'],
];
const CLAIMS: readonly (readonly [kind: string, words: string])[] = [
  ['pending', 'claim pending'],
  ['bound', 'bound'],
  ['lost', 'lost'],
  ['released', 'deleted, volume kept'],
];
const LINE = 22;
const LETTER = 7.3;

export function drawLegend(width: number): Picture {
  const shapes: Shape[] = [];
  let x = 8;
  let y = 0;
  const add = (words: string, symbol: (x: number, y: number) => readonly Shape[]): void => {
    const room = 30 + words.length * LETTER + 18;
    if (x > 8 && x + room > width) {
      x = 8;
      y += LINE;
    }
    shapes.push(...symbol(x, y), label('dim', x + 30, y + 15, words));
    x += room;
  };
  for (const [kind, words] of BARS)
    add(words, (x, y) => [
      rect(`bar ${kind} r0`, [x, y + 4, 24, 14]),
      ...(kind === 'ready' ? [] : [rect(`over ${kind}-over`, [x, y + 4, 24, 14])]),
    ]);
  for (const [kind, words] of CLAIMS) add(words, (x, y) => [rect(`claim claim-${kind}`, [x, y + 9, 24, 4])]);
  add('event', (x, y) => [path('note', `M${x + 9} ${y + 11}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z`)]);
  add('warning', (x, y) => [path('note warning', `M${x + 12} ${y + 7}l4.5 8h-9z`)]);
  add('revision made', (x, y) => [path('made r0', `M${x + 12} ${y + 5}l6 6l-6 6l-6 -6z`)]);
  add('time drawn shorter', (x, y) => [rect('quiet', [x, y + 2, 24, 18])]);
  return { width, height: y + LINE, shapes };
}
