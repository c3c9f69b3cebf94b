/** Shapes as elements. What comes from the cluster becomes text nodes only. */
import type { Picture } from '../shapes';

const SVG = 'http://www.w3.org/2000/svg';

/** Replaces what `svg` shows, but for its patterns. `know` is told of each element that has something to tell. */
export function fill(
  svg: SVGSVGElement,
  { shapes }: Picture,
  know: (element: Element, details: readonly string[]) => void,
): void {
  const all = document.createElementNS(SVG, 'g');
  for (const { tag, attributes, text, details } of shapes) {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
    if (text !== undefined) element.textContent = text;
    if (details) know(element, details);
    all.append(element);
  }
  svg.querySelector(':scope > g')?.remove();
  svg.append(all);
}
