/**
 * What a client that watches has yet to be sent: made into text only as fast as it is read, so that neither a large cluster
 * nor a burst of changes costs anybody the connection. A client that takes in nothing for a while is dropped.
 */
import type { ServerResponse } from 'node:http';
import type { ServerHost, ServerLimits } from './port';

/** Lines that are handed over at once, characters. */
const CHUNK = 64 * 1024;

export class Outbox {
  private readonly waiting: { readonly lines: Iterator<string>; readonly size: number }[] = [];
  /** Changes that wait. */
  private size = 0;
  private isLast = false;
  private isOver = false;
  /** Set while the connection has more than it can send. */
  private patience: (() => void) | undefined;

  constructor(
    private readonly response: ServerResponse,
    private readonly host: Pick<ServerHost, 'after'>,
    private readonly limits: Pick<ServerLimits, 'unreadMs' | 'unreadChanges'>,
  ) {
    response.on('drain', () => this.goOn());
    response.on('close', () => this.forget());
  }

  /** Sends lines after those that wait already. They are made when their turn has come. */
  add(lines: Iterable<string>, size: number): void {
    if (this.isOver || this.isLast) return;
    this.waiting.push({ lines: lines[Symbol.iterator](), size });
    this.size += size;
    if (this.patience === undefined) this.pass();
    else if (this.size > this.limits.unreadChanges) this.drop();
  }

  /** Whether something waits because the client has not read what was sent before. */
  get isBehind(): boolean {
    return this.patience !== undefined;
  }

  /** Ends the answer when all of it is sent. */
  end(): void {
    this.isLast = true;
    if (this.patience === undefined) this.pass();
  }

  private pass(): void {
    while (!this.isOver) {
      const text = this.next();
      if (text === '') break;
      if (this.response.write(text)) continue;
      this.patience = this.host.after(this.limits.unreadMs, () => this.drop());
      return;
    }
    if (!this.isLast || this.isOver) return;
    this.forget();
    this.response.end();
  }

  private next(): string {
    let text = '';
    for (let first = this.waiting[0]; first && text.length < CHUNK; first = this.waiting[0]) {
      const { done, value } = first.lines.next();
      if (!done) text += value;
      else this.size -= this.waiting.shift()?.size ?? 0;
    }
    return text;
  }

  private goOn(): void {
    this.patience?.();
    this.patience = undefined;
    this.pass();
  }

  private drop(): void {
    this.forget();
    this.response.destroy();
  }

  private forget(): void {
    this.isOver = true;
    this.patience?.();
    this.patience = undefined;
    this.waiting.length = 0;
  }
}
