/** Whether what a kubeconfig and the flags come to can work, told before anything is sent (as clientcmd's ConfirmUsable). */
import fs from 'node:fs';
import { CommandError, PlainError } from '../../../client/errors';
import type { KubeCluster, KubeContext, KubeUser, Named } from './types';

export interface Chosen {
  /** Empty where none is named. */
  readonly contextName: string;
  readonly context: KubeContext | undefined;
  readonly cluster: Named<KubeCluster>;
  readonly hasCluster: boolean;
  /** A cluster was named by a flag, and is not there: no other server is asked in its place. */
  readonly isServerless: boolean;
  readonly user: Named<KubeUser>;
  readonly hasUser: boolean;
}

/** @throws CommandError with all that is wrong */
export function confirmUsable(chosen: Chosen): void {
  const isLost = chosen.contextName !== '' && !chosen.context;
  const wrong = [
    ...(isLost ? [`context was not found for specified context: ${chosen.contextName}`] : []),
    ...troublesOfUser(chosen.user),
    ...troublesOfCluster(chosen),
  ];
  const [only] = wrong;
  if (only === undefined) return;
  if (wrong.length > 1) throw new PlainError(`Error in configuration: \n${wrong.map((one) => `* ${one}`).join('\n')}`);
  throw isLost ? new PlainError(`Error in configuration: ${only}`) : new CommandError(only);
}

/** As validateAuthInfo. */
function troublesOfUser({ name, value }: Named<KubeUser>): string[] {
  const { 'client-certificate': certificate, 'client-key': key, token, tokenFile, username, password } = value;
  const hasKey = key || value['client-key-data'];
  const methods = [...(token || tokenFile ? ['token'] : []), ...(username || password ? ['basicAuth'] : [])];
  return [
    ...((certificate || value['client-certificate-data']) && !hasKey
      ? [`client-key-data or client-key must be specified for ${name} to use the clientCert authentication method.`]
      : []),
    ...unreadable('client-cert', certificate, name),
    ...unreadable('client-key', key, name),
    ...unreadable('token file', tokenFile, name),
    ...(methods.length > 1
      ? [`more than one authentication method found for ${name}; found [${methods.join(' ')}], only one is allowed`]
      : []),
  ];
}

/** As validateClusterInfo. */
const troublesOfCluster = ({ cluster: { name, value }, isServerless }: Chosen): string[] => [
  ...(isServerless ? [`no server found for cluster ${JSON.stringify(name)}`] : []),
  ...unreadable('certificate-authority', isServerless ? undefined : value['certificate-authority'], name),
];

function unreadable(what: string, file: string | undefined, whose: string): string[] {
  const why = file ? whyUnreadable(file) : undefined;
  return why ? [`unable to read ${what} ${file} for ${whose} due to open ${file}: ${why}`] : [];
}

function whyUnreadable(file: string): string | undefined {
  try {
    fs.closeSync(fs.openSync(file, 'r'));
    return undefined;
  } catch (e) {
    return e instanceof Error && 'code' in e && e.code === 'EACCES' ? 'permission denied' : 'no such file or directory';
  }
}
