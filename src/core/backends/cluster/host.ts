/** What the cluster backend needs of the operating system beyond files and sockets. The launcher builds it; tests build their own. */

export interface ClusterHost {
  /** Wall-clock time, ms since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Runs something later, unless the returned function is called before. */
  after(ms: number, run: () => void): () => void;
  readonly env: Readonly<Record<string, string | undefined>>;
}
