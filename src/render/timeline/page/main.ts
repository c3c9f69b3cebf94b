/** The script of a timeline's page: draws what the page holds, and lets one look closer. It fetches nothing. */

import { namesWidth, type View } from '../frame';
import type { PageData } from '../html';
import { drawLegend } from '../legend';
import { drawPicture } from '../picture';
import { drawAxis } from '../picture-axis';
import { plain, shortened } from '../plain';
import { positionOf, scaleOf } from '../scale';
import type { Picture } from '../shapes';
import { elapsed, instantText } from '../ticks';
import type { Model } from '../types';
import { fill } from './fill';
import { Pointing } from './pointing';
import { fillOutages } from './table';
import { Window } from './window';

/** How much more is drawn than can be seen, px: scrolling stays smooth. */
const MARGIN = 800;

const MOST_NAMES = 6;
const LONGEST_NAME = 80;
/** A look that is closer than this shows nothing more. */
const CLOSEST_MS = 20;

const byId = (id: string): HTMLElement => document.getElementById(id) as HTMLElement;

/** The sets by name, unless there are too many. */
function titleOf({ groups }: Model): string {
  if (groups.length === 0) return 'nothing happened';
  const names = groups.slice(0, MOST_NAMES).map(({ namespace, set }) => `${namespace}/${set || '(no set)'}`);
  if (groups.length > MOST_NAMES) names.push(`${groups.length - MOST_NAMES} more`);
  return names.map((name) => shortened(plain(name), LONGEST_NAME)).join(', ');
}

function start(): void {
  const { model, options }: PageData = JSON.parse(byId('data').textContent ?? '');
  const [axis, body, legend] = ['axis', 'body', 'legend'].map(
    (id) => document.getElementById(id) as unknown as SVGSVGElement,
  );
  let compress = !options.trueScale;
  let absolute = options.absolute;
  let scale = scaleOf(model, compress);
  let printing = false;
  let waiting = false;

  byId('range').textContent =
    `${instantText(model.from)} to ${instantText(model.to)} UTC, ${elapsed(model.to - model.from)}`;
  byId('names').textContent = titleOf(model);

  const width = (): number => body.clientWidth || 1000;
  const closest = (): number => {
    const perMs = scale.pieces.filter(({ length }) => length > 0).map(({ from, to, length }) => length / (to - from));
    return Math.min(1, CLOSEST_MS * Math.min(...perMs));
  };
  const window_ = new Window(() => ({ left: namesWidth(model, width()), right: width() - 8 }), later, closest);
  const pointing = new Pointing(byId('tip'), body, axis);

  function draw(): void {
    waiting = false;
    const top = -body.getBoundingClientRect().top;
    const view: View = {
      width: width(),
      from: window_.from,
      to: window_.to,
      absolute,
      ...(!printing && { top: top - MARGIN, bottom: top + window.innerHeight + MARGIN }),
    };
    pointing.forget();
    for (const [action, on] of Object.entries({ compress, absolute }))
      document.querySelector(`[data-action=${action}]`)?.setAttribute('aria-pressed', String(on));
    show(axis, drawAxis(model, scale, view));
    show(body, drawPicture(model, scale, view));
    show(legend, drawLegend(view.width));
  }

  function show(svg: SVGSVGElement, picture: Picture): void {
    svg.setAttribute('height', String(picture.height));
    fill(svg, picture, (element, details) => pointing.know(element, details));
  }

  /** Many wheel turns are one drawing. */
  function later(): void {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(draw);
  }

  const actions: Readonly<Record<string, () => void>> = {
    in: () => window_.zoom(1 / 1.5),
    out: () => window_.zoom(1.5),
    fit: () => window_.fit(),
    left: () => window_.pan(-0.15),
    right: () => window_.pan(0.15),
    outages: () => byId('outages').scrollIntoView(),
    compress: () => {
      compress = !compress;
      scale = scaleOf(model, compress);
      window_.fit();
    },
    absolute: () => {
      absolute = !absolute;
      later();
    },
  };
  const keys: Readonly<Record<string, string>> = {
    ...{
      '+': 'in',
      '=': 'in',
      '-': 'out',
      '0': 'fit',
      ArrowLeft: 'left',
      ArrowRight: 'right',
      c: 'compress',
      t: 'absolute',
      n: 'outages',
    },
  };
  for (const button of document.querySelectorAll<HTMLElement>('button[data-action]'))
    button.addEventListener('click', () => actions[button.dataset.action ?? '']?.());
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') pointing.release();
    const action = keys[event.key];
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    actions[action]?.();
  });
  window_.listen(body);
  window.addEventListener('resize', later);
  window.addEventListener('scroll', later, { passive: true });
  // Paper has no scroll bar: everything is drawn.
  window.addEventListener('beforeprint', () => {
    printing = true;
    draw();
  });
  window.addEventListener('afterprint', () => {
    printing = false;
    draw();
  });
  const outages = fillOutages(byId('outages'), model, (from, to) => {
    window_.look(positionOf(scale, from), positionOf(scale, to));
    byId('names').scrollIntoView();
  });
  const list = document.querySelector('[data-action=outages]') as HTMLElement;
  list.textContent = `not ready: ${outages}`;
  draw();
}

start();
