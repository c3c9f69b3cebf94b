/** The log of one life of a container, in the kubelet's CRI format: `<RFC 3339 with nanoseconds> stdout F <line>`. */
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fromSystemError } from '../errors';

export interface LogLine {
  /** ms since 1970 */
  readonly at: number;
  readonly stream: 'stdout' | 'stderr';
  /** Without its end. */
  readonly text: string;
  /** Whether the line had an end. */
  readonly complete: boolean;
}

/** A container may print as much, bytes; what is beyond is lost, and the log says so. */
const MAX_BYTES = 16 * 1024 * 1024;

export class LogWriter {
  private readonly pending: Record<'stdout' | 'stderr', { text: string; at: number }> = {
    stdout: { text: '', at: 0 },
    stderr: { text: '', at: 0 },
  };
  private readonly decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  private readonly lines: string[] = [];
  private size = 0;

  constructor(private readonly path: string) {}

  write(stream: 'stdout' | 'stderr', bytes: Uint8Array, at: number): void {
    const open = this.pending[stream];
    if (open.text === '') open.at = at;
    const parts = (open.text + this.decoders[stream].decode(bytes, { stream: true })).split('\n');
    open.text = parts.pop() ?? '';
    for (const part of parts) this.push(open.at, stream, 'F', part);
    open.at = at;
  }

  /** Writes what has been collected, an unfinished line included. @throws StateFileError where the disk refuses */
  close(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const { text, at } = this.pending[stream];
      if (text !== '') this.push(at, stream, 'P', text);
      this.pending[stream].text = '';
    }
    if (this.lines.length === 0) return;
    try {
      mkdirSync(dirname(this.path), { recursive: true });
      appendFileSync(this.path, this.lines.join(''));
    } catch (error) {
      throw fromSystemError(error, 'write the log of a container', this.path, 'The cluster is as it was.');
    }
    this.lines.length = 0;
  }

  private push(at: number, stream: string, tag: 'F' | 'P', text: string): void {
    if (this.size > MAX_BYTES) return;
    this.size += text.length;
    const shown = this.size > MAX_BYTES ? 'stsctl: the log is full, the rest is lost' : text;
    this.lines.push(`${new Date(at).toISOString().replace('Z', '000000Z')} ${stream} ${tag} ${shown}\n`);
  }
}

/** The lines of a log, in the order in which they were printed; none where there is no log. */
export function readLog(path: string): LogLine[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  const lines: LogLine[] = [];
  for (const line of text.split('\n')) {
    const [, time, stream, tag, rest] = /^(\S+) (stdout|stderr) ([FP]) (.*)$/.exec(line) ?? [];
    if (time === undefined || rest === undefined) continue;
    const at = Date.parse(time.replace(/(\.\d{3})\d*Z$/, '$1Z'));
    lines.push({ at, stream: stream === 'stderr' ? 'stderr' : 'stdout', text: rest, complete: tag === 'F' });
  }
  return lines;
}
