/** What verbs ask of containers: commands, input, logs, files. Part of the interface that every backend has. Types only. */

/** What somebody typed at a terminal: a line, Ctrl-C, or Ctrl-D. */
export type Typed =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'interrupt' }
  | { readonly kind: 'end' };

/** What a command in a container reads: all of what was piped, or what somebody types, a line at a time. */
export type ContainerInput =
  | { readonly kind: 'piped'; readonly bytes: Uint8Array }
  /** `tty`: with a prompt, as on a terminal. `raw` hands the terminal over to a program that edits lines itself. */
  | {
      readonly kind: 'typed';
      readonly tty: boolean;
      readLine(prompt: string): Promise<Typed>;
      raw?(): Promise<RawTerminal>;
    };

/** A terminal whose every key goes to the program in the container. */
export interface RawTerminal {
  start(onBytes: (bytes: Uint8Array) => void): void;
  size(): { readonly columns: number; readonly rows: number };
  onResize(resized: () => void): void;
  /** Gives the terminal back as it was. */
  stop(): void;
}

export interface AttachOptions {
  readonly container: string;
  /** Of a container that reads nothing: what it prints from now on, and not what it has printed. */
  readonly fromNow?: boolean;
  /** Absent where nothing is to be read. */
  readonly input?: ContainerInput;
  stdout(bytes: Uint8Array): void;
  stderr(bytes: Uint8Array): void;
  /** Resolves when nobody listens any more. */
  readonly over?: Promise<unknown>;
}

export interface ExecOptions extends AttachOptions {
  readonly command: readonly string[];
}

export interface LogOptions {
  readonly container: string;
  /** Of the container's life before this one. */
  readonly previous?: boolean;
  /** As many lines from the end. */
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  /** ms since 1970 */
  readonly sinceTime?: number;
  readonly limitBytes?: number;
  readonly timestamps?: boolean;
  /** Goes on until the container ends; on a virtual clock, or until nothing more would come. */
  readonly follow?: boolean;
}

/** A file or folder on its way into a container or out of it. */
export interface CopiedFile {
  /** Below the place that was named, in parts; none for that place itself. */
  readonly path: readonly string[];
  /** A file's content, or where a link leads; absent for a folder. */
  readonly content?: Uint8Array;
  readonly link?: string;
  /** Permission bits. */
  readonly mode?: number;
}

/** What comes over a connection to a port of a pod. */
export interface PortEars {
  data(bytes: Uint8Array): void;
  /** Once, and the last word: the other end has closed, or why there is no other end. */
  end(trouble?: string): void;
}

/** A connection to a port of a pod. */
export interface PortConnection {
  write(bytes: Uint8Array): void;
  /** Nothing more is written; what the other end still says is heard. */
  end(): void;
  /** Breaks it off: nothing more is heard. */
  close(): void;
}

export interface ContainerBackend {
  /**
   * Runs a command in a running container.
   * @throws CommandError where it does not run, ApiError where the pod is not there
   */
  exec(namespace: string, pod: string, options: ExecOptions): Promise<{ readonly exitCode: number }>;
  /** Joins the command of a container that reads input, until it ends; of another, shows what it prints. */
  attach(namespace: string, pod: string, options: AttachOptions): Promise<void>;
  /** What a container has printed, in lines with their ends. Throws ApiError where it has not started. */
  logs(namespace: string, pod: string, options: LogOptions): AsyncIterable<string>;
  /**
   * Connects to a port of a pod, as if from inside it (the portforward subresource).
   * @throws ApiError, CommandError where that is refused; that nobody listens there is told to `ears`
   */
  forward(namespace: string, pod: string, port: number, ears: PortEars): Promise<PortConnection>;
  /** What is at a path in a container, folders before what is in them; undefined where nothing is. */
  readFiles(
    namespace: string,
    pod: string,
    container: string,
    path: string,
  ): Promise<readonly CopiedFile[] | undefined>;
  /** Whether something is at a path in a container, and what. */
  statFile(namespace: string, pod: string, container: string, path: string): Promise<'file' | 'folder' | undefined>;
  /** Puts files at a path in a container, whose folder must be there. Throws CommandError where that is refused. */
  writeFiles(
    namespace: string,
    pod: string,
    container: string,
    path: string,
    files: readonly CopiedFile[],
  ): Promise<void>;
}
