/** Refusals that only a server over HTTP has to utter, and what every failure looks like to a client. */
import { ApiError, failure, type Status } from '../api/status';

export const refusal = (code: number, reason: string, message: string, details?: Status['details']): ApiError =>
  new ApiError(failure(reason, code, message, details));

export const unauthorized = (): ApiError => refusal(401, 'Unauthorized', 'Unauthorized');

export const methodNotAllowed = (): ApiError =>
  refusal(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});

export const closing = (): ApiError =>
  refusal(503, 'ServiceUnavailable', 'the server is shutting down', { retryAfterSeconds: 1 });

export const tooManyWatches = (): ApiError =>
  refusal(429, 'TooManyRequests', 'too many watches, please try again later', { retryAfterSeconds: 1 });

export const tooLarge = (limit: number): ApiError =>
  refusal(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limit}`);

export const notAcceptable = (): ApiError =>
  refusal(406, 'NotAcceptable', 'only the following media types are accepted: application/json, application/yaml');

/** `why` says more of a body that is of a known form and cannot be read. */
export const unsupportedMediaType = (accepted: readonly string[], why = ''): ApiError =>
  refusal(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}${why && ` (${why})`}`,
  );

/** A body that is nothing of the kind that the path asks for (as transformDecodeError). */
export const unrecognized = (kind: string, why: string, body: Uint8Array): ApiError =>
  refusal(
    400,
    'BadRequest',
    `the object provided is unrecognized (must be of type ${kind}): ${why} (${summaryOf(body)})`,
  );

/** The beginning of a body: as it is where it looks like JSON, else in hexadecimal digits (as summarizeData). */
function summaryOf(body: Uint8Array): string {
  if (body.length === 0) return '<empty>';
  const start = Buffer.from(body.subarray(0, 30));
  return start.toString(body[0] === 0x7b ? 'utf8' : 'hex') + (body.length > 30 ? ' ...' : '');
}

export const notImplemented = (what: string): ApiError =>
  refusal(501, 'NotImplemented', `${what} is not offered by this server`);

/** As NewResourceExpired: what was asked for is no longer known, list anew; or go on from a token. */
export const expired = (message: string, token?: string): ApiError => {
  const { status } = refusal(410, 'Expired', message);
  return new ApiError({ ...status, ...(token !== undefined && { metadata: { continue: token } }) });
};

/** As NewTooLargeResourceVersionError. */
export const tooLargeVersion = (asked: number, current: number): ApiError =>
  refusal(504, 'Timeout', `Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });

/** The Status of any failure. What is no refusal is the server's own fault, or its disk's. */
export function statusOf(error: unknown): Status {
  if (error instanceof ApiError) {
    const { status } = error;
    return status.code > 0 ? status : { ...status, code: 500 };
  }
  const message = error instanceof Error ? error.message : String(error);
  return refusal(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] }).status;
}
