import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { timelineModel } from '../../../src/render/timeline/model';
import { drawPicture } from '../../../src/render/timeline/picture';
import { scaleOf } from '../../../src/render/timeline/scale';
import { timelineSvg } from '../../../src/render/timeline/svg';
import { at, event, HOSTILE, history, START, update } from './history';

const OPTIONS = { absolute: false, trueScale: false };
const svg = (of = update()): string => timelineSvg(timelineModel(of), OPTIONS);

/** Titles of the elements of a class, their lines joined. */
const told = (text: string, kind: string): string[] =>
  [...text.matchAll(new RegExp(`<\\w+ class="[^"]*\\b${kind}\\b[^"]*"[^>]*><title>([^<]*)</title>`, 'g'))].map(
    ([, title]) => title.replaceAll('\n', ' | '),
  );

describe('a timeline as SVG', () => {
  it('tells of phases, revisions, claims, events and quiet time where one points', () => {
    const text = svg(
      update({
        claims: [{ namespace: 'default', name: 'www-web-0', created: at(0), phase: 'Bound' }],
        events: [event('web-0', 3612, 'no answer', { type: 'Warning', reason: 'Unhealthy', count: 3, last: at(3619) })],
      }),
    );
    expect(told(text, 'terminating')).toEqual([
      'default/web-0: terminating | 2026-01-01 01:00:08 to 2026-01-01 01:00:10, 2s | revision A: web-aaa, number 1 | nginx:1.21',
      'default/web-1: terminating | 2026-01-01 01:00:04 to 2026-01-01 01:00:06, 2s | revision A: web-aaa, number 1 | nginx:1.21',
    ]);
    expect(told(text, 'unready')).toEqual([
      'default/web-0: running, not ready | since 2026-01-01 01:00:11, 9s so far | revision B: web-bbb, number 2 | nginx:1.22 | newer',
    ]);
    expect(told(text, 'claim-bound')).toEqual(['claim www-web-0: bound | since 2026-01-01 00:00:00, 1h so far']);
    expect(told(text, 'warning')).toEqual([
      'Warning: Unhealthy, pod web-0 | 2026-01-01 01:00:12 (3 times until 2026-01-01 01:00:19), kubelet | no answer',
    ]);
    expect(told(text, 'quiet')).toEqual(['nothing changed for 1h']);
    expect(told(text, 'made')).toHaveLength(2);
  });

  it('needs nothing else: no scripts, no addresses', () => {
    expect(svg()).not.toMatch(/<script|<a |href|<image|@import|<foreignObject|\bon\w+=/i);
    expect(svg().match(/https?:\/\/[^"]*/g)).toEqual(['http://www.w3.org/2000/svg']);
    expect([...svg().matchAll(/url\(([^)]*)\)/g)].map(([, to]) => to)).toEqual(['#dots', '#slashes', '#crosses']);
  });

  it('draws nothing as a picture too', () => {
    expect(timelineSvg(timelineModel(history('0 create a', 1), { until: START - 1 }), OPTIONS)).toMatch(
      /^<svg [\s\S]*<title>Timeline of nothing<\/title>[\s\S]*<\/svg>\n$/,
    );
  });

  it.each(HOSTILE)('holds hostile text as text: %.20j', (name) => {
    const row = { time: at(0), event: 'create', namespace: name, pod: `${name}-0`, revision: `${name}-x` } as const;
    const text = svg(
      history('', 9, {
        transitions: [row],
        revisions: [{ namespace: name, name: `${name}-x`, number: 1, created: at(0), images: [name], cause: name }],
        claims: [{ namespace: name, name: `${name}-${name}-0`, created: at(0), phase: 'Bound' }],
        events: [event(`${name}-0`, 1, name, { namespace: name, reason: name, source: name })],
      }),
    );
    // Strict XML: a wrong entity, or a tag that does not end, is an error.
    const { window } = new JSDOM('');
    const Parser = window.DOMParser as new () => {
      parseFromString(text: string, type: string): typeof window.document;
    };
    const document = new Parser().parseFromString(text, 'application/xml');
    expect(document.querySelector('parsererror')).toBeNull();
    const tags = new Set([...Array.from(document.querySelectorAll('*'))].map(({ tagName }) => tagName));
    expect([...tags].sort()).toEqual(
      [...['defs', 'g', 'line', 'path', 'pattern', 'rect', 'style', 'svg', 'text', 'title']].sort(),
    );
    window.close();
  });

  it('stays in its frame, and draws only what can be seen when asked to', () => {
    const model = timelineModel(update());
    const scale = scaleOf(model);
    const view = { width: 800, from: 0.2, to: 0.4, absolute: false };
    const { shapes, height } = drawPicture(model, scale, view);
    for (const { tag, attributes } of shapes) {
      if (tag !== 'rect') continue;
      expect(Number(attributes.x)).toBeGreaterThanOrEqual(0);
      expect(Number(attributes.x) + Number(attributes.width)).toBeLessThanOrEqual(800);
      expect(Number(attributes.width)).toBeGreaterThan(0);
    }
    const part = drawPicture(model, scale, { ...view, top: height - 5, bottom: height });
    expect(part.height).toBe(height);
    expect(part.shapes.filter(({ text }) => text?.startsWith('web-')).map(({ text }) => text)).toEqual(['web-1']);
  });
});
