/** Listening on the ports of this machine that are asked for, and what is said about it (as client-go's PortForwarder). */
import { CommandError } from '../../core/client/errors';
import type { ForwardedPort } from '../../core/client/forward/ports';
import type { ListeningPort, LocalConnection, LocalListener } from '../host';
import type { Io } from '../io';
import { type Address, hostPort } from './addresses';

export interface Listening {
  /** With the port that was taken where any would do. */
  readonly ports: readonly ForwardedPort[];
  close(): void;
}

/** @throws CommandError where none of the ports can be had */
export async function listenOn(
  ports: readonly ForwardedPort[],
  addresses: readonly Address[],
  listening: ListeningPort,
  io: Io,
  connected: (connection: LocalConnection, port: ForwardedPort) => void,
): Promise<Listening> {
  const listeners: LocalListener[] = [];
  const taken: ForwardedPort[] = [];
  for (const port of ports) {
    let current = port;
    const troubles: string[] = [];
    const counts = { needed: 0, oneOf: 0, had: 0 };
    for (const address of addresses) {
      try {
        const listener = await listening.listen(address.host, current.local, (connection) =>
          connected(connection, current),
        );
        listeners.push(listener);
        // The next address takes the port that this one was given.
        current = { ...current, local: listener.port };
        io.out(`Forwarding from ${hostPort(address, current.local)} -> ${current.remote}\n`);
        if (address.isOneOf) counts.had++;
      } catch (error) {
        const where = `listen ${address.family} ${hostPort(address, current.local)}`;
        troubles.push(`unable to create listener: Error ${where}: bind: ${reasonOf(error)}`);
        if (address.isOneOf) counts.oneOf++;
        else counts.needed++;
      }
    }
    if (counts.needed === 0 && (counts.had > 0 || counts.oneOf === 0)) taken.push(current);
    else
      io.err(
        `Unable to listen on port ${port.local}: Listeners failed to create with the following errors: [${troubles.join(' ')}]\n`,
      );
  }
  if (taken.length === 0) {
    for (const listener of listeners) listener.close();
    const all = ports.map(({ local, remote }) => `{${local} ${remote}}`).join(' ');
    throw new CommandError(`unable to listen on any of the requested ports: [${all}]`);
  }
  return {
    ports: taken,
    close: () => {
      for (const listener of listeners) listener.close();
    },
  };
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'address already in use',
  EADDRNOTAVAIL: 'cannot assign requested address',
  EACCES: 'permission denied',
  EAFNOSUPPORT: 'address family not supported by protocol',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
