/** A client of Redis over a plain connection: its commands as arrays or as lines, and the answers (the protocol RESP2). */
import type { Connection } from '../../network/types';
import { readCommand } from './commands-in';
import { wire } from './reply';
import { type Client, RedisServer } from './server';

/** As `speak` of the network. */
export async function speakRedis(
  connection: Connection,
  input: Uint8Array,
  { network, now, password }: Omit<Client, 'password'> & { readonly password?: string | undefined },
) {
  let known = password;
  let answer = '';
  let taken = 0;
  for (;;) {
    const read = readCommand(input, taken);
    if (!read) break;
    taken = read.next;
    const { words } = read;
    if (words.length === 0) continue;
    const client = { network, now, ...(known !== undefined && { password: known }) };
    const reply = await (await RedisServer.open(connection, client)).execute(words);
    const name = words[0]?.toLowerCase();
    if (name === 'auth' && reply.kind !== 'error') known = words.at(-1);
    answer += wire(reply);
    if (name === 'quit') return { answer: bytesOf(answer), taken: input.length, ends: true };
  }
  return { answer: bytesOf(answer), taken, password: known };
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
