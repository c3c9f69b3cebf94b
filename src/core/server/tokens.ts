/** Tokens of service accounts: JSON web tokens, signed with the server's key, so that those of an earlier run stay good. */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** What a token names: an object by name and uid. */
export interface TokenRef {
  readonly name: string;
  readonly uid: string;
}

/** The claims of a token, times in seconds since 1970. */
export interface Claims {
  readonly aud: readonly string[];
  readonly exp: number;
  readonly iat: number;
  readonly iss: string;
  readonly jti: string;
  readonly nbf: number;
  readonly sub: string;
  readonly 'kubernetes.io': {
    readonly namespace: string;
    readonly serviceaccount: TokenRef;
    readonly pod?: TokenRef;
    readonly secret?: TokenRef;
    readonly node?: TokenRef;
  };
}

/** Who makes tokens, and whom they are for unless told, as kubeadm sets it up. */
export const ISSUER = 'https://kubernetes.default.svc.cluster.local';

const base64 = (text: string): string => Buffer.from(text).toString('base64url');

export class Tokens {
  private readonly key: KeyObject;
  private readonly id: string;
  private readonly algorithm: string;

  /** `pem`: a private key. Throws for what is none. */
  constructor(pem: string) {
    this.key = createPrivateKey(pem);
    const spki = createPublicKey(this.key).export({ type: 'spki', format: 'der' });
    this.id = createHash('sha256').update(Uint8Array.from(spki)).digest('base64url');
    const { asymmetricKeyType } = this.key;
    this.algorithm = asymmetricKeyType === 'rsa' ? 'RS256' : asymmetricKeyType === 'ec' ? 'ES256' : 'EdDSA';
  }

  sign(claims: Claims): string {
    const header = { alg: this.algorithm, kid: this.id };
    const text = `${base64(JSON.stringify(header))}.${base64(JSON.stringify(claims))}`;
    const signature = sign(this.digest, Uint8Array.from(Buffer.from(text)), { key: this.key, ...FORM });
    return `${text}.${signature.toString('base64url')}`;
  }

  /** The claims of a token that this key has signed, whether it is still good or not; undefined for any other word. */
  read(token: string): Claims | undefined {
    const [header = '', body = '', signature = '', ...more] = token.split('.');
    if (signature === '' || more.length > 0) return undefined;
    const text = Uint8Array.from(Buffer.from(`${header}.${body}`));
    const bytes = Uint8Array.from(Buffer.from(signature, 'base64url'));
    if (!verify(this.digest, text, { key: createPublicKey(this.key), ...FORM }, bytes)) return undefined;
    return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Claims;
  }

  private get digest(): string | undefined {
    return this.algorithm === 'EdDSA' ? undefined : 'sha256';
  }
}

/** As web tokens carry signatures of elliptic curves. */
const FORM = { dsaEncoding: 'ieee-p1363' } as const;
