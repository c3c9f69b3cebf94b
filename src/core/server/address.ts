/** Where the server listens, and by which name clients reach it. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Credentials } from './certificate';

export const LOOPBACK = '127.0.0.1';

/** An address as it stands in a URL. */
export const inUrl = (address: string): string => (isIP(address) === 6 ? `[${address}]` : address);

/** The name for a kubeconfig: the address itself or, where that stands for all of them, the first that the certificate is for. */
export function nameOf(address: string, { certificate }: Credentials): string {
  if (address !== '0.0.0.0' && address !== '::') return address;
  const names = new X509Certificate(certificate).subjectAltName ?? '';
  const [first] = names.split(', ').flatMap((name) => /^(?:DNS|IP Address):([^*]+)$/.exec(name)?.[1] ?? []);
  return first ?? LOOPBACK;
}

/** Why a certificate and a key can't be used together; undefined where they can. */
export function troubleWith({ certificate, key }: Credentials): string | undefined {
  try {
    const own = new X509Certificate(certificate);
    return own.checkPrivateKey(createPrivateKey(key)) ? undefined : 'the private key is not the one of the certificate';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
