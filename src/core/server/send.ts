/** Writes an answer: JSON, compressed when it is large and the client takes that, refusals as Status. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzip } from 'node:zlib';
import { typedJson } from '../meta/typed-json';
import type { Answer } from './call';
import { statusOf } from './status';

/** Smaller answers are sent as they are (as the API server's threshold). */
const LARGE = 128 * 1024;
const LEVEL = 4;

export async function send(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  const { code, contentType = 'application/json', headers = {} } = answer;
  const body = bytesOf(answer.body);
  const zipped = body.length > LARGE && takesGzip(request) ? await zip(body) : undefined;
  response.writeHead(code, {
    'Cache-Control': 'no-cache, private',
    'Content-Type': contentType,
    ...headers,
    ...(zipped && { 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' }),
    'Content-Length': String((zipped ?? body).length),
  });
  response.end(request.method === 'HEAD' ? undefined : (zipped ?? body));
}

/** The answer that a failure is. */
export function failure(error: unknown): Answer {
  const status = statusOf(error);
  const details = status.details as { retryAfterSeconds?: number } | undefined;
  const headers: Record<string, string> = {
    ...(details?.retryAfterSeconds !== undefined && { 'Retry-After': String(details.retryAfterSeconds) }),
    ...(status.code === 401 && { 'WWW-Authenticate': 'Bearer realm="stsctl"' }),
  };
  return { code: status.code, body: status, headers };
}

function bytesOf(body: Answer['body']): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return new TextEncoder().encode(typeof body === 'string' ? body : `${typedJson(body)}\n`);
}

const takesGzip = ({ headers }: IncomingMessage): boolean =>
  /\bgzip\b(?!;q=0\b)/.test(String(headers['accept-encoding'] ?? ''));

const zip = (body: Uint8Array): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    gzip(body, { level: LEVEL }, (error, zipped) =>
      error ? reject(error) : resolve(new Uint8Array(zipped.buffer, zipped.byteOffset, zipped.length)),
    );
  });
