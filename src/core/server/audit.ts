/**
 * The audit log: one event for each answer, two for answers that last, in kube-apiserver's form at its level `Metadata` (the
 * group audit.k8s.io/v1). What was asked, by whom, about which object, and how it ended; never what was sent.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Call } from './call';
import type { ServerHost } from './port';
import { requestInfo } from './request-info';
import type { User } from './user';

/** Told of each event, a plain object. */
export type AuditSink = (event: object) => void;

interface ResponseStatus {
  readonly metadata: object;
  readonly status?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly code: number;
}

/** One request as the log tells it. */
export interface Audited {
  /** Told what the request says, once it could be read, and who is known to have sent it. */
  read(call: Call): void;
  known(user: User): void;
  /** Told how a request was refused. */
  refused(status: { readonly code: number; readonly message: string; readonly reason: string }): void;
  /** Told that an answer that lasts has begun, with its HTTP code. */
  started(code: number): void;
  /** Told that the answer is complete. The same may be said several times. */
  completed(code: number): void;
}

const NOTHING: Audited = { read() {}, known() {}, refused() {}, started() {}, completed() {} };

/** Begins with a request. The answer carries the event's id. Nothing is logged without a `sink`. */
export function audited(
  sink: AuditSink | undefined,
  host: ServerHost,
  request: IncomingMessage,
  response: ServerResponse,
): Audited {
  if (!sink) return NOTHING;
  const given = String(request.headers['audit-id'] ?? '');
  const auditID = /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
  const received = host.now();
  const { method = 'GET', url = '/', headers, socket } = request;
  const sourceIPs = socket.remoteAddress ? [socket.remoteAddress.replace(/^::ffff:/, '')] : undefined;
  const userAgent = headers['user-agent'];
  let call: Call | undefined;
  let known: User | undefined;
  let failure: Parameters<Audited['refused']>[0] | undefined;
  let isOver = false;
  response.setHeader('Audit-Id', auditID);
  const tell = (stage: string, responseStatus: ResponseStatus): void => {
    const info = requestInfo(method, call?.parts ?? [], call?.query ?? new URLSearchParams());
    const { metadata } = call?.seen ?? {};
    const { object } = info;
    // An object that is made names itself in its body.
    const name = object?.name ?? metadata?.name;
    const namespace = object?.namespace ?? metadata?.namespace;
    sink({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: 'Metadata',
      auditID,
      stage,
      requestURI: url,
      verb: info.verb,
      user: known ?? {},
      ...(sourceIPs && { sourceIPs }),
      ...(userAgent && { userAgent }),
      ...(object && {
        objectRef: {
          resource: object.resource,
          ...(namespace && { namespace }),
          ...(name && { name }),
          ...(metadata?.uid && { uid: metadata.uid }),
          ...(object.apiGroup && { apiGroup: object.apiGroup }),
          apiVersion: object.apiVersion,
          ...(metadata?.resourceVersion && { resourceVersion: metadata.resourceVersion }),
          ...(object.subresource && { subresource: object.subresource }),
        },
      }),
      responseStatus,
      requestReceivedTimestamp: microTime(received),
      stageTimestamp: microTime(host.now()),
      ...(known && {
        annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
      }),
    });
  };
  const statusOf = (code: number): ResponseStatus =>
    failure ? { metadata: {}, status: 'Failure', ...failure } : { metadata: {}, code };
  return {
    read: (one) => {
      call = one;
    },
    known: (user) => {
      known = user;
    },
    refused: ({ code, message, reason }) => {
      failure = { message, reason, code };
    },
    started: (code) => tell('ResponseStarted', { metadata: {}, code }),
    completed: (code) => {
      if (isOver) return;
      isOver = true;
      tell('ResponseComplete', statusOf(code));
    },
  };
}

/** `2026-01-02T03:04:05.678000Z`, as metav1.MicroTime. */
const microTime = (ms: number): string => new Date(ms).toISOString().replace('Z', '000Z');
