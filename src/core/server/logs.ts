/** The log subresource of pods: what a container printed, as text, to the end or for as long as the client listens. */
import type { ServerResponse } from 'node:http';
import { badRequest, type FieldError, invalid } from '../api/status';
import type { LogOptions } from '../client/container-backend';
import type { ServedBackend } from '../client/served';
import type { Answer, Call } from './call';
import { numberIn } from './parameters';
import { containerIn, podAt } from './pods';
import type { ServerHost, ServerLimits } from './port';
import { pour } from './pour';
import { methodNotAllowed } from './status';
import type { Target } from './target';

interface Around {
  readonly backend: ServedBackend;
  readonly host: ServerHost;
  readonly limits: ServerLimits;
}

const TEXT = 'text/plain';

/** Without a `response` that it could be written to as it comes, a log that is followed ends with what there is. */
export async function answerLogs(
  { backend, host, limits }: Around,
  call: Call,
  target: Target,
  response: ServerResponse | undefined,
): Promise<Answer | undefined> {
  if (call.method !== 'GET' && call.method !== 'HEAD') throw methodNotAllowed();
  const { resource, namespace = '', name = '' } = target;
  const options = optionsOf(call, name);
  const container = containerIn(await podAt(backend, resource, namespace, name), call.query.get('container') ?? '');
  const read = (more: Partial<LogOptions>) =>
    backend.containers.logs(namespace, name, { ...options, container, ...more });
  if (!options.follow || !response) {
    let text = '';
    for await (const line of read({ follow: false })) text += line;
    return { code: 200, body: text, contentType: TEXT };
  }
  // That there is a log is answered at once, though it may have no line for long.
  for await (const _ of read({ follow: false, tailLines: 0 }));
  response.writeHead(200, { 'Content-Type': TEXT, 'Cache-Control': 'no-cache, private' });
  response.flushHeaders();
  call.begun(200);
  await pour(read({}), response, host, limits);
  return undefined;
}

/** Throws Invalid (as ValidatePodLogOptions), BadRequest. */
function optionsOf(call: Call, name: string): Omit<LogOptions, 'container'> {
  const { query } = call;
  const errors: FieldError[] = [];
  const [tailLines, sinceSeconds, limitBytes] = ['tailLines', 'sinceSeconds', 'limitBytes'].map((field, i) => {
    const value = numberIn(query, field);
    const least = i === 0 ? 0 : 1;
    const detail = `must be greater than ${i === 0 ? 'or equal to ' : ''}0`;
    if (value !== undefined && value < least) errors.push({ type: 'Invalid value', field, value, detail });
    return value;
  });
  const text = query.get('sinceTime') ?? '';
  const sinceTime = text === '' ? undefined : Date.parse(text);
  if (sinceTime !== undefined && Number.isNaN(sinceTime))
    throw badRequest(
      `invalid value ${JSON.stringify(text)} for sinceTime: must be a time such as 2006-01-02T15:04:05Z`,
    );
  if (sinceTime !== undefined && sinceSeconds !== undefined)
    errors.push({
      type: 'Forbidden',
      field: '',
      detail: 'at most one of `sinceTime` or `sinceSeconds` may be specified',
    });
  if (errors.length > 0) throw invalid('', 'PodLogOptions', name, errors);
  return {
    follow: call.flag('follow'),
    previous: call.flag('previous'),
    timestamps: call.flag('timestamps'),
    ...(tailLines !== undefined && { tailLines }),
    ...(sinceSeconds !== undefined && { sinceSeconds }),
    ...(sinceTime !== undefined && { sinceTime }),
    ...(limitBytes !== undefined && { limitBytes }),
  };
}
