/** Commands over a connection to a simulated server that answers to words: Redis, or lines as with nc. */
import type { PortConnection, PortEars } from '../../../client/container-backend';
import { loadShell } from '../pods/load-shell';
import type { Turn } from './index';

/** What a client may send without ever ending a command, bytes. */
const MOST = 64 * 1024 * 1024;

export function wordsOver(ears: PortEars, turn: Turn): PortConnection {
  let waiting: Uint8Array = new Uint8Array();
  let isAll = false;
  let isOver = false;
  let isBusy = false;
  let password: string | undefined;
  const over = (trouble?: string): void => {
    if (isOver) return;
    isOver = true;
    ears.end(trouble);
  };
  const work = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    try {
      const { speak } = await loadShell();
      for (let more = true; more && !isOver; ) {
        const input = waiting;
        const ended = isAll;
        const said = await turn(async (connection, { network, now }) =>
          typeof connection === 'string' ? undefined : speak(connection, input, ended, { network, now, password }),
        );
        if (!said) return over();
        password = said.password;
        waiting = waiting.subarray(said.taken);
        if (said.answer.length > 0 && !isOver) ears.data(said.answer);
        if (said.ends || ended) return over();
        more = waiting.length > input.length - said.taken || isAll;
      }
    } catch (error) {
      over(error instanceof Error ? error.message : String(error));
    } finally {
      isBusy = false;
    }
  };
  return {
    write: (bytes) => {
      if (isOver || isAll) return;
      if (waiting.length + bytes.length > MOST) return over(`more than ${MOST} bytes without the end of a command`);
      const joined = new Uint8Array(waiting.length + bytes.length);
      joined.set(waiting);
      joined.set(bytes, waiting.length);
      waiting = joined;
      void work();
    },
    end: () => {
      isAll = true;
      void work();
    },
    close: () => {
      isOver = true;
    },
  };
}
