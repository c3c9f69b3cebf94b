/** How a figure is shown: what was measured, its target, and how often the yardstick of the same run goes into it. */

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

export const heading = (text) => console.log(`\n${text}`);

/** `target` and `unit` as the figure's; `yard` is what one yardstick costs in the same unit, or absent. */
export function figure(label, value, { unit = 'ms', target, yard, note = '' } = {}) {
  const shown = (number) => (number >= 100 || unit === 'MB' ? number.toFixed(0) : number.toFixed(1));
  const parts = [`${label.padEnd(56)}${shown(value).padStart(8)} ${unit}`];
  parts.push(target === undefined ? ' '.repeat(20) : `   target ${`${target} ${unit}`.padEnd(10)}`);
  if (yard !== undefined) parts.push(`  ${(value / yard).toFixed(1).padStart(7)} yardsticks`);
  if (note) parts.push(`  ${note}`);
  console.log(parts.join('').trimEnd());
}
