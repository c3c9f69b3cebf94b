/** How bytes that somebody sends to a server of the simulation are to be read: as requests of the web, of Redis, or as lines. */
import { speakRedis } from '../catalogue/redis/speak';
import type { Connection, Network } from './types';

export { exchange } from './http';

/** Who speaks to a server, over one connection. */
export interface Speaker {
  readonly network: Network;
  /** ms since 1970 */
  readonly now: number;
  /** The password with which the connection has logged in. */
  readonly password?: string | undefined;
}

export interface Said {
  readonly answer: Uint8Array;
  /** How many bytes of the input were understood; what is left belongs to words that are still coming. */
  readonly taken: number;
  /** The server closes the connection. */
  readonly ends?: boolean;
  readonly password?: string | undefined;
}

/** Protocols that are spoken in words, one after the other. */
const LINES: readonly string[] = ['redis', 'zookeeper'];

/** `http` for what answers requests of the web, `words` for what `speak` answers; undefined where no byte is understood. */
export function speechOf({ model, protocol }: Connection): 'http' | 'words' | undefined {
  if (protocol === 'http' || !model || model.isBase) return 'http';
  return LINES.includes(protocol) ? 'words' : undefined;
}

/** What a server answers to all of `input` that is whole; to the rest too, where `isAll`. */
export async function speak(
  connection: Connection,
  input: Uint8Array,
  isAll: boolean,
  speaker: Speaker,
): Promise<Said> {
  const { container, model, protocol } = connection;
  if (protocol === 'redis') return speakRedis(connection, input, speaker);
  const taken = isAll ? input.length : input.lastIndexOf(LINE_FEED) + 1;
  if (taken === 0 || !model?.converse) return { answer: new Uint8Array(), taken };
  const { fs, log } = await connection.open();
  const text = new TextDecoder().decode(input.subarray(0, taken));
  const answer = await model.converse(text, { container, fs, now: speaker.now, log });
  return { answer: new TextEncoder().encode(answer), taken, ends: true };
}

const LINE_FEED = 10;
