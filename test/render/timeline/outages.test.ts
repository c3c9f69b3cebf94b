import { describe, expect, it } from 'vitest';
import { timelineModel } from '../../../src/render/timeline/model';
import { outagesOf } from '../../../src/render/timeline/outages';
import type { History } from '../../../src/render/timeline/types';
import { at, event, history, START, update } from './history';

/** `web-0 5-9 A B: terminating 2, creating 2 | message` each, times in seconds. */
const told = (of: History): string[] =>
  outagesOf(timelineModel(of)).map(({ group, pod, from, to, open, phases, revisions, warnings }) =>
    [
      `${pod} ${(from - START) / 1000}-${open ? '' : (to - START) / 1000}`,
      ` ${revisions.map((revision) => group.revisions[revision].letter).join(' ')}: `,
      phases.map(({ phase, ms }) => `${phase} ${ms / 1000}`).join(', '),
      ...warnings.map(({ message }) => ` | ${message}`),
    ].join(''),
  );

describe('outages', () => {
  it('last from the end of one readiness to the next, with all that was between', () => {
    expect(told(update())).toEqual([
      'web-1 3604-3608 A B: terminating 2, creating 2',
      'web-0 3608- A B: terminating 2, creating 1, unready 9',
    ]);
  });

  it('tell of revisions on the way, and of the time in which there was no pod', () => {
    expect(
      told(
        history(
          `0 create web-0 web-a
           1 ready web-0 web-a
           5 terminate web-0 web-a
           6 delete web-0 web-a
           6 create web-0 web-b
           60 terminate web-0 web-b
           60 delete web-0 web-b
           70 create web-0 web-a
           71 ready web-0 web-a`,
          100,
        ),
      ),
    ).toEqual(['web-0 5-71 A B A: terminating 1, creating 54, absent 10, creating 1']);
  });

  it('begin where a pod was ready for no time at all', () => {
    const text = `0 create web-0 web-a
      3 ready web-0 web-a
      3 terminate web-0 web-a
      4 delete web-0 web-a
      4 create web-0 web-b
      9 ready web-0 web-b`;
    expect(told(history(text, 10))).toEqual(['web-0 3-9 A B: terminating 1, creating 5']);
  });

  it('are neither first starts, nor pods that were taken away, nor those that ended', () => {
    const text = `0 create web-0 web-a
      9 ready web-0 web-a
      0 create web-1 web-a
      1 ready web-1 web-a
      2 terminate web-1 web-a
      3 delete web-1 web-a
      0 create job
      1 ready job
      2 unready job`;
    const marks: History['marks'] = [
      { time: at(2), kind: 'pod', event: 'end', namespace: 'default', name: 'job', after: 9 },
    ];
    expect(told(history(text, 10, { marks }))).toEqual([]);
  });

  it('are pods that never became ready', () => {
    expect(told(history('0 create web-0 web-a', 10))).toEqual(['web-0 0- A: creating 10']);
  });

  it('name the warnings of their time, of the pod and of its claims', () => {
    const warning = { type: 'Warning' };
    expect(
      told(
        update({
          claims: [{ namespace: 'default', name: 'www-web-0', created: at(0), phase: 'Bound' }],
          events: [
            event('web-0', 3612, 'no answer', warning),
            event('web-0', 3612, 'usual'),
            event('web-0', 100, 'long ago', warning),
            event('web-0', 100, 'still', { ...warning, last: at(3613) }),
            event('www-web-0', 3611, 'no disk', { ...warning, kind: 'PersistentVolumeClaim' }),
          ],
        }),
      )[1],
    ).toBe('web-0 3608- A B: terminating 2, creating 1, unready 9 | still | no answer | no disk');
  });
});
