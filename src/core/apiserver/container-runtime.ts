/**
 * The port between the kubelet and what runs inside containers. The engine asks for runs as data and is told how they went;
 * who executes them is the backend's matter. Types only.
 */

/** One life of one container. */
export interface ContainerRef {
  readonly namespace: string;
  readonly pod: string;
  /** The pod's uid: a pod that returns under the same name is another one. */
  readonly uid: string;
  readonly container: string;
  /** The container's restart count in this life. */
  readonly restart: number;
}

/** A file that the API provides: of a ConfigMap, a Secret, the downward API. */
export interface ProvidedFile {
  /** Below the mount, without a leading slash. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Permission bits. */
  readonly mode: number;
}

export type MountSource =
  /** The folder of a PersistentVolume: outlives pod, set and program. */
  | { readonly kind: 'persistent'; readonly volume: string }
  /** A folder of the pod, shared by its containers and gone with it: emptyDir and what resembles it. */
  | { readonly kind: 'ephemeral'; readonly volume: string }
  /** Read off the API; never written. */
  | { readonly kind: 'provided'; readonly files: readonly ProvidedFile[] };

export interface ContainerMount {
  /** Absolute, in the container. */
  readonly path: string;
  readonly source: MountSource;
  /** A path inside the volume, created when missing. Of a provided source: one file or folder of it. */
  readonly subPath?: string;
  readonly readOnly: boolean;
}

/** Everything that a container is to the programs in it, worked out of the pod and what it refers to. */
export interface PodContainer {
  readonly ref: ContainerRef;
  readonly image: string;
  /** command and args after `$(VAR)` expansion; empty where the image's own entrypoint runs. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string | undefined;
  readonly hostname: string;
  readonly podIP: string;
  readonly mounts: readonly ContainerMount[];
  /** `/etc/hosts`, `/etc/resolv.conf`, `/etc/hostname`: by absolute path. */
  readonly systemFiles: Readonly<Record<string, string>>;
  readonly runAsUser: number | undefined;
}

export type ProbeKind = 'startup' | 'readiness' | 'liveness';

/** What is to be run. `action` is the handler of a probe or hook as the API has it (exec, httpGet, tcpSocket, grpc, sleep). */
export type RunPurpose =
  | { readonly kind: 'start' }
  | { readonly kind: 'probe'; readonly probe: ProbeKind; readonly action: ProbeAction }
  | { readonly kind: 'hook'; readonly hook: 'postStart' | 'preStop'; readonly action: ProbeAction };

export interface ProbeAction {
  readonly exec?: { readonly command?: readonly string[] };
  readonly httpGet?: {
    readonly host?: string;
    readonly path?: string;
    readonly port: number | string;
    readonly scheme?: string;
    readonly httpHeaders?: readonly { readonly name: string; readonly value: string }[];
  };
  readonly tcpSocket?: { readonly host?: string; readonly port: number | string };
  readonly grpc?: { readonly port: number; readonly service?: string };
  readonly sleep?: { readonly seconds: number };
}

/** Asked for by the kubelet at the cluster's present instant, answered before time moves on. */
export interface ContainerRun {
  /** Names the run for its answer; unique while it is pending. */
  readonly id: string;
  readonly ref: ContainerRef;
  readonly purpose: RunPurpose;
  /** The longest that it may take in the container's time, ms. */
  readonly timeoutMs?: number;
}

export interface RunOutcome {
  /** Absent when it runs on (a server, an endless wait) or when it is to be tried again. */
  readonly exitCode?: number;
  /** Virtual time that went by inside, ms. */
  readonly elapsedMs: number;
  /** The command waits for somebody else (it slept after a failed look-up or connection): try again after so long, ms. */
  readonly retryAfterMs?: number;
  /** What a failed probe or hook says, as kubelet events put it: `HTTP probe failed with statuscode: 404`. */
  readonly message?: string;
  /** The last lines that the container printed, for terminationMessagePolicy FallbackToLogsOnError. */
  readonly tail?: string;
  /** The content of terminationMessagePath, where it was written. */
  readonly terminationMessage?: string;
}

/** What the engine knows of a runtime: cheap questions that load no shell. */
export interface RuntimeFacts {
  /** Whether the image catalogue models this image: then its commands, probes and hooks are really run. */
  models(image: string): boolean;
}
