/**
 * Refusals of the API server: one error class that carries a metav1.Status, and a constructor for each reason. The
 * sentences are made here and nowhere else (as k8s.io/apimachinery/pkg/api/errors and pkg/util/validation/field).
 */

import { goQuote } from '../meta/gofmt';
import { stringifyJson } from '../meta/json';

export type FieldErrorType =
  | 'Required value'
  | 'Invalid value'
  | 'Duplicate value'
  | 'Not found'
  | 'Forbidden'
  | 'Unsupported value'
  | 'Too long'
  | 'Too many'
  | 'Internal error';

/** One broken rule of one field. `value` is printed as Go's field.Error prints it (JSON for objects, quoted strings). */
export interface FieldError {
  readonly type: FieldErrorType;
  /** Dotted path with indices: `spec.template.spec.containers[0].image`. */
  readonly field: string;
  readonly value?: unknown;
  readonly detail?: string;
  /** The machine's word for a cause that differs from the one of its type. */
  readonly reason?: string;
}

export interface StatusCause {
  readonly reason?: string;
  readonly message: string;
  readonly field?: string;
}

export interface Status {
  readonly apiVersion: 'v1';
  readonly kind: 'Status';
  /** `continue`: where a list that expired may be gone on with. */
  readonly metadata: { readonly continue?: string };
  readonly status: 'Failure';
  readonly message: string;
  /** NotFound, AlreadyExists, Conflict, Invalid, BadRequest, Forbidden, MethodNotAllowed, … */
  readonly reason: string;
  /** HTTP status code. */
  readonly code: number;
  readonly details?: {
    readonly name?: string;
    readonly group?: string;
    readonly kind?: string;
    readonly uid?: string;
    readonly causes?: readonly StatusCause[];
    readonly retryAfterSeconds?: number;
  };
}

export class ApiError extends Error {
  constructor(readonly status: Status) {
    super(status.message);
    this.name = 'ApiError';
  }
  get reason(): string {
    return this.status.reason;
  }
}

export const isNotFound = (e: unknown): boolean => e instanceof ApiError && e.reason === 'NotFound';
export const isAlreadyExists = (e: unknown): boolean => e instanceof ApiError && e.reason === 'AlreadyExists';
export const isConflict = (e: unknown): boolean => e instanceof ApiError && e.reason === 'Conflict';

/** What names a resource in an error: `pods`, or `statefulsets.apps`. */
export interface ResourceName {
  readonly group: string;
  readonly plural: string;
}

const qualified = (resource: ResourceName): string =>
  resource.group ? `${resource.plural}.${resource.group}` : resource.plural;

/** The Status of a refusal, its fields in the order in which they are sent. */
export const failure = (reason: string, code: number, message: string, details?: Status['details']): Status => ({
  apiVersion: 'v1',
  kind: 'Status',
  metadata: {},
  status: 'Failure',
  message,
  reason,
  code,
  ...(details && { details }),
});

const status = (...given: Parameters<typeof failure>): ApiError => new ApiError(failure(...given));

export const notFound = (resource: ResourceName, name: string): ApiError =>
  status('NotFound', 404, `${qualified(resource)} "${name}" not found`, {
    name,
    group: resource.group,
    kind: resource.plural,
  });

export const alreadyExists = (resource: ResourceName, name: string): ApiError =>
  status('AlreadyExists', 409, `${qualified(resource)} "${name}" already exists`, {
    name,
    group: resource.group,
    kind: resource.plural,
  });

export const conflict = (resource: ResourceName, name: string, why: string): ApiError =>
  status('Conflict', 409, `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`, {
    name,
    group: resource.group,
    kind: resource.plural,
  });

/** An apply that would change what others own (as NewApplyConflict). */
export const applyConflict = (causes: readonly StatusCause[], message: string): ApiError =>
  status('Conflict', 409, message, { causes });

/** What is refused for now (as NewTooManyRequests). Clients try again by themselves after the seconds, where they are given. */
export const tooManyRequests = (
  message: string,
  causes: readonly StatusCause[],
  retryAfterSeconds?: number,
): ApiError => status('TooManyRequests', 429, message, { causes, ...(retryAfterSeconds && { retryAfterSeconds }) });

/** A failure of the server's own, which carries no reason. */
export const internalError = (message: string): ApiError => status('', 500, message);

/** The sentence of an optimistic lock that failed (as registry.OptimisticLockErrorMsg). */
export const OPTIMISTIC_LOCK =
  'the object has been modified; please apply your changes to the latest version and try again';

/** `causes` tell clients in one word what the sentence says. */
export const forbidden = (
  resource: ResourceName,
  name: string,
  why: string,
  causes?: readonly StatusCause[],
): ApiError =>
  status('Forbidden', 403, `${qualified(resource)} "${name}" is forbidden: ${why}`, {
    name,
    group: resource.group,
    kind: resource.plural,
    ...(causes && { causes }),
  });

export const badRequest = (message: string): ApiError => status('BadRequest', 400, message);

/** What says that it is of a kind that nobody knows, where a kind that is known was expected (as transformDecodeError). */
export function unregisteredKind(
  { apiVersion, kind }: { apiVersion: string; kind: string },
  expected: string,
): ApiError {
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  return badRequest(
    `${kind} in version ${goQuote(version)} cannot be handled as a ${expected}: ${noSuchKind(apiVersion, kind)}`,
  );
}

/** As runtime.NewNotRegisteredErrForKind; the place is where the API server keeps its kinds. */
export const noSuchKind = (apiVersion: string, kind: string): string =>
  `no kind ${goQuote(kind)} is registered for version ${goQuote(apiVersion)} in scheme "pkg/api/legacyscheme/scheme.go:30"`;

/** A path that the server does not have, as a scale subresource of pods. */
export const noSuchPath = (): ApiError => status('NotFound', 404, 'the server could not find the requested resource');

/** A generic refusal whose message the server made itself (as a JSON patch whose test failed). */
export const unprocessable = (message: string): ApiError => status('Invalid', 422, message);

/** As NewInternalError, which has a reason of its own. */
export const internalServerError = (why: string): ApiError =>
  status('InternalError', 500, `Internal error occurred: ${why}`);

/** More than the server takes in one request. */
export const tooLarge = (why: string): ApiError =>
  status('RequestEntityTooLarge', 413, `Request entity too large: ${why}`);

export function invalid(group: string, kind: string, name: string, errors: readonly FieldError[]): ApiError {
  const texts = errors.map(fieldErrorText);
  const qualifiedKind = group ? `${kind}.${group}` : kind;
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  return status('Invalid', 422, `${qualifiedKind} "${name}" is invalid: ${list}`, {
    name,
    group,
    kind,
    causes: errors.map((e) => ({ reason: e.reason ?? REASON[e.type], message: fieldErrorBody(e), field: e.field })),
  });
}

const REASON: Record<FieldErrorType, string> = {
  'Required value': 'FieldValueRequired',
  'Invalid value': 'FieldValueInvalid',
  'Duplicate value': 'FieldValueDuplicate',
  'Not found': 'FieldValueNotFound',
  Forbidden: 'FieldValueForbidden',
  'Unsupported value': 'FieldValueNotSupported',
  'Too long': 'FieldValueTooLong',
  'Too many': 'FieldValueTooMany',
  'Internal error': 'InternalError',
};

export const fieldErrorText = (e: FieldError): string => `${e.field}: ${fieldErrorBody(e)}`;

/** As field.Error.ErrorBody: types without a value print only their detail. */
function fieldErrorBody(e: FieldError): string {
  const bare =
    e.type === 'Required value' || e.type === 'Forbidden' || e.type === 'Too long' || e.type === 'Internal error';
  const head = bare ? e.type : `${e.type}: ${goValue(e.value)}`;
  return e.detail ? `${head}: ${e.detail}` : head;
}

/** Texts as %q, everything else as json.Marshal, which escapes what is special to HTML. Fields stand in the given order. */
function goValue(value: unknown): string {
  if (typeof value === 'string') return goQuote(value);
  if (value === undefined || value === null) return 'null';
  if (typeof value !== 'object') return String(value);
  return stringifyJson(value).replace(
    /[<>&\u2028\u2029]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
