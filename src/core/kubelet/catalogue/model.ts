/** What the catalogue knows of an image: its files, what listens in it, and its programs. Types only. */
import type { IFileSystem } from 'just-bash';
import type { PodContainer } from '../../apiserver/container-runtime';
import type { Program } from '../shell/program';

export interface ImageModel {
  /** The family: `nginx`, `mysql`, `busybox`. */
  readonly name: string;
  /**
   * An image that others are built upon. What its containers run was put there by somebody else: it can be entered, and is
   * healthy without being run.
   */
  readonly isBase?: boolean;
  /** What an interactive run starts where it names no command: the image's shell. Pods without a command are simply healthy. */
  readonly entrypoint?: readonly string[];
  /** What is put before args where the pod names args and no command. */
  readonly argsPrefix?: readonly string[];
  /** What listens in such a container while it runs. `declared`: the containerPorts that its pod names. */
  listens(container: PodContainer, declared: readonly number[]): readonly Listener[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string;
  /** The shells that the image has. */
  readonly shells: readonly ('sh' | 'bash' | 'ash')[];
  /**
   * The contents of the image's files by absolute path: as many as its programs and its users look at. A program that lies
   * elsewhere than in /bin is an empty file of its name here; it can be moved away.
   */
  files(): Readonly<Record<string, string>>;
  /** Programs beside the usual ones of a small Unix. */
  programs(): Promise<readonly Program[]>;
  /** Answers an HTTP request to its daemon. */
  readonly serveHttp?: (request: HttpRequest, server: HttpServer) => Promise<HttpResponse>;
  /** Answers what somebody sends to its daemon over a plain connection, as with `nc`. */
  readonly converse?: (input: string, server: HttpServer) => Promise<string>;
}

export interface Listener {
  readonly port: number;
  /** `http`, `redis`, `mysql`, `zookeeper`, or `tcp` where nothing more is known. */
  readonly protocol: string;
}

export interface HttpRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The client's address. */
  readonly from: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The container that serves. */
export interface HttpServer {
  readonly container: PodContainer;
  readonly fs: IFileSystem;
  /** ms since 1970 */
  readonly now: number;
  /** A line of the access log, which the container prints. */
  log(line: string): void;
}
