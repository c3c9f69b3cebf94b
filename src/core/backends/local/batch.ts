/**
 * Calls of many clients, one after the other, that are saved together: whatever waits while one is at work shares its trip to
 * the disk. Nobody is answered before everything that he was told of is saved.
 */

/** A call. `run` may happen again as long as nobody was told of it, and nothing of it is left. */
export interface Job {
  /** Does it. Returns how to answer, and whether that stands whatever happens to the cluster. */
  run(): Promise<{ answer(): void; readonly isFinal: boolean }>;
  fail(error: unknown): void;
}

export interface BatchPort {
  /** ms */
  now(): number;
  /** Brings the cluster up to date; locked where that changed anything. */
  present(): Promise<unknown>;
  /** Grows whenever the cluster is replaced by another: what was read before is not what is there. */
  epoch(): number;
  save(): Promise<void>;
  /** Does something when nobody else is at work. */
  exclusively(work: () => Promise<void>): Promise<void>;
}

/** The most calls that are saved together, and how long the first may have to wait for the last, ms. */
const MOST = 100;
const LONGEST_MS = 50;

interface Done {
  readonly job: Job;
  answer(): void;
  isFinal: boolean;
  epoch: number;
}

export class Batch {
  private readonly jobs: Job[] = [];
  private isWorking = false;

  constructor(private readonly port: BatchPort) {}

  add(job: Job): void {
    this.jobs.push(job);
    this.goOn();
  }

  private goOn(): void {
    if (this.isWorking || this.jobs.length === 0) return;
    this.isWorking = true;
    void this.port.exclusively(() => this.work());
  }

  private async work(): Promise<void> {
    const { port } = this;
    const begun = port.now();
    const all: Done[] = [];
    try {
      for (let job = this.jobs.shift(); job; job = this.jobs.shift()) {
        const done: Done = { job, answer: () => {}, isFinal: false, epoch: -1 };
        all.push(done);
        await this.perform(done);
        if (all.length >= MOST || port.now() - begun >= LONGEST_MS) break;
      }
      await this.settle(all);
      await port.save();
      for (const { answer } of all) answer();
    } catch (error) {
      for (const { job } of all) job.fail(error);
    } finally {
      this.isWorking = false;
      this.goOn();
    }
  }

  /** Does again what another process overtook, or what went down with another call: nothing of it is left. */
  private async settle(all: readonly Done[]): Promise<void> {
    for (;;) {
      await this.port.present();
      const stale = all.filter(({ isFinal, epoch }) => !isFinal && epoch !== this.port.epoch());
      if (stale.length === 0) return;
      for (const done of stale) await this.perform(done);
    }
  }

  private async perform(done: Done): Promise<void> {
    await this.port.present();
    Object.assign(done, await done.job.run());
    done.epoch = this.port.epoch();
  }
}
