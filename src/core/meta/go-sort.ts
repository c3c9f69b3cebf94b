/**
 * Sorts as Go's sort.Sort does, step by step: a pattern-defeating quicksort that is not stable. Where elements are equal, or
 * their order is not strict, the outcome shows which algorithm it was; kubectl's output is sorted by this one.
 */

type Less = (i: number, j: number) => boolean;
type Hint = 'increasing' | 'decreasing' | 'unknown';

/** Ranges up to this long are sorted by insertion. */
const INSERTION_MAX = 12;
const BALANCE = 8;
/** From this length on a pivot is the median of medians, and a nearly sorted range is mended. */
const LONG = 50;
const MOST_SWAPS = 12;
const MENDINGS = 5;

/** Sorts in place, and returns the items. `before` says whether its first argument belongs before the second. */
export function goSort<T>(items: T[], before: (a: T, b: T) => boolean): T[] {
  new Sorter(
    (i, j) => before(items[i] as T, items[j] as T),
    (i, j) => {
      [items[i], items[j]] = [items[j] as T, items[i] as T];
    },
  ).sort(0, items.length, bitLength(items.length));
  return items;
}

const bitLength = (n: number): number => (n === 0 ? 0 : 32 - Math.clz32(n));
const half = (n: number): number => Math.floor(n / 2);

class Sorter {
  constructor(
    private readonly less: Less,
    private readonly swap: (i: number, j: number) => void,
  ) {}

  /** Sorts from `from` up to but not including `to`. `limit` bad pivots are put up with before it becomes a heap sort. */
  sort(from: number, to: number, limit: number): void {
    let [start, end, patience] = [from, to, limit];
    let balanced = true;
    let partitioned = true;
    for (;;) {
      const length = end - start;
      if (length <= INSERTION_MAX || patience === 0) {
        if (length <= INSERTION_MAX) this.insertion(start, end);
        else this.heap(start, end);
        return;
      }
      if (!balanced) {
        this.shuffle(start, end);
        patience -= 1;
      }
      let [pivot, hint] = this.choosePivot(start, end);
      if (hint === 'decreasing') {
        for (let i = start, j = end - 1; i < j; i++, j--) this.swap(i, j);
        pivot = end - 1 - (pivot - start);
        hint = 'increasing';
      }
      if (balanced && partitioned && hint === 'increasing' && this.mend(start, end)) return;
      if (start > 0 && !this.less(start - 1, pivot)) {
        start = this.partitionEqual(start, end, pivot);
        continue;
      }
      const [middle, already] = this.partition(start, end, pivot);
      partitioned = already;
      const [left, right] = [middle - start, end - middle];
      balanced = Math.min(left, right) >= Math.floor(length / BALANCE);
      if (left < right) {
        this.sort(start, middle, patience);
        start = middle + 1;
      } else {
        this.sort(middle + 1, end, patience);
        end = middle;
      }
    }
  }

  private insertion(start: number, end: number): void {
    for (let i = start + 1; i < end; i++) this.sink(i, start);
  }

  /** Moves an element forward until what stands before it belongs there. */
  private sink(at: number, first: number): void {
    for (let j = at; j > first && this.less(j, j - 1); j--) this.swap(j, j - 1);
  }

  private heap(start: number, end: number): void {
    const length = end - start;
    for (let i = half(length - 1); i >= 0; i--) this.siftDown(i, length, start);
    for (let i = length - 1; i >= 0; i--) {
      this.swap(start, start + i);
      this.siftDown(0, i, start);
    }
  }

  private siftDown(from: number, length: number, first: number): void {
    for (let root = from; ; ) {
      let child = 2 * root + 1;
      if (child >= length) return;
      if (child + 1 < length && this.less(first + child, first + child + 1)) child += 1;
      if (!this.less(first + root, first + child)) return;
      this.swap(first + root, first + child);
      root = child;
    }
  }

  /** Less than the pivot to the left, the rest to the right. Says whether it was so already. */
  private partition(start: number, end: number, pivot: number): [middle: number, already: boolean] {
    this.swap(start, pivot);
    let [i, j] = [start + 1, end - 1];
    let swaps = 0;
    for (;;) {
      while (i <= j && this.less(i, start)) i++;
      while (i <= j && !this.less(j, start)) j--;
      if (i > j) break;
      this.swap(i++, j--);
      swaps += 1;
    }
    this.swap(j, start);
    return [j, swaps === 0];
  }

  /** Equal to the pivot to the left, where nothing is less than it. */
  private partitionEqual(start: number, end: number, pivot: number): number {
    this.swap(start, pivot);
    let [i, j] = [start + 1, end - 1];
    for (;;) {
      while (i <= j && !this.less(start, i)) i++;
      while (i <= j && this.less(start, j)) j--;
      if (i > j) return i;
      this.swap(i++, j--);
    }
  }

  /** Sorts a range that nearly is so; false when that would take too long. */
  private mend(start: number, end: number): boolean {
    let i = start + 1;
    for (let step = 0; step < MENDINGS; step++) {
      while (i < end && !this.less(i, i - 1)) i++;
      if (i === end) return true;
      if (end - start < LONG) return false;
      this.swap(i, i - 1);
      if (i - start >= 2) for (let j = i - 1; j >= 1 && this.less(j, j - 1); j--) this.swap(j, j - 1);
      if (end - i >= 2) for (let j = i + 1; j < end && this.less(j, j - 1); j++) this.swap(j, j - 1);
    }
    return false;
  }

  /** Breaks a pattern that made for bad pivots; the same one each time for a length. */
  private shuffle(start: number, end: number): void {
    const length = end - start;
    if (length < BALANCE) return;
    let random = BigInt(length);
    const modulus = 1n << BigInt(bitLength(length));
    const index = start + Math.floor(length / 4) * 2 - 1;
    for (let i = 0; i < 3; i++) {
      random ^= BigInt.asUintN(64, random << 13n);
      random ^= random >> 7n;
      random ^= BigInt.asUintN(64, random << 17n);
      const other = Number(random & (modulus - 1n));
      this.swap(index - 1 + i, start + (other >= length ? other - length : other));
    }
  }

  private choosePivot(start: number, end: number): [pivot: number, hint: Hint] {
    const length = end - start;
    const quarter = Math.floor(length / 4);
    const places = [start + quarter, start + quarter * 2, start + quarter * 3];
    let swaps = 0;
    const median = (one: number, two: number, three: number): number => {
      let [a, b, c] = [one, two, three];
      const order = (first: number, second: number): [number, number] => {
        if (!this.less(second, first)) return [first, second];
        swaps += 1;
        return [second, first];
      };
      [a, b] = order(a, b);
      [b, c] = order(b, c);
      [a, b] = order(a, b);
      return b;
    };
    const [i = 0, j = 0, k = 0] = length >= LONG ? places.map((place) => median(place - 1, place, place + 1)) : places;
    const pivot = length >= BALANCE ? median(i, j, k) : j;
    return [pivot, swaps === 0 ? 'increasing' : swaps === MOST_SWAPS ? 'decreasing' : 'unknown'];
  }
}
