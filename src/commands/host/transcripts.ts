/** Recordings of what is typed, and where they are played. */

/** A recording that is going on, as one command sees it. */
export interface Recording {
  /** The transcript, as a full path. */
  readonly path: string;
  /** The working folder, as seen from the transcript's folder; empty where it is that one. */
  readonly folder: string;
  /** When it began, ms since 1970 on the machine's clock. */
  readonly begun: number;
  /** Whether its cluster had a wall clock then. */
  readonly wall: boolean;
  /** How long ago that is, ms. */
  elapsed(): number;
  /** The variables that it began with. */
  readonly env: Readonly<Record<string, string>>;
  /** Adds lines in one piece, and has them on disk when it returns. Throws the system's error. */
  append(text: string): void;
  /** Called when the program ends, by whatever means but a kill, with its exit code. */
  onExit(run: (code: number) => void): void;
}

/** What a recording begins with: a new cluster, or the one that was kept beside the transcript. */
export interface RecordingStart {
  readonly clock: 'wall' | 'virtual';
  readonly seed: number;
  /** The machine's time, ms since 1970; of a new cluster also its own. */
  readonly now: number;
  readonly gates: Readonly<Record<string, boolean>>;
}

/** Where the commands of a transcript are run: on a cluster of their own, which is gone afterwards. */
export interface Stage {
  /**
   * Runs one command in a shell; `stsctl` and `kubectl` are this program. `at`: ms since the recording began; `stop`: after so
   * many ms it is interrupted, as by Ctrl-C, or terminated.
   */
  run(
    command: string,
    options: {
      readonly folder: string;
      readonly at: number | undefined;
      readonly stop?: { readonly afterMs: number; readonly signal: 'SIGINT' | 'SIGTERM' };
      readonly timeoutMs: number;
    },
  ): Promise<{ readonly stdout: string; readonly stderr: string; readonly code: number; readonly timedOut: boolean }>;
  close(): void;
}

export interface StageOptions {
  /** Of a recording by stsctl; otherwise commands run on a new cluster with a virtual clock. */
  readonly recorded: boolean;
  readonly clock?: 'wall' | 'virtual';
  readonly seed?: number;
  readonly start?: number;
  /** The file of the cluster to begin with; a new one where it is absent. */
  readonly state?: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Recordings of what is typed, and the stage on which they are played. */
export interface TranscriptPort {
  /** The recording of a state file's cluster (`--state`, or the usual one). Costs one look at the disk where there is none. */
  current(state: string | undefined): Recording | undefined;
  /** The full path of a file, and of the state of the cluster that is kept beside it. */
  paths(file: string): { readonly path: string; readonly state: string };
  /** Creates the transcript and begins to record, at `now` where that is not the machine's present time. Throws the system's error, EEXIST for a file that is there. */
  begin(
    state: string | undefined,
    path: string,
    header: string,
    settings: Pick<Recording, 'env'> & { readonly now?: number },
  ): void;
  end(state: string | undefined): void;
  /** Replaces a file in one step. */
  replace(path: string, text: string): void;
  folderOf(path: string): string;
  join(folder: string, name: string): string;
  stage(options: StageOptions): Promise<Stage>;
}
