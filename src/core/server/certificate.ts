/**
 * A certificate that the server signs for itself: clients send a token over TLS only (as clientcmd does), and trust the
 * server because the kubeconfig names this certificate as its authority. Node can make keys but no certificates, so the DER
 * is written here.
 */
import { generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';

export interface Credentials {
  /** PEM */
  readonly certificate: string;
  /** PEM */
  readonly key: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const VALID_MS = 3650 * DAY_MS;

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OID = 0x06;
const UTF8 = 0x0c;
const UTC_TIME = 0x17;
const TRUE = [0x01, 0x01, 0xff];

/** The dotted numbers of each identifier, encoded. */
const ECDSA_WITH_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const COMMON_NAME = [0x55, 0x04, 0x03];
const BASIC_CONSTRAINTS = [0x55, 0x1d, 0x13];
const KEY_USAGE = [0x55, 0x1d, 0x0f];
const EXTENDED_KEY_USAGE = [0x55, 0x1d, 0x25];
const SUBJECT_ALT_NAME = [0x55, 0x1d, 0x11];
const SERVER_AUTH = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01];

type Bytes = readonly number[];

function der(tag: number, ...content: readonly Bytes[]): Bytes {
  const body = content.flat();
  const { length } = body;
  if (length < 0x80) return [tag, length, ...body];
  if (length < 0x100) return [tag, 0x81, length, ...body];
  return [tag, 0x82, length >> 8, length & 0xff, ...body];
}

const bytes = (text: string): Bytes => [...Buffer.from(text, 'latin1')];

const name = (text: string): Bytes =>
  der(SEQUENCE, der(SET, der(SEQUENCE, der(OID, COMMON_NAME), der(UTF8, bytes(text)))));

/** `YYMMDDhhmmssZ`, for years before 2050. */
function time(ms: number): Bytes {
  const text = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
  return der(UTC_TIME, bytes(text.slice(2)));
}

const extension = (id: Bytes, critical: boolean, value: Bytes): Bytes =>
  der(SEQUENCE, der(OID, id), critical ? TRUE : [], der(OCTET_STRING, value));

/** A key and a certificate for this machine's loopback addresses, good for ten years from `now` (ms). */
export function selfSigned(now: number): Credentials {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(SEQUENCE, der(OID, ECDSA_WITH_SHA256));
  const serial = [0x01, ...randomBytes(15)];
  const names = der(
    SEQUENCE,
    der(0x82, bytes('localhost')),
    der(0x87, [127, 0, 0, 1]),
    der(0x87, [...new Array<number>(15).fill(0), 1]),
  );
  const extensions = der(
    SEQUENCE,
    extension(BASIC_CONSTRAINTS, true, der(SEQUENCE, TRUE)),
    // Digital signature and certificate signing.
    extension(KEY_USAGE, true, der(BIT_STRING, [0x02, 0x84])),
    extension(EXTENDED_KEY_USAGE, false, der(SEQUENCE, der(OID, SERVER_AUTH))),
    extension(SUBJECT_ALT_NAME, false, names),
  );
  const content = der(
    SEQUENCE,
    der(0xa0, der(INTEGER, [2])),
    der(INTEGER, serial),
    algorithm,
    name('stsctl'),
    der(SEQUENCE, time(now - DAY_MS), time(now + VALID_MS)),
    name('stsctl'),
    [...publicKey.export({ type: 'spki', format: 'der' })],
    der(0xa3, extensions),
  );
  const signature = [...sign('sha256', Uint8Array.from(content), privateKey)];
  const whole = der(SEQUENCE, content, algorithm, der(BIT_STRING, [0x00, ...signature]));
  const base64 = Buffer.from(Uint8Array.from(whole)).toString('base64');
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  };
}

/** Whether a certificate is still good for a day more than now (ms). */
export function isValid({ certificate }: Credentials, now: number): boolean {
  try {
    return Date.parse(new X509Certificate(certificate).validTo) > now + DAY_MS;
  } catch {
    return false;
  }
}
