/** What a part of the picture tells when one points at it; a click keeps it, so that it can be read and copied. */

export class Pointing {
  private known = new WeakMap<Element, readonly string[]>();
  private pinned = false;

  constructor(
    private readonly tip: HTMLElement,
    body: Element,
    axis: Element,
  ) {
    body.addEventListener('pointermove', (event) => this.move(event as PointerEvent));
    body.addEventListener('pointerleave', () => this.hide());
    axis.addEventListener('pointermove', () => this.hide());
    body.addEventListener('click', (event) => this.click(event as MouseEvent));
  }

  know(element: Element, details: readonly string[]): void {
    this.known.set(element, details);
  }

  /** The elements are about to be replaced. */
  forget(): void {
    this.known = new WeakMap();
    this.hide();
  }

  release(): void {
    this.pinned = false;
    this.tip.classList.remove('pinned');
    this.hide();
  }

  private move(event: PointerEvent): void {
    if (this.pinned) return;
    const details = this.detailsAt(event);
    if (details) this.show(details, event);
    else this.hide();
  }

  private click(event: MouseEvent): void {
    const details = this.detailsAt(event);
    this.release();
    if (!details) return;
    this.show(details, event);
    this.pinned = true;
    this.tip.classList.add('pinned');
  }

  private detailsAt({ target }: MouseEvent): readonly string[] | undefined {
    return target instanceof Element ? this.known.get(target) : undefined;
  }

  private show(details: readonly string[], { clientX, clientY }: MouseEvent): void {
    const lines = details.map((text, i) => {
      const line = document.createElement('div');
      line.textContent = text;
      if (i === 0 || details[i - 1] === '') line.className = 'lead';
      return line;
    });
    this.tip.replaceChildren(...lines);
    this.tip.hidden = false;
    const { width, height } = this.tip.getBoundingClientRect();
    const x = Math.max(4, Math.min(clientX + 14, window.innerWidth - width - 8));
    const below = clientY + 16;
    const y = below + height > window.innerHeight - 4 ? Math.max(4, clientY - height - 12) : below;
    this.tip.style.left = `${x}px`;
    this.tip.style.top = `${y}px`;
  }

  private hide(): void {
    if (!this.pinned) this.tip.hidden = true;
  }
}
