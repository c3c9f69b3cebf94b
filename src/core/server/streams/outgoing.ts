/**
 * The messages that wait for a client of many channels: handed over as it takes them in, in order, so that a large output costs
 * a quick client nothing. One that takes in nothing for a while, or for which too much waits, is dropped.
 */
import type { WebSocket } from 'ws';
import type { ServerHost, ServerLimits } from '../port';

/** Handed over at once, bytes. */
const AHEAD = 256 * 1024;

export class Outgoing {
  private readonly waiting: { readonly channel: number; readonly bytes: Uint8Array }[] = [];
  /** Bytes that wait. */
  private size = 0;
  /** Bytes that were handed over and not taken in yet. */
  private underway = 0;
  private patience: (() => void) | undefined;
  private last: { readonly code: number; readonly why: string } | undefined;
  private isOver = false;

  constructor(
    private readonly socket: Pick<WebSocket, 'send' | 'close' | 'terminate'>,
    private readonly host: Pick<ServerHost, 'after'>,
    private readonly limits: Pick<ServerLimits, 'unreadMs' | 'unreadBytes'>,
  ) {}

  /** `bytes` must not be changed afterwards. */
  add(channel: number, bytes: Uint8Array): void {
    if (this.isOver || this.last) return;
    this.waiting.push({ channel, bytes });
    this.size += bytes.length;
    this.pass();
    if (this.size > this.limits.unreadBytes) this.drop();
  }

  /** Closes the connection after all that waits. */
  end(code: number, why: string): void {
    this.last ??= { code, why };
    this.pass();
  }

  /** Nothing more is sent. */
  forget(): void {
    this.isOver = true;
    this.waiting.length = 0;
    this.patience?.();
    this.patience = undefined;
  }

  private pass(): void {
    while (!this.isOver && this.underway < AHEAD) {
      const next = this.waiting.shift();
      if (!next) break;
      this.size -= next.bytes.length;
      this.send(next.channel, next.bytes);
    }
    if (this.isOver || !this.last || this.waiting.length > 0) return;
    const { code, why } = this.last;
    this.isOver = true;
    this.socket.close(code, why);
  }

  private send(channel: number, bytes: Uint8Array): void {
    const message = new Uint8Array(bytes.length + 1);
    message[0] = channel;
    message.set(bytes, 1);
    this.underway += message.length;
    this.patience ??= this.host.after(this.limits.unreadMs, () => this.drop());
    this.socket.send(message, () => {
      this.underway -= message.length;
      // Whatever was taken in shows that somebody reads.
      this.patience?.();
      this.patience = this.underway > 0 ? this.host.after(this.limits.unreadMs, () => this.drop()) : undefined;
      this.pass();
    });
  }

  private drop(): void {
    this.forget();
    this.socket.terminate();
  }
}
