/** A timeline as one SVG file: no scripts, nothing to fetch, what is pointed at tells about itself. */

import { drawLegend } from './legend';
import style from './page/picture.css?page';
import { PATTERNS } from './patterns';
import { drawPicture } from './picture';
import { drawAxis } from './picture-axis';
import { scaleOf } from './scale';
import type { Picture, Shape } from './shapes';
import { instantText } from './ticks';
import type { Model } from './types';

export interface PictureOptions {
  readonly absolute: boolean;
  readonly trueScale: boolean;
}

const WIDTH = 1200;
const MARGIN = 8;

export function timelineSvg(model: Model, options: PictureOptions): string {
  const scale = scaleOf(model, !options.trueScale);
  const view = { width: WIDTH, from: 0, to: 1, absolute: options.absolute };
  const axis = drawAxis(model, scale, view);
  const body = drawPicture(model, scale, view);
  const legend = drawLegend(WIDTH);
  const height = Math.ceil(axis.height + body.height + legend.height + 2 * MARGIN);
  const below = axis.height + body.height + MARGIN;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="timeline" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}">\n` +
    `<title>${escapeXml(titleOf(model))}</title>\n` +
    `<style>${style.trim()}</style>\n${PATTERNS}\n<rect width="${WIDTH}" height="${height}" class="paper"/>\n` +
    `${group(axis, 0)}${group(body, axis.height)}${group(legend, below)}</svg>\n`
  );
}

/** What is drawn, and of which time. */
function titleOf({ groups, from, to }: Model): string {
  if (groups.length === 0) return 'Timeline of nothing';
  const names = groups.map(({ namespace, set }) => `${namespace}/${set || '(no set)'}`).join(', ');
  return `Timeline of ${names}, ${instantText(from)} to ${instantText(to)} UTC`;
}

const group = ({ shapes }: Picture, y: number): string =>
  `<g transform="translate(0 ${Math.round(y * 10) / 10})">\n${shapes.map((shape) => `${element(shape)}\n`).join('')}</g>\n`;

function element({ tag, attributes, text, details }: Shape): string {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`);
  const title = details ? `<title>${escapeXml(details.join('\n'))}</title>` : '';
  return `<${tag}${written.join('')}>${title}${text === undefined ? '' : escapeXml(text)}</${tag}>`;
}

/** Names of objects come from anywhere: what XML can't hold becomes the replacement character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeXml = (text: string): string => text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"']/g, (c) => ENTITIES[c]);
