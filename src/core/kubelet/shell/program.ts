/** What a program of a container is: a function of its words, its files and the cluster's network. Types only. */
import type { IFileSystem } from 'just-bash';
import type { PodContainer } from '../../apiserver/container-runtime';
import type { Network } from '../network/types';

export interface Program {
  readonly name: string;
  run(args: readonly string[], context: ProgramContext): Promise<ProgramResult>;
}

export interface ProgramContext {
  readonly container: PodContainer;
  /** The container's file system, its volumes included. Paths are absolute in the container. */
  readonly fs: IFileSystem;
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  /** As text; one character a byte where it is not UTF-8. */
  readonly stdin: string;
  readonly network: Network;
  /** The instant inside the run, ms since 1970: sleeping moves it. */
  now(): number;
  /** From 0 to below 1, the same each time that this run is played. */
  random(): number;
  /** Lets the container's time pass. */
  sleep(ms: number): Promise<void>;
  /**
   * A line of what is typed, counted from 0; undefined where the input has ended. Where it is still to be typed the run ends,
   * and begins again once it is: a program asks before it changes anything.
   */
  typed(line: number): string | undefined;
  /** Prints now, before the program is done. */
  print(text: string): void;
  /** The program serves, or waits for ever: the run ends here, and the container runs on. */
  runsOn(): never;
  /** A look-up or connection has failed: if the command now sleeps, it waits for somebody else. */
  networkFailed(): void;
  /** The program of the shell's library that this one stands before. */
  original(args: readonly string[]): Promise<ProgramResult>;
  /** Runs a command line in the same shell. */
  exec(command: string): Promise<ProgramResult>;
}

export interface ProgramResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export const ok = (stdout = ''): ProgramResult => ({ stdout, stderr: '', exitCode: 0 });
export const fail = (stderr: string, exitCode = 1): ProgramResult => ({ stdout: '', stderr, exitCode });
