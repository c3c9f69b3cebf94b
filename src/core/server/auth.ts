/** The server's own token: whoever knows it may do everything. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A word that nobody can guess. */
export const newToken = (): string => randomBytes(32).toString('base64url');

const digest = (text: string): Uint8Array => Uint8Array.from(createHash('sha256').update(text).digest());

/** The token of an Authorization header. */
export const bearerOf = (header: string | undefined): string | undefined =>
  /^bearer +(\S+) *$/i.exec(header ?? '')?.[1];

/** Tells whether a token is the one. How long that takes says nothing of it. */
export function tokenCheck(token: string): (given: string | undefined) => boolean {
  const expected = digest(token);
  return (given) => timingSafeEqual(digest(given ?? ''), expected) && given !== undefined;
}
