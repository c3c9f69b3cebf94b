/** A container's log, in lines with their ends (the log subresource). */
import type { LogOptions } from '../../client/container-backend';
import type { Client } from './client';
import { query } from './paths';

export async function* readLog(
  client: Client,
  namespace: string,
  pod: string,
  options: LogOptions,
): AsyncIterable<string> {
  const { container, follow, limitBytes, previous, sinceSeconds, sinceTime, tailLines, timestamps } = options;
  const parameters = {
    container,
    follow,
    limitBytes,
    previous,
    sinceSeconds,
    sinceTime: sinceTime === undefined ? undefined : new Date(sinceTime).toISOString().replace(/\.\d+Z$/, 'Z'),
    tailLines,
    timestamps,
  };
  const reply = await client.send({
    method: 'GET',
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log${query(parameters)}`,
    accept: '*/*',
    about: `pods ${pod}`,
    isStream: true,
  });
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let rest = '';
  try {
    for await (const chunk of reply.chunks()) {
      rest += decoder.decode(chunk, { stream: true });
      let end = rest.indexOf('\n');
      while (end >= 0) {
        yield rest.slice(0, end + 1);
        rest = rest.slice(end + 1);
        end = rest.indexOf('\n');
      }
    }
    rest += decoder.decode();
    if (rest !== '') yield rest;
  } finally {
    reply.close();
  }
}
