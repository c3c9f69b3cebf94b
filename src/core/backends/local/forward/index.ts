/** A connection to a port of a simulated pod: its bytes go to what listens there, a turn for each thing that is asked. */
import type { Pod } from '../../../api/types';
import type { PortConnection, PortEars } from '../../../client/container-backend';
import type { Connection, Network, Refusal } from '../../../kubelet/network/types';
import { loadShell } from '../pods/load-shell';
import { wordsOver } from './words';

/** The pod's inside at the instant of a turn. */
export interface Inside {
  readonly network: Network;
  /** ms since 1970 */
  readonly now: number;
  readonly pod: Pod;
}

export type AtPort<T> = (connection: Connection | Refusal, inside: Inside) => Promise<T>;

/** One turn at the port: what was done there is kept when it resolves. */
export type Turn = <T>(work: AtPort<T>) => Promise<T>;

type Found =
  | { readonly trouble: string }
  | { readonly trouble?: undefined; readonly speech: 'http' | 'words' | undefined; readonly protocol: string };

/** @throws as the first turn does: where there is no such pod */
export async function connectTo(port: number, ears: PortEars, turn: Turn): Promise<PortConnection> {
  const shell = await loadShell();
  const found = await turn<Found>(async (connection, { pod }) =>
    typeof connection === 'string'
      ? { trouble: nobody(port, pod.metadata.name) }
      : { speech: shell.speechOf(connection), protocol: connection.protocol },
  );
  if (found.trouble !== undefined) return refused(ears, found.trouble);
  // Node's HTTP costs milliseconds, and few commands come to it.
  if (found.speech === 'http') return (await import('./http')).httpOver(ears, turn);
  if (found.speech === 'words') return wordsOver(ears, turn);
  return refused(
    ears,
    `what listens on port ${port} is simulated, and its protocol (${found.protocol}) is not spoken over connections from ` +
      'outside: use its client in a container with "exec"',
  );
}

/** As containerd puts it, as far as there is something to name. */
const nobody = (port: number, pod: string): string =>
  `error forwarding port ${port} to pod ${pod}, uid : failed to execute portforward in network namespace of pod ${pod}: ` +
  `failed to connect to localhost:${port} inside namespace, IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused`;

function refused(ears: PortEars, trouble: string): PortConnection {
  let isOpen = true;
  queueMicrotask(() => {
    if (isOpen) ears.end(trouble);
  });
  return {
    write: () => {},
    end: () => {},
    close: () => {
      isOpen = false;
    },
  };
}
