/** Who may ask: whoever knows the token. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A word that nobody can guess. */
export const newToken = (): string => randomBytes(32).toString('base64url');

const digest = (text: string): Uint8Array => Uint8Array.from(createHash('sha256').update(text).digest());

/** Tells whether an Authorization header carries the token. How long that takes says nothing of the token. */
export function tokenCheck(token: string): (header: string | undefined) => boolean {
  const expected = digest(token);
  return (header) => {
    const given = /^bearer +(\S+) *$/i.exec(header ?? '')?.[1];
    return timingSafeEqual(digest(given ?? ''), expected) && given !== undefined;
  };
}
