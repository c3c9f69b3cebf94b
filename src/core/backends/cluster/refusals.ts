/** What a server or the way to it refuses, in kubectl's words (as NewGenericServerResponse and StandardErrorMessage). */
import { ApiError, failure, type Status } from '../../api/status';
import { PlainError } from '../../client/errors';
import { goQuote } from '../../meta/gofmt';
import { parseJson } from '../../meta/json';

/** No answer was had from the server. `mayRetry` where the request can't have been taken. */
export class Unreachable extends PlainError {
  constructor(
    message: string,
    readonly mayRetry: boolean,
  ) {
    super(message);
  }
}

/** What was asked, for refusals that don't say it: `get pods web-0`. */
export interface Asked {
  readonly method: string;
  readonly about?: string;
}

/** The Status of a reply that is no success. */
export function refusalOf(code: number, body: string, asked: Asked): ApiError {
  const status = statusIn(body);
  if (status) return new ApiError({ ...status, code: status.code || code });
  const [reason, message] = generic(code, body.trim(), asked.method);
  const about = asked.about ? ` (${VERBS[asked.method] ?? asked.method.toLowerCase()} ${asked.about})` : '';
  return new ApiError(failure(reason, code, `${message}${about}`));
}

/** The Status that a body holds, as an error event of a watch does too. */
export function statusIn(body: string): Status | undefined {
  if (!body.trimStart().startsWith('{')) return undefined;
  let value: unknown;
  try {
    value = parseJson(body);
  } catch {
    return undefined;
  }
  return asStatus(value);
}

/** The Status that a value is, the fields that it lacks empty; undefined where it is something else. */
export function asStatus(value: unknown): Status | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value) || value.kind !== 'Status') return undefined;
  const { message = '', reason = '', code = 0, details } = value as Partial<Status>;
  return failure(reason, code, message, details);
}

const VERBS: Readonly<Record<string, string>> = { POST: 'post', PUT: 'put' };

function generic(code: number, body: string, method: string): readonly [reason: string, message: string] {
  switch (code) {
    case 400:
      return ['BadRequest', 'the server rejected our request for an unknown reason'];
    case 401:
      return ['Unauthorized', 'the server has asked for the client to provide credentials'];
    case 403:
      return ['Forbidden', body || 'the server refused the request'];
    case 404:
      return ['NotFound', 'the server could not find the requested resource'];
    case 405:
      return ['MethodNotAllowed', 'the server does not allow this method on the requested resource'];
    case 406:
      return ['NotAcceptable', body || 'the server was unable to respond with a content type that the client supports'];
    case 409:
      return method === 'POST'
        ? ['AlreadyExists', 'the server reported a conflict']
        : ['Conflict', 'the server reported a conflict'];
    case 415:
      return ['UnsupportedMediaType', body || 'the server was unable to understand the content type of our request'];
    case 422:
      return ['Invalid', 'the server rejected our request due to an error in our request'];
    case 429:
      return ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'];
    case 503:
      return ['ServiceUnavailable', 'the server is currently unable to handle the request'];
    case 504:
      return [
        'Timeout',
        'the server was unable to return a response in the time allotted, but may still be processing the request',
      ];
  }
  if (code >= 500)
    return ['InternalError', `an error on the server (${goQuote(body)}) has prevented the request from succeeding`];
  return ['', `the server responded with the status code ${code} but did not return more information`];
}

/** Why no connection was had, or why it broke. */
export function unreachable(error: unknown, server: string): Unreachable {
  const { hostname, host, port, protocol } = new URL(server);
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const message = error instanceof Error ? error.message : String(error);
  const place = port === '' ? `${hostname}:${protocol === 'https:' ? 443 : 80}` : host;
  if (isRefused(error, code))
    return new Unreachable(
      `The connection to the server ${host} was refused - did you specify the right host or port?`,
      true,
    );
  const text = ((): string => {
    if (code === 'ENOTFOUND' || code === 'EAI_NONAME') return `dial tcp: lookup ${hostname}: no such host`;
    if (code === 'EAI_AGAIN') return `dial tcp: lookup ${hostname}: temporary failure in name resolution`;
    if (code === 'ETIMEDOUT') return `dial tcp ${place}: i/o timeout`;
    if (code === 'ENETUNREACH') return `dial tcp ${place}: connect: network is unreachable`;
    if (code === 'EHOSTUNREACH') return `dial tcp ${place}: connect: no route to host`;
    if (code === 'ECONNRESET' && /socket hang up/.test(message)) return 'EOF';
    if (code === 'ECONNRESET') return `read tcp ${place}: read: connection reset by peer`;
    if (code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG')
      return /wrong version number|packet length/i.test(message)
        ? 'http: server gave HTTP response to HTTPS client'
        : `tls: ${reasonOf(message)}`;
    return certificateTrouble(code, error, hostname) ?? message;
  })();
  return new Unreachable(`Unable to connect to the server: ${text}`, false);
}

/** Each address that a name has was tried: all of them refused. */
const isRefused = (error: unknown, code: string): boolean =>
  code === 'ECONNREFUSED' ||
  (error instanceof AggregateError &&
    error.errors.some((one: unknown) => one instanceof Error && 'code' in one && one.code === 'ECONNREFUSED'));

const reasonOf = (message: string): string =>
  message
    .split(':')
    .findLast((part) => /[a-z]{4}/.test(part))
    ?.trim() ?? message;

function certificateTrouble(code: string, error: unknown, hostname: string): string | undefined {
  const failed = 'tls: failed to verify certificate: x509: ';
  switch (code) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return `${failed}certificate signed by unknown authority`;
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return `${failed}certificate has expired or is not yet valid`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `${failed}certificate is valid for ${namesIn(error)}, not ${hostname}`;
  }
  if (code.startsWith('CERT_')) return `${failed}${error instanceof Error ? error.message : code}`;
  return undefined;
}

function namesIn(error: unknown): string {
  const names =
    error instanceof Error && 'cert' in error ? (error.cert as { subjectaltname?: string }).subjectaltname : undefined;
  return (names ?? 'other names').replace(/(?:DNS|IP Address):/g, '');
}
