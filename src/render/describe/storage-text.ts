/** Access modes in their short forms: `RWO,ROX`. */
import { asStrings } from './json';

const SHORT: readonly (readonly [mode: string, short: string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

/** Each known mode once, in this order (as GetAccessModesAsString). */
export function accessModesText(modes: unknown): string {
  const given = asStrings(modes);
  return SHORT.filter(([mode]) => given.includes(mode))
    .map(([, short]) => short)
    .join(',');
}
