/** What a kubeconfig holds, in the names of its format. Types only. */

export interface KubeCluster {
  readonly server?: string;
  'certificate-authority'?: string;
  readonly 'certificate-authority-data'?: string;
  readonly 'insecure-skip-tls-verify'?: boolean;
  readonly 'tls-server-name'?: string;
  readonly 'proxy-url'?: string;
}

export interface KubeExec {
  readonly apiVersion?: string;
  readonly command?: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly installHint?: string;
  readonly interactiveMode?: string;
  readonly provideClusterInfo?: boolean;
}

export interface KubeUser {
  readonly token?: string;
  tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  'client-certificate'?: string;
  readonly 'client-certificate-data'?: string;
  'client-key'?: string;
  readonly 'client-key-data'?: string;
  readonly as?: string;
  readonly 'as-uid'?: string;
  readonly 'as-groups'?: readonly string[];
  readonly 'as-user-extra'?: Readonly<Record<string, readonly string[]>>;
  readonly exec?: KubeExec;
  readonly 'auth-provider'?: object;
}

export interface KubeContext {
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
}

export interface Named<T> {
  readonly name: string;
  readonly value: T;
}

export interface KubeFile {
  /** Empty where none is set. */
  readonly currentContext: string;
  readonly clusters: readonly Named<KubeCluster>[];
  readonly users: readonly Named<KubeUser>[];
  readonly contexts: readonly Named<KubeContext>[];
}
