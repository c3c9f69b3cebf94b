/** Requests passed on to the API server as they are, with the credentials added: what `proxy` answers with. */
import { type IncomingHttpHeaders, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';
import type { PassedOn, ProxiedRequest } from '../../client/remote';
import type { Transport } from './transport';

/** Headers that are about one connection alone (RFC 9110), and those by which a client would be somebody else. */
const NOT_PASSED = [
  'authorization',
  'connection',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

const passed = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => !NOT_PASSED.includes(name) && !name.startsWith('impersonate-')),
  );

/** The server's answer, its body as it comes. Rejects with the system's error where there is none. */
export async function passOn(transport: Transport, { method, path, headers, body }: ProxiedRequest): Promise<PassedOn> {
  const { agent, auth, headers: own } = await transport.dialled();
  const url = new URL(`${transport.server}${path}`);
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, ...(auth && { auth }), headers: { ...passed(headers), ...own } });
    sent.on('error', reject);
    sent.on('response', (response) =>
      resolve({
        code: response.statusCode ?? 502,
        headers: passed(response.headers),
        body: response,
        close: () => void response.destroy(),
      }),
    );
    Readable.from(body, { objectMode: false })
      .on('error', (error) => sent.destroy(error))
      .pipe(sent);
  });
}
