/**
 * Lists in pages. What the first page did not show is kept for a while, so that all pages together are the list of one
 * instant; objects are never changed in place, so that costs little. Where nothing was kept, the list may be read again as
 * long as nothing has changed since; else a client may only go on with the rest of another instant's list.
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
  /** Namespace and name of the last that was shown. */
  readonly last: readonly [string, string];
}

/** The version in tokens of clients that take the rest of whatever there is (as the API server's). */
const ANY = '-1';
const TOO_OLD =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

/** Lists that are read in pages at the same time; the oldest is forgotten first. */
const KEEP = 64;

export class Pages {
  private readonly rests = new Map<string, WholeList>();
  private last = 0;

  /** Tokens of another run of the server must not be taken for this one's. */
  constructor(private readonly run: string) {}

  /**
   * The first `limit` items, all for 0; the others are kept for `next`. `path` names the list, selectors included; how many are
   * left is told of lists without selectors, `isWhole`.
   */
  first(path: string, list: WholeList, limit: number, isWhole: boolean): Page {
    return this.page({ path, isWhole, shown: 0 }, list, limit);
  }

  /**
   * The page after the one that gave the token. A token may be used again. `list` reads the list anew.
   * Throws Expired, with a token for the rest of what there is now; BadRequest.
   */
  async next(
    path: string,
    encoded: string,
    limit: number,
    isWhole: boolean,
    list: () => Promise<WholeList>,
  ): Promise<Page> {
    const token = tokenIn(encoded);
    const { id, shown, rv, last } = token;
    if (token.path !== path) throw badRequest('continue key is not valid: it belongs to another list');
    const of = { path, isWhole, shown };
    const rest = this.rests.get(id);
    if (rest) return this.page(of, rest, limit);
    const { items, resourceVersion } = await list();
    if (rv === resourceVersion) return this.page(of, { items: items.slice(shown), resourceVersion }, limit);
    if (rv !== ANY) throw expired(TOO_OLD, encode({ ...token, id: '', rv: ANY }));
    const after = items.filter((item) => isAfter(keyOf(item), last));
    return this.page({ ...of, shown: items.length - after.length }, { items: after, resourceVersion }, limit);
  }

  private page(
    { path, isWhole, shown }: { readonly path: string; readonly isWhole: boolean; readonly shown: number },
    { items, resourceVersion }: WholeList,
    limit: number,
  ): Page {
    if (limit <= 0 || items.length <= limit) return { items, resourceVersion };
    const rest = items.slice(limit);
    const id = `${this.run}-${++this.last}`;
    this.rests.set(id, { items: rest, resourceVersion });
    for (const oldest of this.rests.keys()) {
      if (this.rests.size <= KEEP) break;
      this.rests.delete(oldest);
    }
    const last = keyOf(items[limit - 1]!);
    return {
      items: items.slice(0, limit),
      resourceVersion,
      continue: encode({ id, path, rv: resourceVersion, shown: shown + limit, last }),
      ...(isWhole && { remainingItemCount: rest.length }),
    };
  }
}

type Key = Token['last'];

/** Lists are in the order of these. */
const keyOf = ({ metadata: { namespace = '', name } }: KubeObject): Key => [namespace, name];

const isAfter = ([a, b]: Key, [c, d]: Key): boolean => (a === c ? b > d : a > c);

const encode = (token: Token): string =>
  Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', ...token })).toString('base64url');

function tokenIn(encoded: string): Token {
  try {
    const token = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8')) as Partial<Token>;
    const { id, path, rv, last, shown } = token;
    const words = [id, path, rv, ...(Array.isArray(last) && last.length === 2 ? last : [undefined])];
    if (words.every((word) => typeof word === 'string') && isCount(shown))
      return { id, path, rv, last, shown } as Token;
  } catch {
    // Said below.
  }
  throw badRequest('continue key is not valid: illegal base64 data');
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
