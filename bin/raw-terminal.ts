/** This process's terminal as a program elsewhere wants it that echoes and edits by itself: every key as it is. */
import type { RawTerminal } from '../src/commands/host';

export function rawTerminal(): RawTerminal {
  const { stdin, stdout } = process;
  let heard: ((bytes: Uint8Array) => void) | undefined;
  const resizes: (() => void)[] = [];
  const onData = (bytes: Uint8Array): void => heard?.(bytes);
  return {
    start(onBytes) {
      heard = onBytes;
      stdin.setRawMode(true);
      stdin.on('data', onData);
      stdin.resume();
    },
    // One whose size nobody has set says 0.
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    onResize(resized) {
      resizes.push(resized);
      stdout.on('resize', resized);
    },
    stop() {
      for (const resized of resizes) stdout.off('resize', resized);
      stdin.off('data', onData);
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
}
