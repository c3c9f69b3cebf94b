/** What the local backend needs of the operating system beyond files. The launcher builds it; tests build their own. */

export interface HostPort {
  /** Wall-clock time, ms since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
  readonly pid: number;
  /** Whether a process of this machine runs; true where that cannot be told. */
  isAlive(pid: number): boolean;
  readonly hostname: string;
}
