/**
 * A process of its own for the lock tests. `increment FILE N`: adds one to a counter in the state file, N times, under the
 * lock. `hold FILE`: takes the lock, says so and never lets go.
 */
import { appendFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { LockFile } from '../../../../src/core/backends/local/lock';
import { StateFile } from '../../../../src/core/backends/local/state-file';
import { systemHost } from './system-host';

const [verb, path, times = '1'] = process.argv.slice(2);
const lock = new LockFile(`${path}.lock`, { ...systemHost(), hostname: hostname() });
const file = new StateFile(path);

async function increment(): Promise<void> {
  for (let i = 0; i < Number(times); i++) {
    await lock.acquire();
    appendFileSync(`${path}.journal`, `+${process.pid}\n`);
    const count = file.load()?.count;
    lock.verify();
    file.save({ count: (typeof count === 'number' ? count : 0) + 1 });
    appendFileSync(`${path}.journal`, `-${process.pid}\n`);
    lock.release();
  }
}

async function hold(): Promise<void> {
  await lock.acquire();
  process.stdout.write('held\n');
  setInterval(() => {}, 1000);
}

await (verb === 'hold' ? hold() : increment());
