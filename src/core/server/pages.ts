/**
 * Lists in pages. What the first page did not show is kept for a while, so that all pages together are the list of one
 * instant; objects are never changed in place, so that costs little.
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

interface Rest {
  readonly path: string;
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
}

/** Lists that are read in pages at the same time; the oldest is forgotten first. */
const KEEP = 64;

export class Pages {
  private readonly rests = new Map<string, Rest>();
  private last = 0;

  /** Tokens of another run of the server must not be taken for this one's. */
  constructor(private readonly run: string) {}

  /** The first `limit` items; the others are kept for `next`. `path` names the list, selectors included. */
  first(path: string, items: readonly KubeObject[], resourceVersion: string, limit: number): Page {
    if (limit <= 0 || items.length <= limit) return { items, resourceVersion };
    const rest = items.slice(limit);
    const token = `${this.run}-${++this.last}`;
    this.rests.set(token, { path, items: rest, resourceVersion });
    for (const oldest of this.rests.keys()) {
      if (this.rests.size <= KEEP) break;
      this.rests.delete(oldest);
    }
    const encoded = Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', token })).toString('base64url');
    return { items: items.slice(0, limit), resourceVersion, continue: encoded, remainingItemCount: rest.length };
  }

  /** The page after the one that gave the token. A token may be used again. Throws Expired, BadRequest. */
  next(path: string, encoded: string, limit: number): Page {
    const rest = this.rests.get(tokenIn(encoded));
    if (!rest)
      throw expired(
        'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
      );
    if (rest.path !== path) throw badRequest('continue key is not valid: it belongs to another list');
    return this.first(path, rest.items, rest.resourceVersion, limit);
  }
}

function tokenIn(encoded: string): string {
  try {
    const value: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
    if (typeof value === 'object' && value !== null && 'token' in value) return String(value.token);
  } catch {
    // Said below.
  }
  throw badRequest('continue key is not valid: illegal base64 data');
}
