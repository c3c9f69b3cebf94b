/** What verbs may know of a real cluster beyond objects: how it was chosen, where it is, and its paths as they are. Types only. */

/** The connection flags, as kubectl has them. What is absent comes from the kubeconfig. */
export interface ClusterChoice {
  /** `--kubeconfig`: this file and no other. */
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly cluster?: string;
  readonly user?: string;
  readonly server?: string;
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
  readonly certificateAuthority?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly insecureSkipTlsVerify?: boolean;
  readonly tlsServerName?: string;
  readonly as?: string;
  readonly asUid?: string;
  readonly asGroups?: readonly string[];
  /** `key=value` */
  readonly asUserExtra?: readonly string[];
  /** ms; absent for no limit */
  readonly requestTimeoutMs?: number;
}

/** One request for a path of the API, sent as it is. */
export interface RawRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its query: `/apis/apps/v1?limit=1`. */
  readonly path: string;
  readonly body?: string;
}

/** A request of somebody else, to be passed on as it is. */
export interface ProxiedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/** The answer to one. */
export interface PassedOn {
  readonly code: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** As it comes. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Whoever asked has gone. */
  close(): void;
}

/** A server of the Kubernetes API. Its kinds are what its discovery tells, not what this program knows. */
export interface Remote {
  /** `https://10.0.0.1:6443` */
  readonly server: string;
  /** The body of the answer. Throws ApiError as the server refuses. */
  raw(request: RawRequest): Promise<string>;
  /** Asks with the credentials of the connection. Rejects with the system's error where there is no answer. */
  passOn(request: ProxiedRequest): Promise<PassedOn>;
}

/** A context of a kubeconfig, as `config get-contexts` lists it. */
export interface ContextEntry {
  readonly name: string;
  readonly cluster: string;
  readonly user: string;
  readonly namespace: string;
}

/** What the kubeconfig says, for the verbs of `config`; nothing is connected to. */
export interface KubeConfigView {
  /** The context that commands with the same flags would work in; empty where none is set. */
  readonly current: string;
  readonly contexts: readonly ContextEntry[];
  readonly clusters: readonly string[];
  readonly users: readonly string[];
  /** The configuration as `config view` shows it: secrets are left out, unless `raw`; with `flatten` files are read in, and secrets shown. */
  shown(options: { readonly minify: boolean; readonly raw: boolean; readonly flatten: boolean }): object;
}

/** A change of a kubeconfig, as a subcommand of `config` asks for it. What is undefined stays as it is. */
export type KubeConfigChange =
  | { readonly kind: 'use-context'; readonly name: string }
  | { readonly kind: 'set'; readonly property: string; readonly value: string; readonly raw: boolean }
  | { readonly kind: 'unset'; readonly property: string }
  | { readonly kind: 'delete'; readonly what: 'cluster' | 'context' | 'user'; readonly name: string }
  | { readonly kind: 'rename-context'; readonly from: string; readonly to: string }
  | ({ readonly kind: 'set-cluster'; readonly name: string } & ClusterFields)
  | ({ readonly kind: 'set-user'; readonly name: string } & UserFields)
  | ({ readonly kind: 'set-context'; readonly name: string | undefined } & ContextFields);

export interface ContextFields {
  readonly cluster?: string | undefined;
  readonly user?: string | undefined;
  readonly namespace?: string | undefined;
}

export interface ClusterFields {
  readonly server?: string | undefined;
  readonly tlsServerName?: string | undefined;
  readonly proxyUrl?: string | undefined;
  readonly insecureSkipTlsVerify?: boolean | undefined;
  readonly certificateAuthority?: string | undefined;
  /** Whether the kubeconfig takes in what the file holds. */
  readonly embedCerts: boolean;
}

export interface UserFields {
  readonly clientCertificate?: string | undefined;
  readonly clientKey?: string | undefined;
  readonly embedCerts: boolean;
  readonly token?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly authProvider?: string | undefined;
  readonly authProviderArgs: { readonly set: Readonly<Record<string, string>>; readonly remove: readonly string[] };
  readonly execCommand?: string | undefined;
  readonly execApiVersion?: string | undefined;
  readonly execInteractiveMode?: string | undefined;
  readonly execProvideClusterInfo?: boolean | undefined;
  readonly execArgs?: readonly string[] | undefined;
  readonly execEnv: { readonly set: Readonly<Record<string, string>>; readonly remove: readonly string[] };
}

/** What came of a change. */
export interface KubeConfigChanged {
  /** The entry that was changed: the current context where none was named. */
  readonly name: string;
  /** Whether the entry was there before. */
  readonly existed: boolean;
  /** The file that new entries would go to. */
  readonly file: string;
  /** Whether the context was the current one. */
  readonly wasCurrent: boolean;
}
