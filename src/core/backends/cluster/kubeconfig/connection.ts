/** From a kubeconfig and flags to one connection: server, credentials, namespace (as clientcmd's ClientConfig). */
import fs from 'node:fs';
import path from 'node:path';
import { CommandError, PlainError } from '../../../client/errors';
import type { ClusterChoice } from '../../../client/remote';
import type { ClusterHost } from '../host';
import { proxyFor } from './proxy';
import type { KubeCluster, KubeFile, KubeUser } from './types';
import { type Chosen, confirmUsable } from './usable';

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

/**
 * As DirectClientConfig.ClientConfig.
 * @throws CommandError in kubectl's words for what is named and not there, or can't be used
 */
export function connectionOf(config: KubeFile, choice: ClusterChoice, env: ClusterHost['env']): Connection {
  const inside = isEmpty(config) && !choice.server && !choice.context ? insideCluster(env) : undefined;
  if (inside) return inside;
  const chosen = chosenIn(config, choice);
  if (choice.user && !chosen.hasUser) throw missing('auth info', choice.user);
  if (choice.context && !chosen.context) throw missing('context', choice.context);
  if (choice.cluster && !chosen.hasCluster) throw missing('cluster', choice.cluster);
  confirmUsable(chosen);
  const server = addressOf(chosen.cluster.value.server || NOBODY);
  const proxy = chosen.cluster.value['proxy-url'] || proxyFor(server, env);
  const cluster = { ...chosen.cluster.value, server, ...(proxy && { 'proxy-url': proxy }) };
  if (server.startsWith('https:')) refuseBlindRoots(cluster);
  return {
    name: chosen.contextName || server,
    namespace: chosen.context?.namespace || undefined,
    server,
    cluster,
    user: chosen.user.value,
  };
}

/**
 * The namespace to work in, asked for before any server is: what can't be used is told in other words then (as
 * DirectClientConfig.Namespace).
 * @throws CommandError
 */
export function namespaceOf(config: KubeFile, choice: ClusterChoice): string | undefined {
  const chosen = chosenIn(config, choice);
  confirmUsable(chosen);
  return chosen.context?.namespace || undefined;
}

const missing = (what: string, name: string): CommandError =>
  new CommandError(`${what} ${JSON.stringify(name)} does not exist`);

/** What file and flags come to; what is named and not there counts as empty. */
function chosenIn(config: KubeFile, choice: ClusterChoice): Chosen {
  const contextName = choice.context || config.currentContext;
  const context = config.contexts.find(({ name }) => name === contextName)?.value;
  const clusterName = choice.cluster || context?.cluster || '';
  const cluster = config.clusters.find(({ name }) => name === clusterName);
  const userName = choice.user || context?.user || '';
  const user = config.users.find(({ name }) => name === userName);
  return {
    contextName,
    context,
    cluster: { name: clusterName, value: withFlags(cluster?.value ?? {}, choice) },
    hasCluster: cluster !== undefined,
    isServerless: choice.cluster !== undefined && cluster === undefined,
    user: { name: userName, value: credentials(user?.value ?? {}, choice) },
    hasUser: user !== undefined,
  };
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

function refuseBlindRoots(cluster: KubeCluster): void {
  if (
    cluster['insecure-skip-tls-verify'] &&
    (cluster['certificate-authority'] || cluster['certificate-authority-data'])
  )
    throw new CommandError('specifying a root certificates file with the insecure flag is not allowed');
}
