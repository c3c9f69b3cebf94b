/** The library's KubeConfig for one connection: its authentication, and what it leaves out (impersonated groups, plain http). */
import fs from 'node:fs';
import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { PlainError } from '../../../client/errors';
import type { Connection } from './connection';
import type { KubeExec, KubeUser } from './types';

/** What the library fills in: TLS, the agent, and who asks. */
export type Dialing = Parameters<KubeConfig['applyToHTTPSOptions']>[0] & RequestOptions;

export class Credentials extends KubeConfig {
  constructor(private readonly connection: Connection) {
    super();
    const { cluster, user, server } = connection;
    this.loadFromOptions({
      clusters: [
        {
          name: NAME,
          server,
          ...(cluster['certificate-authority-data']
            ? { caData: cluster['certificate-authority-data'] }
            : { caFile: cluster['certificate-authority'] }),
          // To the library plain http is a kind of not looking closely.
          skipTLSVerify: cluster['insecure-skip-tls-verify'] === true || server.startsWith('http:'),
          tlsServerName: cluster['tls-server-name'],
          proxyUrl: cluster['proxy-url'],
        },
      ],
      users: [libraryUser(user, connection)],
      contexts: [{ name: NAME, cluster: NAME, user: NAME }],
      currentContext: NAME,
    });
  }

  /** @throws PlainError where credentials can't be had */
  override async applyToHTTPSOptions(options: Dialing): Promise<void> {
    try {
      await super.applyToHTTPSOptions(options);
    } catch (e) {
      throw new PlainError(
        `Unable to connect to the server: getting credentials: ${why(e, this.connection.user.exec)}`,
      );
    }
    options.headers = { ...options.headers, ...impersonation(this.connection.user) };
  }

  /** Whether other credentials may come of asking again. */
  get canRefresh(): boolean {
    const { exec, tokenFile, 'auth-provider': provider } = this.connection.user;
    return exec !== undefined || provider !== undefined || tokenFile !== undefined;
  }
}

const NAME = 'stsctl';

function libraryUser(user: KubeUser, connection: Connection): object {
  const certificate = user['client-certificate-data'];
  const key = user['client-key-data'];
  return {
    name: NAME,
    authProvider: user['auth-provider'],
    ...(certificate ? { certData: certificate } : { certFile: user['client-certificate'] }),
    ...(key ? { keyData: key } : { keyFile: user['client-key'] }),
    exec: user.exec && withInfo(user.exec, connection),
    token: user.tokenFile ? fs.readFileSync(user.tokenFile, 'utf8').trim() : user.token,
    username: user.username,
    password: user.password,
    impersonateUser: user.as,
  };
}

/** Plugins learn from the environment what is asked of them (as the exec authenticator does). */
function withInfo(exec: KubeExec, { cluster, server }: Connection): object {
  const info = {
    kind: 'ExecCredential',
    apiVersion: exec.apiVersion,
    spec: {
      interactive: false,
      ...(exec.provideClusterInfo && {
        cluster: {
          server,
          'certificate-authority-data': cluster['certificate-authority-data'],
          'insecure-skip-tls-verify': cluster['insecure-skip-tls-verify'],
          'tls-server-name': cluster['tls-server-name'],
        },
      }),
    },
  };
  return {
    ...exec,
    args: exec.args ?? [],
    env: [...(exec.env ?? []), { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) }],
  };
}

/** The library sends the user alone. */
function impersonation(user: KubeUser): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  if (user['as-uid']) headers['Impersonate-Uid'] = user['as-uid'];
  if (user['as-groups']?.length) headers['Impersonate-Group'] = [...user['as-groups']];
  for (const [key, values] of Object.entries(user['as-user-extra'] ?? {}))
    headers[`Impersonate-Extra-${encodeURIComponent(key)}`] = [...values];
  return headers;
}

function why(e: unknown, exec: KubeExec | undefined): string {
  const message = (e instanceof Error ? e.message : String(e)).trim();
  if (!exec) return message;
  const code = e instanceof Error && 'code' in e ? e.code : undefined;
  if (code === 'ENOENT')
    return `exec: executable ${exec.command} not found${exec.installHint ? `\n\n${exec.installHint}` : ''}`;
  if (e instanceof SyntaxError) return `exec: executable ${exec.command} printed no ExecCredential: ${message}`;
  if (e instanceof TypeError) return `exec: executable ${exec.command} printed an ExecCredential without a status`;
  return `exec: executable ${exec.command} failed${message === '' ? '' : `: ${message}`}`;
}
