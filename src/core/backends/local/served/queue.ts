/** One thing at a time, in the order of the calls. */
export class Queue {
  private last: Promise<void> = Promise.resolve();

  /** Waits until it is one's turn. Returns how to end it. */
  async turn(): Promise<() => void> {
    const before = this.last;
    let done = (): void => {};
    this.last = new Promise<void>((resolve) => {
      done = resolve;
    });
    await before;
    return done;
  }

  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    const done = await this.turn();
    try {
      return await work();
    } finally {
      done();
    }
  }
}
