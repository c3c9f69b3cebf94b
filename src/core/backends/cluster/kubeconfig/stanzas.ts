/** One entry of a kubeconfig with what `set-cluster`, `set-context` and `set-credentials` put into it (as kubectl's modify functions). */
import fs from 'node:fs';
import path from 'node:path';
import { CommandError } from '../../../client/errors';
import type { ClusterFields, ContextFields, KubeConfigChange, UserFields } from '../../../client/remote';
import { isRecord, type Stanza } from './shape';

/** @throws CommandError for flags that do not go together */
export function validate(change: KubeConfigChange): void {
  if (change.kind === 'set-cluster') validateCluster(change);
  else if (change.kind === 'set-user') validateUser(change);
}

function validateCluster(change: ClusterFields & { readonly name: string }): void {
  const { certificateAuthority = '', embedCerts, insecureSkipTlsVerify } = change;
  if (change.name === '') throw new CommandError('you must specify a non-empty cluster name');
  if (insecureSkipTlsVerify && certificateAuthority !== '')
    throw new CommandError('you cannot specify a certificate authority and insecure mode at the same time');
  if (!embedCerts) return;
  if (certificateAuthority === '') throw new CommandError('you must specify a --certificate-authority to embed');
  mustExist('certificate-authority', certificateAuthority);
}

function validateUser(change: UserFields & { readonly name: string }): void {
  const { token = '', username = '', password = '', embedCerts, clientCertificate = '', clientKey = '' } = change;
  if (change.name === '') throw new CommandError('you must specify a non-empty user name');
  if (token !== '' && username + password !== '')
    throw new CommandError(
      'you cannot specify more than one authentication method at the same time: --token, --username/--password',
    );
  if (embedCerts) {
    if (clientCertificate + clientKey === '')
      throw new CommandError('you must specify a --client-certificate or --client-key to embed');
    if (clientCertificate !== '') mustExist('client-certificate', clientCertificate);
    if (clientKey !== '') mustExist('client-key', clientKey);
  }
  const mode = change.execInteractiveMode;
  if (mode !== undefined && !['IfAvailable', 'Never', 'Always'].includes(mode))
    throw new CommandError('invalid interactive mode type, can be only IfAvailable, Never, Always');
}

function mustExist(what: string, file: string): void {
  if (!fs.existsSync(file))
    throw new CommandError(`could not stat ${what} file ${file}: stat ${file}: no such file or directory`);
}

/** Without what is undefined in `more`. */
function over(stanza: Stanza, more: Stanza): Record<string, unknown> {
  return { ...stanza, ...Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined)) };
}

export const contextWith = (context: Stanza, { cluster, user, namespace }: ContextFields): Stanza =>
  over(context, { cluster, user, namespace });

export function clusterWith(cluster: Stanza, change: ClusterFields): Stanza {
  const { server, tlsServerName, insecureSkipTlsVerify, certificateAuthority, proxyUrl } = change;
  // A name to check the certificate by belongs to the server that it was given for.
  const next = over(cluster, {
    server,
    'tls-server-name': tlsServerName ?? (server === undefined ? undefined : ''),
    'insecure-skip-tls-verify': insecureSkipTlsVerify,
    'proxy-url': proxyUrl,
  });
  if (insecureSkipTlsVerify) Object.assign(next, { 'certificate-authority': '', 'certificate-authority-data': '' });
  if (certificateAuthority !== undefined) {
    next['insecure-skip-tls-verify'] = false;
    Object.assign(next, certificate('certificate-authority', certificateAuthority, change.embedCerts));
  }
  return next;
}

/** A file's path, or what is in it; the one takes the place of the other. */
const certificate = (field: string, file: string, embed: boolean): Stanza =>
  embed
    ? { [field]: '', [`${field}-data`]: file === '' ? '' : fs.readFileSync(file).toString('base64') }
    : { [field]: path.resolve(file), [`${field}-data`]: '' };

export function userWith(user: Stanza, change: UserFields): Stanza {
  const { token, username, password, clientCertificate, clientKey, embedCerts } = change;
  const next = over(user, { token, username, password });
  if (clientCertificate !== undefined)
    Object.assign(next, certificate('client-certificate', clientCertificate, embedCerts));
  if (clientKey !== undefined) Object.assign(next, certificate('client-key', clientKey, embedCerts));
  const provider = providerWith(next['auth-provider'], change);
  if (provider) next['auth-provider'] = provider;
  const exec = execWith(next.exec, change);
  if (exec) next.exec = exec;
  // Who logs in one way does not log in another way.
  if (token) Object.assign(next, { username: '', password: '' });
  else if (username || password) next.token = '';
  return next;
}

function providerWith(provider: unknown, { authProvider, authProviderArgs }: UserFields): Stanza | undefined {
  const there = isRecord(provider) ? provider : undefined;
  const next = authProvider !== undefined && there?.name !== authProvider ? { name: authProvider } : there;
  if (!next) return undefined;
  const config = isRecord(next.config) ? { ...next.config } : {};
  for (const key of authProviderArgs.remove) delete config[key];
  return { ...next, config: { ...config, ...authProviderArgs.set } };
}

function execWith(exec: unknown, change: UserFields): Stanza | undefined {
  const there = isRecord(exec) ? exec : undefined;
  const { execCommand, execArgs, execEnv } = change;
  if (!there && execCommand === undefined) return undefined;
  const next = over(there ?? {}, {
    command: execCommand,
    apiVersion: change.execApiVersion,
    interactiveMode: change.execInteractiveMode,
    provideClusterInfo: change.execProvideClusterInfo,
  });
  // Arguments belong to the command that they were given for.
  if (execArgs) next.args = execArgs;
  else if (execCommand !== undefined) next.args = null;
  if (Object.keys(execEnv.set).length > 0 || execEnv.remove.length > 0) next.env = environmentWith(next.env, execEnv);
  return next;
}

function environmentWith(env: unknown, { set, remove }: UserFields['execEnv']): readonly unknown[] {
  const there: readonly unknown[] = Array.isArray(env) ? env : [];
  const nameOf = (one: unknown): string => (isRecord(one) ? String(one.name) : '');
  const kept = there.filter((one) => !remove.includes(nameOf(one)));
  const known = new Set(kept.map(nameOf));
  return [
    ...kept.map((one) => (Object.hasOwn(set, nameOf(one)) ? { name: nameOf(one), value: set[nameOf(one)] } : one)),
    ...Object.entries(set).flatMap(([name, value]) => (known.has(name) ? [] : [{ name, value }])),
  ];
}
