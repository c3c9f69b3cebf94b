/** What stands in a query or a DeleteOptions body, checked (as the validation of the meta group's options). */
import { badRequest, type FieldError, invalid } from '../api/status';
import type { DeleteOptions, FieldValidation, Propagation, WriteOptions } from '../client/backend';
import { formOf } from './accept';
import type { Call } from './call';
import type { IncludeObject, View } from './encode';

export function viewOf(call: Call): View {
  const include = call.query.get('includeObject');
  const includeObject: IncludeObject = include === 'Object' || include === 'None' ? include : 'Metadata';
  return { form: formOf(call.header('accept')), includeObject };
}

function fail(kind: string, type: FieldError['type'], field: string, value: unknown, detail: string): never {
  throw invalid('meta.k8s.io', kind, '', [{ type, field, value, detail }]);
}

export function dryRunOf(values: readonly string[], kind: string): boolean {
  for (const value of values)
    if (value !== 'All') fail(kind, 'Unsupported value', 'dryRun', values, 'supported values: "All"');
  return values.length > 0;
}

/** `kind` is what the query stands for: `CreateOptions`. Throws Invalid. */
export function writeOptions(call: Call, kind: string): WriteOptions {
  const { query } = call;
  const validation = query.get('fieldValidation') ?? '';
  if (!['', 'Strict', 'Warn', 'Ignore'].includes(validation))
    fail(kind, 'Unsupported value', 'fieldValidation', validation, 'supported values: "Ignore", "Strict", "Warn"');
  const manager = query.get('fieldManager') ?? '';
  if (manager.length > 128) fail(kind, 'Too long', 'fieldManager', manager, 'may not be more than 128 bytes');
  const dryRun = dryRunOf(query.getAll('dryRun').filter(Boolean), kind);
  return {
    fieldValidation: (validation || 'Warn') as FieldValidation,
    fieldManager: manager || managerOf(call),
    ...(dryRun && { dryRun }),
    ...(call.flag('force') && { force: true }),
  };
}

/** Who names no manager is known by his program (as managerOrUserAgent). */
function managerOf(call: Call): string {
  return (call.header('user-agent') ?? 'unknown').split('/')[0]!.slice(0, 128);
}

const POLICIES: readonly string[] = ['Background', 'Foreground', 'Orphan'];

/** Of the body where there is one, else of the query. Throws Invalid, BadRequest. */
export function deleteOptions(call: Call, body: unknown): DeleteOptions {
  const given = body === undefined ? fromQuery(call.query) : fromBody(body);
  const { gracePeriodSeconds, orphanDependents, preconditions } = given;
  const propagationPolicy = given.propagationPolicy ?? (orphanDependents ? 'Orphan' : undefined);
  if (given.propagationPolicy !== undefined && orphanDependents !== undefined)
    fail(
      'DeleteOptions',
      'Invalid value',
      'propagationPolicy',
      given.propagationPolicy,
      'orphanDependents and deletionPropagation cannot be both set',
    );
  if (propagationPolicy !== undefined && !POLICIES.includes(propagationPolicy))
    fail(
      'DeleteOptions',
      'Unsupported value',
      'propagationPolicy',
      propagationPolicy,
      'supported values: "Background", "Foreground", "Orphan"',
    );
  const dryRun = dryRunOf([...call.query.getAll('dryRun').filter(Boolean), ...given.dryRun], 'DeleteOptions');
  return {
    ...(dryRun && { dryRun }),
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    ...(propagationPolicy !== undefined && { propagationPolicy: propagationPolicy as Propagation }),
    ...(preconditions && { preconditions }),
  };
}

interface Given {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: string;
  readonly orphanDependents?: boolean;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun: readonly string[];
}

function fromQuery(query: URLSearchParams): Given {
  const grace = query.get('gracePeriodSeconds');
  const policy = query.get('propagationPolicy');
  const orphan = query.get('orphanDependents');
  return {
    dryRun: [],
    ...(grace !== null && { gracePeriodSeconds: wholeNumber('gracePeriodSeconds', grace) }),
    ...(policy !== null && { propagationPolicy: policy }),
    ...(orphan !== null && { orphanDependents: orphan === 'true' || orphan === '1' }),
  };
}

function fromBody(body: unknown): Given {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw badRequest('expected DeleteOptions');
  const { gracePeriodSeconds, propagationPolicy, orphanDependents, preconditions, dryRun } = body as Record<
    string,
    unknown
  >;
  checkTypes({ gracePeriodSeconds }, 'number', 'int64');
  checkTypes({ propagationPolicy }, 'string', 'v1.DeletionPropagation');
  checkTypes({ orphanDependents }, 'boolean', 'bool');
  checkTypes({ preconditions }, 'object', 'v1.Preconditions');
  const { uid, resourceVersion } = (preconditions ?? {}) as Record<string, unknown>;
  checkTypes({ 'preconditions.uid': uid, 'preconditions.resourceVersion': resourceVersion }, 'string', 'string');
  return {
    dryRun: Array.isArray(dryRun) ? dryRun.map(String) : [],
    ...(typeof gracePeriodSeconds === 'number' && { gracePeriodSeconds }),
    ...(typeof propagationPolicy === 'string' && { propagationPolicy }),
    ...(typeof orphanDependents === 'boolean' && { orphanDependents }),
    ...(typeof preconditions === 'object' && preconditions !== null && { preconditions }),
  };
}

/** Throws BadRequest for a value of another type; null counts as absent. */
function checkTypes(fields: Readonly<Record<string, unknown>>, type: string, goType: string): void {
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    const found = Array.isArray(value) ? 'array' : typeof value;
    if (found !== type)
      throw badRequest(`json: cannot unmarshal ${found} into Go struct field DeleteOptions.${name} of type ${goType}`);
  }
}

/** Throws BadRequest. Absent counts as undefined. */
export function numberIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  return text === null || text === '' ? undefined : wholeNumber(name, text);
}

function wholeNumber(name: string, text: string): number {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  throw badRequest(`invalid value ${JSON.stringify(text)} for ${name}: must be a whole number`);
}

/** A resourceVersion to begin from; undefined for none, 0 for any. Throws Invalid. */
export function versionIn(query: URLSearchParams): number | undefined {
  const text = query.get('resourceVersion');
  if (text === null || text === '') return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw invalid('meta.k8s.io', 'ListOptions', '', [
    { type: 'Invalid value', field: 'resourceVersion', value: text, detail: 'must be a whole number' },
  ]);
}

/** Throws Invalid for options of a list or watch that don't go together (as ValidateListOptions of the meta group). */
export function checkListOptions(query: URLSearchParams, isWatch: boolean): void {
  const match = query.get('resourceVersionMatch') ?? '';
  const initial = query.get('sendInitialEvents');
  const errors: FieldError[] = [];
  const forbid = (field: string, detail: string): void => void errors.push({ type: 'Forbidden', field, detail });
  const field = 'resourceVersionMatch';
  if (isWatch && initial !== null && match !== 'NotOlderThan')
    forbid(field, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  if (match !== '') {
    const known = isWatch ? ['NotOlderThan'] : ['Exact', 'NotOlderThan'];
    if (isWatch && initial === null)
      forbid(field, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
    if (!isWatch && !query.get('resourceVersion'))
      forbid(field, 'resourceVersionMatch is forbidden unless resourceVersion is provided');
    if (query.get('continue')) forbid(field, 'resourceVersionMatch is forbidden when continue is provided');
    if (!known.includes(match))
      errors.push({
        type: 'Unsupported value',
        field,
        value: match,
        detail: `supported values: ${(isWatch ? known : ['', ...known]).map((one) => JSON.stringify(one)).join(', ')}`,
      });
    if (!isWatch && match === 'Exact' && query.get('resourceVersion') === '0')
      forbid(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  }
  if (!isWatch && initial !== null) forbid('sendInitialEvents', 'sendInitialEvents is forbidden for list');
  if (errors.length > 0) throw invalid('meta.k8s.io', 'ListOptions', '', errors);
}
