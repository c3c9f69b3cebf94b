/**
 * Requests that are tried again where that is safe (as client-go's WithRetry): what the server has not taken (429, or 5xx
 * with Retry-After) is sent again whatever it is; what only reads, after any failure of the server too.
 */
import { ApiError } from '../../api/status';
import { CommandError } from '../../client/errors';
import { parseJson } from '../../meta/json';
import type { ClusterHost } from './host';
import { type Asked, refusalOf, Unreachable } from './refusals';
import type { Call, Reply, Transport } from './transport';

export interface ClientCall extends Call {
  /** What the call is about, for refusals that don't say it: `pods web-0`. */
  readonly about?: string;
  /** The server's "too many requests" is an answer here, as to an eviction. */
  readonly isPatient?: boolean;
}

/** As client-go's maximum. */
const RETRIES = 10;
/** Reads that the server fails without asking for patience. */
const BARE_RETRIES = 4;
/** ms, doubled each time */
const FIRST_WAIT = 250;
const LONGEST_WAIT = 30_000;

export class Client {
  constructor(
    readonly transport: Transport,
    private readonly host: ClusterHost,
  ) {}

  /** A successful answer. Throws ApiError as the server refuses, Unreachable where there is none. */
  async send(call: ClientCall): Promise<Reply> {
    let refreshed = false;
    for (let attempt = 0; ; attempt++) {
      let reply: Reply;
      try {
        reply = await this.transport.send(call);
      } catch (e) {
        // A connection that was kept too long breaks with the first word; who only reads may ask again.
        if (attempt < 1 && call.method === 'GET' && isBroken(e)) continue;
        throw e;
      }
      if (reply.code < 400) return reply;
      const body = await reply.text();
      if (reply.code === 401 && !refreshed && this.transport.credentials.canRefresh) {
        refreshed = true;
        this.transport.forget();
        continue;
      }
      const wait = waitBefore(call, reply, attempt);
      if (wait === undefined) throw refusalOf(reply.code, body, asked(call));
      await this.host.sleep(wait);
    }
  }

  async text(call: ClientCall): Promise<string> {
    return (await this.send(call)).text();
  }

  /** @throws CommandError for an answer that is no JSON */
  async json(call: ClientCall): Promise<unknown> {
    const text = await this.text(call);
    try {
      return parseJson(text);
    } catch (e) {
      throw noJson(text, e);
    }
  }
}

const asked = ({ method, about }: ClientCall): Asked => ({ method, ...(about && { about }) });

const isBroken = (e: unknown): boolean => e instanceof Unreachable && /(?:EOF|reset by peer)$/.test(e.message);

/** How long to wait before another try, ms; undefined for none. */
function waitBefore({ method, isPatient }: ClientCall, reply: Reply, attempt: number): number | undefined {
  const { code } = reply;
  if (code !== 429 && code < 500) return undefined;
  if (code === 429 && isPatient) return undefined;
  const asked = retryAfter(reply.header('retry-after'));
  if (asked !== undefined) return attempt < RETRIES ? Math.min(asked, LONGEST_WAIT) : undefined;
  const isSafe = code === 429 || (method === 'GET' && code !== 501 && code !== 505);
  return isSafe && attempt < BARE_RETRIES ? FIRST_WAIT * 2 ** attempt : undefined;
}

/** ms; only seconds are understood, as client-go does. */
const retryAfter = (header: string | undefined): number | undefined =>
  header !== undefined && /^\d+$/.test(header) ? Number(header) * 1000 : undefined;

/** As encoding/json complains about a page that some proxy wrote. */
function noJson(text: string, e: unknown): CommandError {
  const first = text.trimStart()[0];
  if (first === undefined) return new CommandError('unexpected end of JSON input');
  if (!'{["-0123456789tfn'.includes(first))
    return new CommandError(`invalid character '${first}' looking for beginning of value`);
  return new CommandError(`the server's answer is no JSON: ${e instanceof Error ? e.message : String(e)}`);
}

/** True for the server's word that a version is too old to go on from. */
export const isExpired = (e: unknown): boolean =>
  e instanceof ApiError && (e.reason === 'Expired' || e.reason === 'Gone' || e.status.code === 410);
