/** What tells one web server from another. Types only. */
import type { HttpRequest } from '../model';

export interface Site {
  /** Absolute, in the container. */
  readonly root: string;
  readonly index: readonly string[];
  /** Methods beside GET and HEAD that a file answers to. */
  readonly methods: readonly string[];
  /** Whether a folder without an index shows what is in it. */
  readonly listings: boolean;
  /** The page of an error. */
  errorPage(status: number, reason: string, request: HttpRequest): string;
  /** All headers but those of the content, put around them in the server's own order. */
  headers(content: ContentHeaders, now: number): Readonly<Record<string, string>>;
  /** A line of the access log; empty where the server writes none. */
  logLine(entry: LogEntry): string;
}

export interface ContentHeaders {
  readonly type: string;
  readonly length: number;
  /** ms since 1970; absent where no file answers. */
  readonly modified?: number;
  readonly location?: string;
  readonly allow?: string;
}

export interface LogEntry {
  readonly request: HttpRequest;
  readonly status: number;
  /** bytes of the body */
  readonly length: number;
  readonly now: number;
}
