/** One HTTP request to whatever listens at the other end of a connection. */
import type { HttpRequest, HttpResponse } from '../catalogue/model';
import type { Connection } from './types';

/**
 * Undefined where the other end speaks another protocol. A server that no model knows is healthy: it answers 200 with an
 * empty body.
 */
export async function exchange(
  connection: Connection,
  request: HttpRequest,
  now: number,
): Promise<HttpResponse | undefined> {
  const { container, model, protocol } = connection;
  if (model?.serveHttp && protocol === 'http') {
    const { fs, log } = await connection.open();
    return model.serveHttp(request, { container, fs, now, log });
  }
  if (model && !model.isBase) return undefined;
  return { status: 200, reason: 'OK', headers: { 'content-length': '0' }, body: '' };
}
