/** The part of the axis that is shown: moved by wheel, drag, pinch and keys. */

/** Pointers that move less than this have clicked, px. */
const CLICK = 4;

export class Window {
  from = 0;
  to = 1;
  private readonly pointers = new Map<number, number>();
  private moved = 0;

  constructor(
    /** Where the axis begins and ends, px. */
    private readonly edges: () => { readonly left: number; readonly right: number },
    private readonly changed: () => void,
    /** The closest look: this part of the whole. */
    private readonly closest: () => number,
  ) {}

  fit(): void {
    this.set(0, 1);
  }

  /** @param factor below 1 to look closer @param at what stays where it is, from 0 to 1 of what is shown */
  zoom(factor: number, at = 0.5): void {
    const length = Math.min(1, Math.max(this.closest(), (this.to - this.from) * factor));
    const middle = this.from + (this.to - this.from) * at;
    this.set(middle - length * at, middle + length * (1 - at));
  }

  /** Shows this part, with something around it. */
  look(from: number, to: number): void {
    const length = Math.max(this.closest(), (to - from) * 1.5);
    this.set((from + to - length) / 2, (from + to + length) / 2);
  }

  /** @param part of what is shown */
  pan(part: number): void {
    const by = (this.to - this.from) * part;
    this.set(this.from + by, this.to + by);
  }

  listen(body: SVGSVGElement): void {
    body.addEventListener('wheel', (event) => this.wheel(body, event), { passive: false });
    body.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      this.moved = 0;
      this.pointers.set(event.pointerId, event.clientX);
    });
    body.addEventListener('pointermove', (event) => this.drag(body, event));
    for (const type of ['pointerup', 'pointercancel', 'lostpointercapture'] as const)
      body.addEventListener(type, (event) => {
        this.pointers.delete(event.pointerId);
        body.classList.remove('dragged');
      });
    // The end of a drag is no click.
    body.addEventListener('click', (event) => this.moved > CLICK && event.stopImmediatePropagation(), true);
    body.addEventListener('dblclick', (event) => this.zoom(1 / 2, this.part(body, event.clientX)));
  }

  /** Over a page that scrolls, the wheel scrolls: Ctrl or Shift, or sideways, is for time. */
  private wheel(body: SVGSVGElement, event: WheelEvent): void {
    const { left, right } = this.edges();
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      this.pan((event.deltaX || event.deltaY) / (right - left));
    } else if (event.ctrlKey || event.metaKey || document.documentElement.scrollHeight <= window.innerHeight) {
      event.preventDefault();
      this.zoom(2 ** (Math.max(-120, Math.min(120, event.deltaY)) / 240), this.part(body, event.clientX));
    }
  }

  /** One pointer moves time along, two stretch it. */
  private drag(body: SVGSVGElement, { pointerId, clientX }: PointerEvent): void {
    const before = this.pointers.get(pointerId);
    if (before === undefined) return;
    const { left, right } = this.edges();
    this.moved += Math.abs(clientX - before);
    if (this.moved > CLICK && !body.hasPointerCapture?.(pointerId)) {
      body.setPointerCapture?.(pointerId);
      body.classList.add('dragged');
    }
    const other = [...this.pointers].find(([id]) => id !== pointerId)?.[1];
    this.pointers.set(pointerId, clientX);
    if (other === undefined) this.pan((before - clientX) / (right - left));
    else if (clientX !== other)
      this.zoom(
        Math.max(0.5, Math.min(2, Math.abs(before - other) / Math.abs(clientX - other))),
        this.part(body, other),
      );
  }

  /** Where a point of the screen is in what is shown, from 0 to 1. */
  private part(body: SVGSVGElement, clientX: number): number {
    const { left, right } = this.edges();
    const x = clientX - body.getBoundingClientRect().left;
    return Math.min(1, Math.max(0, (x - left) / (right - left)));
  }

  private set(from: number, to: number): void {
    const length = Math.min(1, to - from);
    this.from = Math.min(1 - length, Math.max(0, from));
    this.to = this.from + length;
    this.changed();
  }
}
