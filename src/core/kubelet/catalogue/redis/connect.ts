/** How the client reaches a server. */
import type { ProgramContext } from '../../shell/program';
import { RedisServer } from './server';

export interface Target {
  readonly host: string;
  readonly port: number;
}

/** The server, or why there is none, in redis-cli's words. */
export async function connectTo(
  { host, port }: Target,
  password: string | undefined,
  context: ProgramContext,
): Promise<RedisServer | string> {
  const connection = context.network.connect(host, port);
  const place = `Could not connect to Redis at ${host}:${port}: `;
  if (typeof connection === 'string') {
    if (connection === 'timeout') await context.sleep(127_000);
    context.networkFailed();
    if (connection === 'unknown host') return `${place}Name or service not known`;
    return `${place}${connection === 'refused' ? 'Connection refused' : 'Connection timed out'}`;
  }
  if (connection.protocol !== 'redis') return 'Error: Server closed the connection';
  return RedisServer.open(connection, {
    network: context.network,
    now: context.now(),
    ...(password !== undefined && { password }),
  });
}
