/** The page runs here in jsdom, which parses as browsers do and runs scripts when told to. */

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { JSDOM, type JsdomElement, type JsdomWindow, VirtualConsole } from 'jsdom';
import { afterEach, describe, expect, it } from 'vitest';
import { timelinePage } from '../../../src/render/timeline/html';
import { timelineModel } from '../../../src/render/timeline/model';
import type { History } from '../../../src/render/timeline/types';
import { at, event, HOSTILE, history, update } from './history';

const OPTIONS = { absolute: false, trueScale: false };
const page = (of: History = update()): string => timelinePage(timelineModel(of), OPTIONS);

interface Opened {
  readonly window: JsdomWindow;
  readonly body: JsdomElement;
  readonly tip: JsdomElement;
  /** What went wrong in the page, what it would have asked the network for, and dialogs. */
  readonly troubles: string[];
}

const windows: JsdomWindow[] = [];
afterEach(() => {
  for (const window of windows.splice(0)) window.close();
});

function open(html: string): Opened {
  const troubles: string[] = [];
  const virtualConsole = new VirtualConsole().on('jsdomError', (error) => void troubles.push(error.message));
  const { window } = new JSDOM(html, {
    runScripts: 'dangerously',
    pretendToBeVisual: true,
    virtualConsole,
    beforeParse: (created) =>
      void Object.assign(created, {
        alert: (text: string) => troubles.push(`alert ${text}`),
        fetch: (url: string) => troubles.push(`fetch ${url}`),
      }),
  });
  windows.push(window);
  const find = (id: string): JsdomElement => window.document.querySelector(`#${id}`) as JsdomElement;
  return { window, body: find('body'), tip: find('tip'), troubles };
}

const all = (element: JsdomElement, selector: string): JsdomElement[] => Array.from(element.querySelectorAll(selector));
const widths = ({ body }: Opened): number[] => all(body, '.bar').map((bar) => Number(bar.getAttribute('width')));
const ticks = ({ window }: Opened): string[] =>
  all(window.document, '#axis .tick-label').map(({ textContent }) => textContent);
const lines = ({ tip }: Opened): string[] => Array.from(tip.children).map(({ textContent }) => textContent);
const nextFrame = ({ window }: Opened): Promise<void> =>
  new Promise((done) => void window.requestAnimationFrame(() => done()));

async function press(opened: Opened, key: string): Promise<void> {
  opened.window.document.body.dispatchEvent(new opened.window.KeyboardEvent('keydown', { key, bubbles: true }));
  await nextFrame(opened);
}

describe('the page of a timeline', () => {
  it('draws what it holds', () => {
    const opened = open(page());
    expect(opened.troubles).toEqual([]);
    expect(opened.window.document.querySelector('h1')?.textContent).toBe('default/web');
    expect(opened.window.document.querySelector('#range')?.textContent).toBe(
      '2026-01-01 00:00:00 to 2026-01-01 01:00:20 UTC, 1h',
    );
    expect(all(opened.body, '.pod').map(({ textContent }) => textContent)).toEqual(['web-0', 'web-1']);
    expect(all(opened.body, '.bar').map((bar) => bar.getAttribute('class'))).toEqual([
      ...['bar creating r0', 'bar ready r0', 'bar terminating r0', 'bar creating r1', 'bar unready r1'],
      ...['bar creating r0', 'bar ready r0', 'bar terminating r0', 'bar creating r1', 'bar ready r1'],
    ]);
    expect(all(opened.body, '.letter').map(({ textContent }) => textContent)).toEqual(['A', 'B', 'A', 'B', 'A', 'B']);
  });

  it('tells about what one points at, and keeps it after a click', () => {
    const opened = open(page(update({ events: [event('web-0', 3612, 'no answer', { type: 'Warning' })] })));
    const { window, body, tip } = opened;
    const point = (type: string, element: JsdomElement) =>
      element.dispatchEvent(new window.MouseEvent(type, { bubbles: true, clientX: 5, clientY: 5 }));
    expect(tip.hidden).toBe(true);
    point('pointermove', all(body, '.bar.terminating')[0]);
    expect([tip.hidden, ...lines(opened)]).toEqual([
      false,
      'default/web-0: terminating',
      '2026-01-01 01:00:08 to 2026-01-01 01:00:10, 2s',
      'revision A: web-aaa, number 1',
      'nginx:1.21',
    ]);
    point('pointermove', body);
    expect(tip.hidden).toBe(true);
    point('click', all(body, '.warning')[0]);
    point('pointermove', all(body, '.bar')[0]);
    expect(lines(opened)).toEqual(['Warning: Started, pod web-0', '2026-01-01 01:00:12, kubelet', 'no answer']);
    window.document.body.dispatchEvent(new window.KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    expect(tip.hidden).toBe(true);
  });

  it('looks closer and moves by keys, wheel, drag and buttons', async () => {
    const opened = open(page());
    const { window, body } = opened;
    const before = widths(opened);
    await press(opened, '+');
    expect(widths(opened).length).toBeLessThanOrEqual(before.length);
    expect(Math.max(...widths(opened))).toBeGreaterThan(Math.max(...before) * 0.99);
    const closer = all(body, '.bar').map((bar) => bar.getAttribute('x'));
    await press(opened, 'ArrowRight');
    expect(all(body, '.bar').map((bar) => bar.getAttribute('x'))).not.toEqual(closer);
    await press(opened, '0');
    expect(widths(opened)).toEqual(before);

    body.dispatchEvent(new window.WheelEvent('wheel', { deltaY: -200, ctrlKey: true, clientX: 500, cancelable: true }));
    await nextFrame(opened);
    const zoomed = widths(opened);
    expect(zoomed).not.toEqual(before);
    const drag = (type: string, clientX: number): boolean =>
      body.dispatchEvent(new window.MouseEvent(type, { bubbles: true, button: 0, clientX }));
    drag('pointerdown', 500);
    drag('pointermove', 400);
    drag('pointerup', 400);
    await nextFrame(opened);
    expect(widths(opened)).not.toEqual(zoomed);
    (window.document.querySelector('[data-action=fit]') as JsdomElement).click();
    await nextFrame(opened);
    expect(widths(opened)).toEqual(before);
    expect(opened.troubles).toEqual([]);
  });

  it('draws every second alike and times of day when asked to', async () => {
    const opened = open(page());
    expect(all(opened.body, '.quiet')).toHaveLength(1);
    expect(ticks(opened)[0]).toBe('0s');
    await press(opened, 't');
    expect(ticks(opened)[0]).toBe('00:00:00');
    await press(opened, 'c');
    expect(all(opened.body, '.quiet')).toHaveLength(0);
    expect(ticks(opened)).toContain('00:30:00');
  });

  it('lists what was not ready, with warnings, and looks at a row that one chooses', async () => {
    const opened = open(
      page(update({ events: [event('web-0', 3612, 'no <b>answer</b>', { type: 'Warning', count: 3 })] })),
    );
    const { window, body } = opened;
    const rows = all(window.document, '#outages tbody tr').map((row) =>
      Array.from(row.children).map(({ textContent }) => textContent),
    );
    expect(rows).toEqual([
      ['default/web-1', '2026-01-01 01:00:04', '4s', 'terminating 2s \u2192 creating 2s', 'A \u2192 B', ''],
      [
        ...['default/web-0', '2026-01-01 01:00:08', '12s so far'],
        'terminating 2s \u2192 creating 1s \u2192 running, not ready 9s',
        ...['A \u2192 B', 'Started (3 times): no <b>answer</b>'],
      ],
    ]);
    expect(all(window.document, '[data-action=outages]').map(({ textContent }) => textContent)).toEqual([
      'not ready: 2',
    ]);
    const before = widths(opened);
    all(window.document, '#outages tbody button')[0].click();
    await nextFrame(opened);
    expect(widths(opened)).not.toEqual(before);
    expect(all(body, '.bar.terminating').length).toBeGreaterThan(0);
    const { window: quiet } = open(page(history('0 create web-0 web-a\n1 ready web-0 web-a', 9)));
    expect(quiet.document.querySelector('#outages p')?.textContent).toBe('Every pod stayed ready once it had been.');
    expect((quiet.document.querySelector('#outages table') as JsdomElement).hidden).toBe(true);
  });

  it('says which of its switches are on, and names no more sets than one can read', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `0 create s${i}-0 s${i}-a`).join('\n');
    const opened = open(page(history(names, 5)));
    const { window } = opened;
    expect(window.document.querySelector('h1')?.textContent).toBe(
      'default/s0, default/s1, default/s10, default/s11, default/s12, default/s13, 34 more',
    );
    const pressed = (): (string | null)[] =>
      ['compress', 'absolute'].map((action) =>
        all(window.document, `[data-action=${action}]`)[0].getAttribute('aria-pressed'),
      );
    expect(pressed()).toEqual(['true', 'false']);
    await press(opened, 't');
    await press(opened, 'c');
    expect(pressed()).toEqual(['false', 'true']);
  });

  it('keeps the events of one mark apart, warnings first', () => {
    const opened = open(
      page(
        update({
          events: [
            event('web-0', 3612, 'usual'),
            event('web-0', 3612, 'no answer', { type: 'Warning', reason: 'Failed' }),
          ],
        }),
      ),
    );
    const { window, body } = opened;
    all(body, '.warning')[0].dispatchEvent(
      new window.MouseEvent('pointermove', { bubbles: true, clientX: 5, clientY: 5 }),
    );
    expect(lines(opened)).toEqual([
      ...['Warning: Failed, pod web-0', '2026-01-01 01:00:12, kubelet', 'no answer', ''],
      ...['Started, pod web-0', '2026-01-01 01:00:12, kubelet', 'usual'],
    ]);
  });

  it('draws only the pods in sight, and all of them on paper', () => {
    const many = Array.from({ length: 500 }, (_, i) => `${i} create web-${i} web-a\n${i + 1} ready web-${i} web-a`);
    const opened = open(page(history(many.join('\n'), 501)));
    const { window, body } = opened;
    expect(all(body, '.pod').length).toBeLessThan(150);
    expect(Number(body.getAttribute('height'))).toBeGreaterThan(500 * 20);
    window.dispatchEvent(new window.Event('beforeprint'));
    expect(all(body, '.pod').length).toBe(500);
    window.dispatchEvent(new window.Event('afterprint'));
    expect(all(body, '.pod').length).toBeLessThan(150);
  });

  it('says so when nothing happened', () => {
    const { window, troubles } = open(page(history('', 0, { transitions: [] })));
    expect([window.document.querySelector('h1')?.textContent, troubles]).toEqual(['nothing happened', []]);
  });

  it.each(HOSTILE)('lets hostile text do nothing: %.20j', async (name) => {
    const row = { time: at(0), event: 'create', namespace: name, pod: `${name}-0`, revision: `${name}-x` } as const;
    const html = page(
      history('', 9, {
        transitions: [row],
        revisions: [{ namespace: name, name: `${name}-x`, number: 1, created: at(0), images: [name], cause: name }],
        claims: [{ namespace: name, name: `${name}-${name}-0`, created: at(0), phase: name }],
        events: [event(`${name}-0`, 1, name, { namespace: name, reason: name, source: name, type: name })],
      }),
    );
    const usual = open(page());
    const opened = open(html);
    const { window, body } = opened;
    for (const element of all(body, '.bar, .note, .pod, .heading, .claim, .swatch, .made'))
      for (const type of ['pointermove', 'click'])
        element.dispatchEvent(new window.MouseEvent(type, { bubbles: true, clientX: 5, clientY: 5 }));
    await press(opened, '+');
    await new Promise((done) => setTimeout(done, 5));
    expect([window.pwned, opened.troubles, window.document.title]).toEqual([undefined, [], 'Timeline']);
    // The same elements as ever, and attributes in which nothing of it stands.
    const outside = ({ window: { document } }: Opened): string[] =>
      all(document, 'body > *, header > *').map(({ tagName }) => tagName);
    expect(outside(opened)).toEqual(outside(usual));
    const tags = new Set(all(window.document, '#body *, #tip *').map(({ tagName }) => tagName));
    expect([...tags].filter((tag) => !/^(defs|pattern|path|g|rect|line|text|DIV)$/.test(tag))).toEqual([]);
    const names = new Set(
      all(window.document, '#body *, #tip *, #tip, header *').flatMap(({ attributes }) =>
        Array.from(attributes).map((attribute) => attribute.name),
      ),
    );
    expect([...names].filter((attribute) => /^on|href|src$/.test(attribute))).toEqual([]);
  });

  it('allows its own script and style by their hashes, and nothing else', () => {
    for (const html of [page(), page(update({ events: [event('web-0', 1, HOSTILE.join(' '))] }))]) {
      const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
      const inline = (tag: string): string[] =>
        [...html.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map(
          ([, text]) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
        );
      expect([inline('script').length, inline('style').length]).toEqual([1, 1]);
      expect(policy.split('; ')).toEqual([
        "default-src 'none'",
        `script-src ${inline('script')[0]}`,
        `style-src ${inline('style')[0]}`,
        "base-uri 'none'",
        "form-action 'none'",
      ]);
      // A style attribute would be refused; so would anything that is fetched.
      expect(html).not.toMatch(/<[a-z][^<>]*\s(style|src|href|on\w+)=|<link|<img|<iframe|@import/i);
    }
  });

  it('has a script that the type checker agrees with', () => {
    const root = fileURLToPath(new URL('../../..', import.meta.url));
    const folder = join(root, 'src/render/timeline/page');
    expect(readdirSync(folder)).toContain('tsconfig.json');
    const { status, stdout } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder],
      {
        encoding: 'utf8',
      },
    );
    expect([status, stdout]).toEqual([0, '']);
  });
});
