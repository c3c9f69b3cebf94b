/**
 * Standard output and standard error. A pipe or a file is written directly: the streams of node:process would first load what
 * sockets need. A reader that went away (`stsctl get pods | head -1`) is no error.
 */
import fs from 'node:fs';
import type { Stream } from '../src/commands/host';

type Descriptor = 1 | 2;

const processStream = (fd: Descriptor): NodeJS.WriteStream => {
  const stream = fd === 1 ? process.stdout : process.stderr;
  if (stream.listenerCount('error') === 0) stream.on('error', failed);
  return stream;
};

/** Every terminal is a device that takes characters; so is /dev/null, where much output goes, and that one is written directly too. */
function mayBeTerminal(fd: Descriptor): boolean {
  const stat = fs.fstatSync(fd);
  return stat.isCharacterDevice() && stat.rdev !== fs.statSync('/dev/null', { throwIfNoEntry: false })?.rdev;
}

export function standardStream(fd: Descriptor): Stream {
  const terminal = mayBeTerminal(fd) ? processStream(fd) : undefined;
  /** Where the descriptor refuses to be waited for, node writes to it. */
  let other: NodeJS.WriteStream | undefined = terminal;
  const writeBytes = (bytes: Uint8Array): void => {
    for (let at = 0; !other && at < bytes.length; ) {
      try {
        at += fs.writeSync(fd, bytes, at);
      } catch (e) {
        if (!hasCode(e, 'EAGAIN')) failed(e);
        other = processStream(fd);
        bytes = bytes.subarray(at);
      }
    }
    other?.write(bytes);
  };
  return {
    isTTY: terminal?.isTTY === true,
    // Asked for anew each time: terminals change their size. One whose size nobody has set says 0.
    get columns() {
      return (terminal?.isTTY && terminal.columns) || undefined;
    },
    get rows() {
      return (terminal?.isTTY && terminal.rows) || undefined;
    },
    get stream() {
      return processStream(fd);
    },
    write: (text) => {
      if (other) other.write(text);
      else writeBytes(new TextEncoder().encode(text));
    },
    writeBytes,
  };
}

function failed(e: unknown): never {
  if (hasCode(e, 'EPIPE')) process.exit(process.exitCode ?? 0);
  const why = e instanceof Error ? e.message : String(e);
  try {
    fs.writeSync(2, `error: cannot write the output: ${why}\n`);
  } catch {
    // There is nobody left to tell.
  }
  process.exit(1);
}

const hasCode = (e: unknown, code: string): boolean => e instanceof Error && 'code' in e && e.code === code;
