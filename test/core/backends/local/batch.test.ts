/** Calls that are saved together: none is answered before the save, none is lost or left half done. */
import { expect, it } from 'vitest';
import { Batch, type BatchPort } from '../../../../src/core/backends/local/batch';

/** A cluster that is a list of words, and a disk that keeps what was saved. */
function stage(changes: Partial<BatchPort> = {}) {
  const seen = { words: [] as string[], disk: [] as string[][], epoch: 0, saves: 0 };
  let turn: Promise<void> = Promise.resolve();
  const batch = new Batch({
    now: () => 0,
    present: async () => {},
    epoch: () => seen.epoch,
    save: async () => {
      seen.saves++;
      seen.disk.push([...seen.words]);
    },
    exclusively: (work) => {
      turn = turn.then(work);
      return turn;
    },
    ...changes,
  });
  const call = (word: string, run: () => void = () => void seen.words.push(word), isFinal = false) =>
    new Promise<string>((resolve, reject) => {
      batch.add({
        run: async () => {
          await Promise.resolve();
          run();
          // What is on the disk when the client is told.
          return { answer: () => resolve(`${word}: ${seen.disk.at(-1)?.join(' ') ?? ''}`), isFinal };
        },
        fail: reject,
      });
    });
  return { seen, call };
}

it('saves once for all that wait, and answers after that', async () => {
  const { seen, call } = stage();
  const answers = await Promise.all(['a', 'b', 'c'].map((word) => call(word)));
  expect(answers).toEqual(['a: a b c', 'b: a b c', 'c: a b c']);
  expect(seen.saves).toBe(1);
  expect(await call('d')).toBe('d: a b c d');
  expect(seen.saves).toBe(2);
});

it('takes in what comes while others are at work', async () => {
  const { seen, call } = stage();
  let later: Promise<string> | undefined;
  const first = call('a', () => {
    seen.words.push('a');
    later = call('b');
  });
  expect([await first, await later]).toEqual(['a: a b', 'b: a b']);
  expect(seen.saves).toBe(1);
});

it('does not keep the first waiting for ever', async () => {
  let time = 0;
  const { seen, call } = stage({
    now: () => {
      time += 30;
      return time;
    },
  });
  const answers = await Promise.all(['a', 'b', 'c'].map((word) => call(word)));
  expect(answers).toEqual(['a: a b', 'b: a b', 'c: a b c']);
  expect(seen.saves).toBe(2);
});

it('does again what went down with another call, but not what brought it down', async () => {
  const { seen, call } = stage();
  let broken = 0;
  const first = call('a');
  const second = call(
    'broken',
    () => {
      broken++;
      seen.words.length = 0;
      seen.epoch++;
    },
    true,
  );
  const third = call('c');
  expect(await Promise.all([first, second, third])).toEqual(['a: c a', 'broken: c a', 'c: c a']);
  expect([broken, seen.saves]).toEqual([1, 1]);
});

it('tells everybody of a save that failed, and goes on with the next', async () => {
  let fails = true;
  const { call } = stage({
    save: async () => {
      if (fails) throw new Error('disk full');
    },
  });
  const outcomes = await Promise.allSettled([call('a'), call('b')]);
  expect(outcomes.map((one) => (one.status === 'rejected' ? String(one.reason) : 'told'))).toEqual([
    'Error: disk full',
    'Error: disk full',
  ]);
  fails = false;
  expect(await call('c')).toBe('c: ');
});
