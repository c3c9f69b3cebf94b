import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TimelineMark } from '../../../src/core/reports/timeline';
import { timelineModel } from '../../../src/render/timeline/model';
import { setOf } from '../../../src/render/timeline/pods';
import { endOf, positionOf, type Scale, scaleOf } from '../../../src/render/timeline/scale';
import { elapsed, exactly, ticksOf } from '../../../src/render/timeline/ticks';
import type { History, ModelOptions } from '../../../src/render/timeline/types';
import { at, event, history, START, update } from './history';

/** `ready A 2-3608` for each phase of a pod, times in seconds; `|` before a life begins. */
function phases(of = update(), options: ModelOptions = {}): Record<string, string> {
  const seconds = (time: number): number => (time - START) / 1000;
  return Object.fromEntries(
    timelineModel(of, options).groups.flatMap(({ lines, revisions }) =>
      lines.map(({ pod, spans }) => [
        pod,
        spans
          .map(
            ({ phase, from, to, open, revision, first }) =>
              `${first ? '| ' : ''}${phase} ${revisions[revision]?.letter ?? '-'} ${seconds(from)}-${open ? '' : seconds(to)}`,
          )
          .join(', '),
      ]),
    ),
  );
}

describe('the model of a timeline', () => {
  it('tells the phases of each life', () => {
    expect(phases()).toEqual({
      'web-0': '| creating A 0-2, ready A 2-3608, terminating A 3608-3610, | creating B 3610-3611, unready B 3611-',
      'web-1': '| creating A 2-4, ready A 4-3604, terminating A 3604-3606, | creating B 3606-3608, ready B 3608-',
    });
  });

  it('goes back to a letter when a rollout is undone', () => {
    const undone = history(
      `0 create web-0 web-aaa
       1 terminate web-0 web-aaa
       1 delete web-0 web-aaa
       1 create web-0 web-bbb
       2 terminate web-0 web-bbb
       3 delete web-0 web-bbb
       3 create web-0 web-aaa`,
      4,
    );
    // Forced: it was never seen terminating.
    expect(phases(undone)).toEqual({
      'web-0': '| creating A 0-1, | creating B 1-2, terminating B 2-3, | creating A 3-',
    });
  });

  it('puts marks of one instant where they were noted', () => {
    const marks = (after: number): Partial<History> => ({
      marks: [{ time: at(1), kind: 'pod', event: 'end', namespace: 'default', name: 'web-0', after }],
    });
    const text = `0 create web-0 web-a
       0 ready web-0 web-a
       1 unready web-0 web-a
       1 terminate web-0 web-a
       1 delete web-0 web-a
       1 create web-0 web-a`;
    expect(phases(history(text, 2, marks(3)))).toEqual({ 'web-0': '| ready A 0-1, | creating A 1-' });
    expect(phases(history(text, 2, marks(6)))).toEqual({ 'web-0': '| ready A 0-1, | ended A 1-' });
  });

  it('shows part of the time, and some of the pods', () => {
    const since = START + 3_605_000;
    expect(phases(update(), { since, until: START + 3_609_000 })).toEqual({
      'web-0': '| ready A 3605-3608, terminating A 3608-3609',
      'web-1': '| terminating A 3605-3606, | creating B 3606-3608, ready B 3608-',
    });
    expect(Object.keys(phases(update(), { selects: (_, set, pod) => set === 'web' && pod === 'web-1' }))).toEqual([
      'web-1',
    ]);
    expect(timelineModel(update(), { until: START - 1 }).groups).toEqual([]);
  });

  it('orders by namespace, set and ordinal, and pods of no set last', () => {
    const pods = ['web-10 web-a', 'web-9 web-a', 'a', 'db-0 db-a', 'web-x web-a', 'a-b-0 a-b-c'];
    const model = timelineModel(history(pods.map((pod) => `0 create ${pod}`).join('\n'), 1));
    expect(model.groups.map(({ set, lines }) => `${set}: ${lines.map(({ pod }) => pod).join(' ')}`)).toEqual([
      'a-b: a-b-0',
      'db: db-0',
      'web: web-9 web-10',
      ': a web-x',
    ]);
    expect([setOf('web-0', 'web-a'), setOf('web-0', ''), setOf('web-0', '-a'), setOf('web', 'web-a')]).toEqual([
      'web',
      '',
      '',
      '',
    ]);
  });

  it('names revisions that nobody wears yet, and those that are gone', () => {
    const marks: TimelineMark[] = [
      { time: at(9), kind: 'revision', event: 'delete', namespace: 'default', name: 'web-old', since: at(-5) },
    ];
    const [{ revisions }] = timelineModel(history('0 create web-0 web-aaa', 10, { ...update(), marks })).groups;
    expect(revisions.map(({ letter, name, number, cause }) => [letter, name, number, cause])).toEqual([
      ['A', 'web-old', undefined, undefined],
      ['B', 'web-aaa', 1, undefined],
      ['C', 'web-bbb', 2, 'newer'],
    ]);
  });

  it('tells the lives of claims, and gives events to what they are about', () => {
    const claim = (name: string, more: object) => ({ kind: 'claim' as const, namespace: 'default', name, ...more });
    const of = history('0 create web-0 web-a\n0 create web-1 web-a', 100, {
      claims: [
        { namespace: 'default', name: 'www-web-0', created: at(60), phase: 'Bound', terminating: at(90) },
        { namespace: 'default', name: 'late-web-0', created: at(0), phase: 'Bound' },
        { namespace: 'default', name: 'bad-web-1', created: at(0), phase: 'Lost' },
        { namespace: 'default', name: 'unrelated', created: at(0), phase: 'Bound' },
      ],
      marks: [
        { time: at(5), event: 'bound', ...claim('late-web-0', {}) },
        { time: at(7), event: 'lost', ...claim('bad-web-1', {}) },
        { time: at(50), event: 'delete', ...claim('www-web-0', { since: at(0), phase: 'Bound', terminating: at(40) }) },
        { time: at(50), kind: 'volume', event: 'released', namespace: 'default', name: 'pv-1', claim: 'www-web-0' },
      ],
      events: [
        event('web-0', 3, 'second', { type: 'Warning', count: 4, last: at(30) }),
        event('web-0', 1, 'first'),
        event('www-web-0', 1, 'claimed', { kind: 'PersistentVolumeClaim' }),
        event('web', 1, 'made', { kind: 'StatefulSet' }),
        event('nobody', 1, 'unheard'),
      ],
    });
    const [group] = timelineModel(of).groups;
    const claims = group.lines.map(({ claims }) =>
      claims.map(({ name, spans }) => [
        name,
        ...spans.map(
          ({ phase, from, to, open }) => `${phase} ${(from - START) / 1000}-${open ? '' : (to - START) / 1000}`,
        ),
      ]),
    );
    expect(claims).toEqual([
      [
        ['late-web-0', 'pending 0-5', 'bound 5-'],
        ['www-web-0', 'bound 0-40', 'terminating 40-50', 'released 50-60', 'bound 60-90', 'terminating 90-'],
      ],
      [['bad-web-1', 'bound 0-7', 'lost 7-']],
    ]);
    expect(group.notes.map(({ message }) => message)).toEqual(['made']);
    expect(group.lines[0].notes.map(({ message, count, warning }) => [message, count, warning])).toEqual([
      ['first', 1, false],
      ['second', 4, true],
    ]);
    expect(group.lines[0].claims[1].notes.map(({ message }) => message)).toEqual(['claimed']);
  });
});

describe('the axis', () => {
  /** Lives of a few pods at random instants. */
  const histories = fc
    .array(
      fc.tuple(fc.nat(3), fc.constantFrom('create', 'ready', 'unready', 'terminate', 'delete'), fc.nat(1_000_000)),
      {
        minLength: 1,
        maxLength: 40,
      },
    )
    .map((steps) => {
      let time = 0;
      const lines = steps.map(([pod, what, gap]) => {
        time += gap % 7 === 0 ? gap : gap % 5000;
        return `${time / 1000} ${what} web-${pod} web-a`;
      });
      return history(lines.join('\n'), time / 1000 + 1);
    });

  it('runs forward, fills its length, and can be read backwards', () => {
    fc.assert(
      fc.property(
        histories,
        fc.boolean(),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
        (of, compress, parts) => {
          const model = timelineModel(of);
          if (model.groups.length === 0) return;
          const scale = scaleOf(model, compress);
          const total = scale.pieces.reduce((sum, { length }) => sum + length, 0);
          if (model.to > model.from) expect(total).toBeCloseTo(scale.end, 9);
          const times = parts.map((part) => model.from + part * (model.to - model.from)).sort((a, b) => a - b);
          let before = 0;
          for (const time of times) {
            const position = positionOf(scale, time);
            expect(position).toBeGreaterThanOrEqual(before);
            expect(position).toBeLessThanOrEqual(scale.end + 1e-9);
            expect(Math.abs(timeAt(scale, position) - time)).toBeLessThan(1);
            before = position;
          }
          for (const { lines } of model.groups)
            for (const { spans } of lines)
              for (const [i, span] of spans.entries()) {
                expect(span.to).toBeGreaterThanOrEqual(span.from);
                expect(endOf(scale, span)).toBeGreaterThanOrEqual(positionOf(scale, span.from));
                if (i > 0) expect(span.from).toBeGreaterThanOrEqual(spans[i - 1].to);
              }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keeps its labels apart, in order, and never repeats one', () => {
    fc.assert(
      fc.property(histories, fc.boolean(), fc.double({ min: 0.02, max: 1, noNaN: true }), (of, absolute, room) => {
        const model = timelineModel(of);
        if (model.groups.length === 0) return;
        const ticks = ticksOf(scaleOf(model), model.from, { absolute, room });
        expect(ticks.length).toBeGreaterThan(0);
        for (const [i, tick] of ticks.slice(1).entries()) expect(tick.at - ticks[i].at).toBeGreaterThanOrEqual(room);
        if (!absolute) expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length);
      }),
      { numRuns: 200 },
    );
  });

  it('draws short all stretches that are alike, or none', () => {
    const day = (i: number): string =>
      ['unready', 'ready', 'unready', 'ready', 'unready', 'ready']
        .map((what, n) => `${i * 86_400 + n} ${what} web-0 web-a`)
        .join('\n');
    const days = Array.from({ length: 20 }, (_, i) => day(i));
    const model = timelineModel(history(`0 create web-0 web-a\n${days.join('\n')}`, 20 * 86_400));
    const quiet = (most?: number): number =>
      scaleOf(model, true, { ...(most && { most }) }).pieces.filter((p) => p.quiet).length;
    expect([quiet(20), quiet(19), quiet(5), quiet()]).toEqual([20, 0, 0, 0]);
    const [first] = days;
    const longer = timelineModel(
      history(`0 create web-0 web-a\n${first}\n100 unready web-0 web-a\n105 ready web-0 web-a`, 90_000),
    );
    expect(scaleOf(longer, true, { most: 1 }).pieces.map((p) => [p.quiet, (p.to - p.from) / 1000])).toEqual([
      [false, 105],
      [true, 89_895],
    ]);
  });

  it('has marks in the part that is looked at only, however close that is', () => {
    const model = timelineModel(history('0 create web-0 web-a\n1209600 ready web-0 web-a', 1_209_700));
    const scale = scaleOf(model, false);
    const view = { from: 0.5, to: 0.5 + 1e-7 };
    const ticks = ticksOf(scale, model.from, { absolute: false, room: 1e-8, view });
    expect(ticks.length).toBeGreaterThan(2);
    expect(ticks.length).toBeLessThan(20);
    for (const { at } of ticks) expect(Math.abs(at - 0.5)).toBeLessThan(2e-7);
    expect(ticks[0].label).toMatch(/^7d5h12m[\d.]+s$/);
  });

  it('says the date where there is more than one', () => {
    const model = timelineModel(history('0 create web-0 web-a\n1 ready web-0 web-a', 200_000));
    const labels = ticksOf(scaleOf(model, false), model.from, { absolute: true, room: 0.3 }).map(({ label }) => label);
    expect(labels).toEqual(['01-01 00:00:00', '01-02 00:00:00', '01-03 00:00:00']);
  });

  it('leaves no unit out of the middle of a time', () => {
    expect([0, 1500, 7_230_000, 86_400_000, 86_405_000, 90_061_001].map(exactly)).toEqual([
      ...['0s', '1.5s', '2h0m30s', '1d', '1d0h0m5s', '1d1h1m1.001s'],
    ]);
  });

  it('writes durations with their two largest units', () => {
    expect([0, 1, 1500, 59_999, 60_000, 90_000, 3_600_000, 5_430_000, 90_000_000, -1500].map(elapsed)).toEqual([
      ...['0s', '0.001s', '1.5s', '59.999s', '1m', '1m30s', '1h', '1h30m', '1d1h', '-1.5s'],
    ]);
  });
});

/** The instant at a position: the reverse of positionOf. */
function timeAt(scale: Scale, position: number): number {
  const piece = scale.pieces.find(({ start, length }) => position <= start + length) ?? scale.pieces.at(-1);
  if (!piece || piece.length === 0) return piece?.from ?? 0;
  const part = Math.min(1, Math.max(0, (position - piece.start) / piece.length));
  return piece.from + part * (piece.to - piece.from);
}
