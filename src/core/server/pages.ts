/**
 * Lists in pages. What the first page did not show is kept for a while, so that all pages together are the list of one
 * instant; objects are never changed in place, so that costs little. Where nothing was kept, the list may be read again as
 * long as nothing has changed since.
 */
import { badRequest } from '../api/status';
import type { KubeObject } from '../api/types';
import { expired } from './status';

export interface Page {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** A list as it is read from the cluster. */
export interface WholeList {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
}

/** What a token says; opaque to clients. */
interface Token {
  readonly id: string;
  /** Which list, at which version, and how many of its items were shown. */
  readonly path: string;
  readonly rv: string;
  readonly shown: number;
}

/** Lists that are read in pages at the same time; the oldest is forgotten first. */
const KEEP = 64;

export class Pages {
  private readonly rests = new Map<string, WholeList>();
  private last = 0;

  /** Tokens of another run of the server must not be taken for this one's. */
  constructor(private readonly run: string) {}

  /** The first `limit` items, all for 0; the others are kept for `next`. `path` names the list, selectors included. */
  first(path: string, list: WholeList, limit: number): Page {
    return this.page(path, list, limit, 0);
  }

  /**
   * The page after the one that gave the token. A token may be used again. `list` reads the list anew.
   * Throws Expired, BadRequest.
   */
  async next(path: string, encoded: string, limit: number, list: () => Promise<WholeList>): Promise<Page> {
    const { id, shown, rv, path: from } = tokenIn(encoded);
    if (from !== path) throw badRequest('continue key is not valid: it belongs to another list');
    const rest = this.rests.get(id);
    if (rest) return this.page(path, rest, limit, shown);
    const { items, resourceVersion } = await list();
    if (resourceVersion !== rv)
      throw expired(
        'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
      );
    return this.page(path, { items: items.slice(shown), resourceVersion }, limit, shown);
  }

  private page(path: string, { items, resourceVersion }: WholeList, limit: number, before: number): Page {
    if (limit <= 0 || items.length <= limit) return { items, resourceVersion };
    const rest = items.slice(limit);
    const id = `${this.run}-${++this.last}`;
    this.rests.set(id, { items: rest, resourceVersion });
    for (const oldest of this.rests.keys()) {
      if (this.rests.size <= KEEP) break;
      this.rests.delete(oldest);
    }
    const token: Token = { id, path, rv: resourceVersion, shown: before + limit };
    const encoded = Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', ...token })).toString('base64url');
    return { items: items.slice(0, limit), resourceVersion, continue: encoded, remainingItemCount: rest.length };
  }
}

function tokenIn(encoded: string): Token {
  try {
    const { id, path, rv, shown } = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8')) as Partial<Token>;
    if (typeof id === 'string' && typeof path === 'string' && typeof rv === 'string' && isCount(shown))
      return { id, path, rv, shown };
  } catch {
    // Said below.
  }
  throw badRequest('continue key is not valid: illegal base64 data');
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
