/**
 * The yardstick of figures in CPU time: a fixed piece of work that any machine can do, JSON there and back again. A figure in
 * yardsticks says the same on a slow machine as on a fast one, and nearly so on a busy one.
 */
const ROWS = 2000;
const TIMES = 40;

function work() {
  const rows = Array.from({ length: ROWS }, (_, i) => ({
    name: `web-${i}`,
    labels: { app: 'web' },
    numbers: [i, { i }],
  }));
  let text = JSON.stringify(rows);
  for (let i = 0; i < TIMES; i++) text = JSON.stringify(JSON.parse(text));
  return text.length;
}

/** CPU time that this process spends on an action, ms; of all its threads, as the collector of garbage has some. */
export function cpu(action) {
  const before = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** CPU time of the work, ms: the middle of three tries, after one that pays for compiling. */
export function yardstick() {
  work();
  return [cpu(work), cpu(work), cpu(work)].sort((a, b) => a - b)[1];
}
