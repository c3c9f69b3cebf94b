/** What the server needs of its surroundings: the backend, the clock of the machine, and what the program knows of itself. */
import type { ServedBackend } from '../client/served';
import type { AuditSink } from './audit';
import type { Credentials } from './certificate';

export interface ServerHost {
  /** ms since 1970 */
  now(): number;
  /** Runs something later, unless the returned function is called before. */
  after(ms: number, run: () => void): () => void;
  /** Told of bugs and troubles that no client can do anything about. */
  report(error: unknown): void;
}

export interface ServerLimits {
  /** Of a request's body, bytes. */
  readonly bodyBytes: number;
  /** What may wait for a client of a command in a container, or of a port, before it is dropped, bytes. */
  readonly unreadBytes: number;
  /** How long a client for which something waits may take in nothing before it is dropped, ms. */
  readonly unreadMs: number;
  /** How many changes may wait for a client that watches before it is dropped. */
  readonly unreadChanges: number;
  readonly connections: number;
  /** Watches and followed logs at a time, so that connections are left for other requests. */
  readonly watches: number;
}

/** As the API server: 3 MB a request. */
export const LIMITS: ServerLimits = {
  bodyBytes: 3 * 1024 * 1024,
  unreadBytes: 64 * 1024 * 1024,
  unreadMs: 15_000,
  unreadChanges: 20_000,
  connections: 1000,
  watches: 800,
};

export interface ServerOptions {
  readonly backend: ServedBackend;
  readonly host: ServerHost;
  /** What a client must send as its bearer token. */
  readonly token: string;
  readonly credentials: Credentials;
  /** Where to listen; loopback where absent. Whoever can connect needs the token all the same. */
  readonly address?: string;
  /** 0 takes any that is free. */
  readonly port: number;
  /** Told of each request and answer, an event of audit.k8s.io/v1. */
  readonly audit?: AuditSink | undefined;
  /** What `/version` answers. */
  readonly version: Readonly<Record<string, string>>;
  /** The texts of the built-in kinds' fields, `explain.json`. */
  explanations(): string;
  /** Reads bodies that are YAML. Throws an Error with the reason. */
  parseYaml(text: string): Promise<unknown>;
  readonly limits?: Partial<ServerLimits>;
}
