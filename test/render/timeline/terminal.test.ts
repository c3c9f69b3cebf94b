import { describe, expect, it } from 'vitest';
import { loadRevisionPaint } from '../../../src/render/timeline/colour';
import { latestPods } from '../../../src/render/timeline/latest';
import { timelineModel } from '../../../src/render/timeline/model';
import { drawTimeline } from '../../../src/render/timeline/terminal';
import { at, HOSTILE, history, START, update } from './history';

const drawn = (options = {}, of = update()): string => drawTimeline(timelineModel(of), { width: 60, ...options });

describe('a timeline in a terminal', () => {
  it('has a row for each pod, letters for revisions, and shortens what is quiet', () => {
    expect(drawn()).toMatchInlineSnapshot(`
      "2026-01-01 00:00:00 to 01:00:20 UTC, 1h

      default/web  2 pods
        A  web-aaa  nginx:1.21
        B  web-bbb  nginx:1.22  (newer)
             |0s       // |1h0m4s       |1h0m10s    |1h0m15s
      web-0  A░░░░█████//██████████×××××B░░▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
      web-1       A░░░░//█×××××B░░░███████████████████████████████

      ░ creating   ▒ running, not ready   █ ready   × terminating
      // nothing changed: 1h
      "
    `);
  });

  it('reads without colours and without more than ASCII', () => {
    expect(drawn({ ascii: true }).split('\n').slice(5)).toMatchInlineSnapshot(`
      [
        "       |0s       // |1h0m4s       |1h0m10s    |1h0m15s",
        "web-0  A....=====//==========xxxxxB..-----------------------",
        "web-1       A....//=xxxxxB...===============================",
        "",
        ". creating   - running, not ready   = ready   x terminating",
        "// nothing changed: 1h",
        "",
      ]
    `);
    expect(drawn({ ascii: true }).replace(/[\n -~]/g, '')).toBe('');
  });

  it('says how late it is after each break, above one another where there is no room beside', () => {
    const rollout = (second: number, before: string, revision: string): string =>
      [0, 1, 2]
        .map((i) => [second + 3 * i, `web-${2 - i}`] as const)
        .map(
          ([from, pod]) =>
            `${from} terminate ${pod} ${before}\n${from + 1} delete ${pod} ${before}\n` +
            `${from + 1} create ${pod} ${revision}\n${from + 2} ready ${pod} ${revision}`,
        )
        .join('\n');
    const born = [0, 1, 2].map((i) => `${i} create web-${i} web-a\n${i + 1} ready web-${i} web-a`);
    const of = history(
      [
        ...born,
        rollout(7200, 'web-a', 'web-b'),
        rollout(9640, 'web-b', 'web-c'),
        rollout(20_000, 'web-c', 'web-a'),
      ].join('\n'),
      30_000,
    );
    expect(drawn({}, of).split('\n').slice(7)).toMatchInlineSnapshot(`
      [
        "web-0  A████//█████████××B█//█████████×C░//█████████××A█//██",
        "web-1   A░██//█████×B░█████//████××C█████//█████××A█████//██",
        "web-2     A█//××B██████████//××C█████████//█×A░█████████//██",
        "",
        "░ creating   █ ready   × terminating",
        "// nothing changed: 1h59m, 40m32s, 2h52m, …",
        "",
      ]
    `);
    expect(drawn({ absolute: true, width: 40 }, of).split('\n').slice(7)).toMatchInlineSnapshot(`
      [
        "            |02:00:00         |05:33:20",
        "web-0  A██//█████B█//█████C█//█████A█//█",
        "web-1   A█//██×B███//██×C███//██×A███//█",
        "web-2    A//×B█████//×C█████//×A█████//█",
        "",
        "░ creating   █ ready   × terminating",
        "// nothing changed: 1h59m, 40m32s, 2h52…",
        "",
      ]
    `);
    expect(drawn({ width: 20 }, of).split('\n').slice(7)).toMatchInlineSnapshot(`
      [
        "web-0  A██BC███A████",
        "web-1  A██BC███A████",
        "web-2  A██BC███A████",
        "",
        "░ creating   █ ready",
        "× terminating",
        "",
      ]
    `);
  });

  it('repeats the axis below more pods than a screen holds', () => {
    const pods = (count: number): string =>
      drawn({}, history(Array.from({ length: count }, (_, i) => `${i} create web-${i} web-a`).join('\n'), count));
    expect([pods(30), pods(31)].map((text) => text.match(/\|0s/g)?.length)).toEqual([1, 2]);
  });

  it('marks the axis with times of day, and draws every second alike when asked to', () => {
    expect(drawn({ absolute: true }).split('\n')[5]).toMatchInlineSnapshot(
      `"       |00:00:00 // |01:00:04     |01:00:10   |01:00:15"`,
    );
    expect(drawn({ trueScale: true }).split('\n').slice(5)).toMatchInlineSnapshot(`
      [
        "       |0s      |10m    |20m     |30m    |40m     |50m",
        "web-0  A██████████████████████████████████████████████████B▒",
        "web-1  A██████████████████████████████████████████████████B█",
        "",
        "░ creating   ▒ running, not ready   █ ready   × terminating",
        "",
      ]
    `);
  });

  it.each([20, 24, 31, 40, 60, 100, 173, 400])('is never wider than %i columns', (width) => {
    for (const text of [drawn({ width }), drawn({ width, absolute: true })])
      expect(Math.max(...text.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(width);
  });

  it('shows every life and every phase, however long the others last', () => {
    const row = drawn({ width: 30, trueScale: true })
      .split('\n')
      .filter((line) => line.startsWith('web-1'))[0];
    expect(row).toMatch(/^web-1 +A█+B█*$/);
    const long = history(
      `0 create db-0 db-a
       1 ready db-0 db-a
       90000 unready db-0 db-a
       90001 ready db-0 db-a`,
      200_000,
    );
    expect(drawn({ trueScale: true }, long)).toMatch(/db-0 {2}A█+▒█+\n/);
  });

  it('colours by revision, and says no more than without', async () => {
    const coloured = drawn({ paint: await loadRevisionPaint() });
    expect(coloured).toContain('\u001b[46m\u001b[30mA');
    expect(coloured).toContain('\u001b[43m\u001b[30mB');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of them
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(drawn());
  });

  it('draws one instant, and a pod that never was in a set', () => {
    expect(drawn({ width: 30 }, history('0 create lone', 0))).toBe(
      `2026-01-01 00:00:00 to 00:00:…\n\ndefault/(no set)  1 pod\n      |0s\nlone  ░░░░░░░░░░░░░░░░░░░░░░░░\n\n░ creating\n`,
    );
    expect(drawn({}, history('', 0, { transitions: [] }))).toBe('');
  });

  it('counts two columns for letters that take two', () => {
    const cause = '数据库升级到新版本以修复安全问题，请参阅变更单了解详情🚀';
    const of = history('0 create web-0 web-a\n1 ready web-0 web-a', 9, {
      revisions: [{ namespace: 'default', name: 'web-a', number: 1, created: at(0), images: ['a:1'], cause }],
    });
    expect(drawn({}, of).split('\n')[3]).toBe('  A  web-a  a:1  (数据库升级到新版本以修复安全问题，请参阅…');
    expect(drawn({ width: 61 }, of).split('\n')[3]).toBe(
      '  A  web-a  a:1  (数据库升级到新版本以修复安全问题，请参阅变…',
    );
    expect(drawn({ width: 90 }, of).split('\n')[3]).toContain(cause);
  });

  it('lets no name steer the terminal', () => {
    for (const name of HOSTILE) {
      const row = {
        time: new Date(START).toISOString(),
        event: 'create',
        namespace: name,
        pod: name,
        revision: name,
      } as const;
      const text = drawn({ width: 80 }, history('', 5, { transitions: [row] }));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200f\u202e\u2028\u2029]/);
      expect(Math.max(...text.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(80);
    }
  });

  it('keeps the pods that changed last where there is no room for all', () => {
    const { model, left } = latestPods(timelineModel(update()), 1);
    expect([left, model.groups.map(({ lines }) => lines.map(({ pod }) => pod))]).toEqual([1, [['web-0']]]);
    expect(latestPods(timelineModel(update()), 2).left).toBe(0);
  });
});
