/** From a kubeconfig and flags to one connection: server, credentials, namespace (as clientcmd's ClientConfig). */
import fs from 'node:fs';
import path from 'node:path';
import { CommandError, PlainError } from '../../../client/errors';
import type { ClusterChoice } from '../../../client/remote';
import type { ClusterHost } from '../host';
import { proxyFor } from './proxy';
import type { KubeCluster, KubeFile, KubeUser, Named } from './types';

export interface Connection {
  /** The context's name; the server's address where there is none. */
  readonly name: string;
  readonly namespace: string | undefined;
  /** `https://10.0.0.1:6443`, without a slash at its end. */
  readonly server: string;
  readonly cluster: KubeCluster;
  readonly user: KubeUser;
}

/** Where kubectl looks for a server that nobody named. */
const NOBODY = 'http://localhost:8080';
const IN_CLUSTER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** @throws CommandError in kubectl's words for what is named and not there, or can't be read */
export function connectionOf(config: KubeFile, choice: ClusterChoice, env: ClusterHost['env']): Connection {
  const inside = isEmpty(config) && !choice.server && !choice.context ? insideCluster(env) : undefined;
  if (inside) return inside;
  const contextName = choice.context || config.currentContext;
  const context = config.contexts.find(({ name }) => name === contextName);
  if (contextName !== '' && !context) throw new CommandError(`context ${JSON.stringify(contextName)} does not exist`);
  const clusterName = choice.cluster || context?.value.cluster || '';
  const found = config.clusters.find(({ name }) => name === clusterName);
  if (clusterName !== '' && !found && !choice.server)
    throw new CommandError(`no server found for cluster ${JSON.stringify(clusterName)}`);
  const userName = choice.user || context?.value.user || '';
  const user = config.users.find(({ name }) => name === userName);
  if (choice.user && !user) throw new CommandError(`auth info ${JSON.stringify(choice.user)} does not exist`);
  const cluster = withFlags(found?.value ?? {}, choice);
  const server = addressOf(cluster.server || NOBODY);
  const proxy = cluster['proxy-url'] || proxyFor(server, env);
  const connection = {
    name: contextName || server,
    namespace: context?.value.namespace || undefined,
    server,
    cluster: { ...cluster, server, ...(proxy && { 'proxy-url': proxy }) },
    user: credentials(user?.value ?? {}, choice),
  };
  check({ name: clusterName, value: connection.cluster }, { name: userName, value: connection.user });
  return connection;
}

const isEmpty = ({ clusters, contexts, currentContext }: KubeFile): boolean =>
  clusters.length === 0 && contexts.length === 0 && currentContext === '';

/** In a pod without a kubeconfig, its service account is who we are. */
function insideCluster(env: ClusterHost['env']): Connection | undefined {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  if (!host || !port || !fs.existsSync(path.join(IN_CLUSTER, 'token'))) return undefined;
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const namespace = path.join(IN_CLUSTER, 'namespace');
  return {
    name: 'in-cluster',
    namespace: fs.existsSync(namespace) ? fs.readFileSync(namespace, 'utf8').trim() : undefined,
    server,
    cluster: { server, 'certificate-authority': path.join(IN_CLUSTER, 'ca.crt') },
    user: { tokenFile: path.join(IN_CLUSTER, 'token') },
  };
}

function withFlags(cluster: KubeCluster, choice: ClusterChoice): KubeCluster {
  const { certificateAuthority, insecureSkipTlsVerify, server, tlsServerName } = choice;
  const { 'certificate-authority': _, 'certificate-authority-data': __, ...rest } = cluster;
  // Who does not want to check has no use for what to check with, unless both were asked for just now.
  const base = certificateAuthority || insecureSkipTlsVerify ? rest : cluster;
  return {
    ...base,
    ...(server && { server }),
    ...(certificateAuthority && { 'certificate-authority': path.resolve(certificateAuthority) }),
    ...(insecureSkipTlsVerify !== undefined && { 'insecure-skip-tls-verify': insecureSkipTlsVerify }),
    ...(tlsServerName && { 'tls-server-name': tlsServerName }),
  };
}

/** Credentials of the flags take the place of the file's, whatever kind those are. */
function credentials(user: KubeUser, choice: ClusterChoice): KubeUser {
  const { token, username, password, clientCertificate, clientKey } = choice;
  const { as, 'as-uid': asUid, 'as-groups': asGroups, 'as-user-extra': asUserExtra } = user;
  const impersonated = { as, 'as-uid': asUid, 'as-groups': asGroups, 'as-user-extra': asUserExtra };
  const base = token || username ? { ...impersonated } : { ...user };
  return dropUndefined({
    ...base,
    ...(token && { token }),
    ...(username && { username, password: password ?? '' }),
    ...(clientCertificate && {
      'client-certificate': path.resolve(clientCertificate),
      'client-certificate-data': undefined,
    }),
    ...(clientKey && { 'client-key': path.resolve(clientKey), 'client-key-data': undefined }),
    ...(choice.as && { as: choice.as }),
    ...(choice.asUid && { 'as-uid': choice.asUid }),
    ...(choice.asGroups?.length && { 'as-groups': choice.asGroups }),
    ...(choice.asUserExtra?.length && { 'as-user-extra': extras(choice.asUserExtra) }),
  });
}

function extras(pairs: readonly string[]): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) throw new CommandError(`invalid --as-user-extra ${JSON.stringify(pair)}: expected KEY=VALUE`);
    const key = pair.slice(0, at);
    found[key] = [...(found[key] ?? []), pair.slice(at + 1)];
  }
  return found;
}

const dropUndefined = (user: { [K in keyof KubeUser]: KubeUser[K] | undefined }): KubeUser =>
  Object.fromEntries(Object.entries(user).filter(([, value]) => value !== undefined));

/** A bare host is asked over https, as clientcmd's DefaultServerURL does. */
function addressOf(server: string): string {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(server) ? server : `https://${server}`;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new CommandError(`host must be a URL or a host:port pair: ${JSON.stringify(server)}`);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new PlainError(
      `Unable to connect to the server: unsupported protocol scheme ${JSON.stringify(url.protocol.slice(0, -1))}`,
    );
  return text.replace(/\/+$/, '');
}

/** What can't work is said before anything is sent (as ConfirmUsable). @throws PlainError */
function check(cluster: Named<KubeCluster>, user: Named<KubeUser>): void {
  const wrong: string[] = [];
  const { 'client-certificate': certificate, 'client-key': key, tokenFile } = user.value;
  const hasCertificate = certificate || user.value['client-certificate-data'];
  const hasKey = key || user.value['client-key-data'];
  if (hasCertificate && !hasKey)
    wrong.push(
      `client-key-data or client-key must be specified for ${user.name} to use the clientCert authentication method.`,
    );
  const unreadable = (what: string, file: string | undefined, whose: string): void => {
    const why = file ? whyUnreadable(file) : undefined;
    if (why) wrong.push(`unable to read ${what} ${file} for ${whose} due to open ${file}: ${why}`);
  };
  unreadable('client-cert', certificate, user.name);
  unreadable('client-key', key, user.name);
  unreadable('token file', tokenFile, user.name);
  unreadable('certificate-authority', cluster.value['certificate-authority'], cluster.name);
  if (wrong.length === 1) throw new PlainError(`Error in configuration: ${wrong[0]}`);
  if (wrong.length > 1) throw new PlainError(`Error in configuration: \n${wrong.map((one) => `* ${one}`).join('\n')}`);
  const isBlind = cluster.value['insecure-skip-tls-verify'];
  if (isBlind && (cluster.value['certificate-authority'] || cluster.value['certificate-authority-data']))
    throw new CommandError('specifying a root certificates file with the insecure flag is not allowed');
}

function whyUnreadable(file: string): string | undefined {
  try {
    fs.closeSync(fs.openSync(file, 'r'));
    return undefined;
  } catch (e) {
    return e instanceof Error && 'code' in e && e.code === 'EACCES' ? 'permission denied' : 'no such file or directory';
  }
}
