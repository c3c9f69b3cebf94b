/** The script of a timeline's page: draws what the page holds, and lets one look closer. It fetches nothing. */
import type { PageData } from '../html';
import { drawLegend } from '../legend';
import { drawAxis, drawPicture, namesWidth, type View } from '../picture';
import { plain } from '../plain';
import { scaleOf } from '../scale';
import type { Picture } from '../shapes';
import { elapsed, instantText } from '../ticks';
import { fill } from './fill';
import { Pointing } from './pointing';
import { Window } from './window';

/** How much more is drawn than can be seen, px: scrolling stays smooth. */
const MARGIN = 800;

const byId = (id: string): HTMLElement => document.getElementById(id) as HTMLElement;

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
  byId('names').textContent =
    model.groups.map(({ namespace, set }) => plain(`${namespace}/${set || '(no set)'}`)).join(', ') ||
    'nothing happened';

  const width = (): number => body.clientWidth || 1000;
  const window_ = new Window(() => ({ left: namesWidth(model, width()), right: width() - 8 }), later);
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
  draw();
}

start();
