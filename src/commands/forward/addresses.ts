/** Where `port-forward` listens: addresses, and whether each of them is needed (as parseAddresses of client-go). */
import { CommandError } from '../../core/client/errors';

export interface Address {
  readonly family: 'tcp4' | 'tcp6';
  readonly host: string;
  /** `localhost`: one of its addresses is enough. */
  readonly isOneOf: boolean;
}

/** @throws CommandError */
export function addressesOf(words: readonly string[]): readonly Address[] {
  if (words.length === 0) throw new CommandError('you must specify at least 1 address');
  const found = new Map<string, Address>();
  for (const word of words) for (const one of addresses(word)) found.set(one.host, one);
  return [...found.values()];
}

function addresses(word: string): readonly Address[] {
  if (word === 'localhost')
    return [
      { family: 'tcp4', host: '127.0.0.1', isOneOf: true },
      { family: 'tcp6', host: '::1', isOneOf: true },
    ];
  if (isVersion4(word)) return [{ family: 'tcp4', host: word, isOneOf: false }];
  if (isVersion6(word)) return [{ family: 'tcp6', host: word, isOneOf: false }];
  throw new CommandError(`${word} is not a valid IP`);
}

const isVersion4 = (word: string): boolean =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(word) && word.split('.').every((part) => Number(part) < 256);

function isVersion6(word: string): boolean {
  if (!word.includes(':') || !/^[0-9a-f:.]+$/i.test(word)) return false;
  try {
    return new URL(`http://[${word}]`).hostname !== '';
  } catch {
    return false;
  }
}

export const hostPort = ({ family, host }: Address, port: number): string =>
  family === 'tcp6' ? `[${host}]:${port}` : `${host}:${port}`;
