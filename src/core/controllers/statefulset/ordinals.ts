/** A sorted set of ordinals: find, add and remove by binary search, lowest and highest at hand. */
export class OrdinalSet {
  private readonly items: number[] = [];

  get size(): number {
    return this.items.length;
  }

  add(ordinal: number): void {
    const at = this.lowerBound(ordinal);
    if (this.items[at] !== ordinal) this.items.splice(at, 0, ordinal);
  }

  delete(ordinal: number): void {
    const at = this.lowerBound(ordinal);
    if (this.items[at] === ordinal) this.items.splice(at, 1);
  }

  has(ordinal: number): boolean {
    return this.items[this.lowerBound(ordinal)] === ordinal;
  }

  set(ordinal: number, member: boolean): void {
    if (member) this.add(ordinal);
    else this.delete(ordinal);
  }

  lowest(): number | undefined {
    return this.items[0];
  }

  highest(): number | undefined {
    return this.items[this.items.length - 1];
  }

  /** The lowest member that is at least `from`. */
  atLeast(from: number): number | undefined {
    return this.items[this.lowerBound(from)];
  }

  /** The highest member that is at most `to`. */
  atMost(to: number): number | undefined {
    const at = this.lowerBound(to + 1) - 1;
    return at < 0 ? undefined : this.items[at];
  }

  clear(): void {
    this.items.length = 0;
  }

  /** A copy in ascending order. */
  values(): number[] {
    return this.items.slice();
  }

  private lowerBound(ordinal: number): number {
    let low = 0;
    let high = this.items.length;
    if (high === 0 || (this.items[high - 1] as number) < ordinal) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.items[middle] as number) < ordinal) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
