/** Ports of this machine, as `port-forward` and `proxy` listen on them. Types only. */

import type { PassedOn, ProxiedRequest } from '../../core/client/remote';

/** What is heard of a connection that somebody made to this machine. */
export interface LocalEars {
  data(bytes: Uint8Array): void;
  /** Nothing more will be said. */
  end(): void;
  /** Once, at last. */
  closed(): void;
}

export interface LocalConnection {
  /** To be called once, and at once: what was said before is not kept. */
  hear(ears: LocalEars): void;
  write(bytes: Uint8Array): void;
  end(): void;
  destroy(): void;
}

export interface LocalListener {
  readonly port: number;
  /** Ends it, and every connection that it took. */
  close(): void;
}

/** Answers a request of the web. */
export type Answering = (
  request: ProxiedRequest,
  answer: (code: number, headers: PassedOn['headers'], body: AsyncIterable<Uint8Array>) => Promise<void>,
) => Promise<void>;

export interface ListeningPort {
  /** Listens for requests of the web, as `listen`. */
  listenHttp(host: string, port: number, answering: Answering): Promise<LocalListener>;
  /** Rejects with the system's error, with its `code`. Port 0 takes any that is free. */
  listen(host: string, port: number, connected: (connection: LocalConnection) => void): Promise<LocalListener>;
  /** Resolves when the user or the system ends the program. */
  stopped(): Promise<void>;
}
