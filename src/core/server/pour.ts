/**
 * Text that goes on and on, such as a log that is followed: the next line is asked for once the client has taken in what was
 * sent before, so that a slow client costs no memory. One that takes in nothing for a while is dropped.
 */
import type { ServerResponse } from 'node:http';
import type { ServerHost, ServerLimits } from './port';

/** Ends the answer after the last line. Resolves when nothing more is sent, whoever ended it; `lines` has been left then. */
export async function pour(
  lines: AsyncIterable<string>,
  response: ServerResponse,
  host: Pick<ServerHost, 'after'>,
  { unreadMs }: Pick<ServerLimits, 'unreadMs'>,
): Promise<void> {
  const source = lines[Symbol.asyncIterator]();
  let goOn = (): void => {};
  response.on('drain', () => goOn());
  response.on('close', () => {
    goOn();
    void source.return?.();
  });
  /** Resolves when the client has read, or is gone. */
  const room = (): Promise<void> =>
    new Promise((resolve) => {
      const stop = host.after(unreadMs, () => response.destroy());
      goOn = () => {
        stop();
        resolve();
      };
    });
  while (!response.destroyed) {
    const { done, value } = await source.next();
    if (done || response.destroyed) break;
    if (!response.write(value)) await room();
  }
  if (response.destroyed) void source.return?.();
  else response.end();
}
