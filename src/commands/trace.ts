/**
 * What `-v=6` shows on stderr: each call that the cluster got and each change that followed from it, one line each. From 8 on
 * what was sent and answered stands below the call, cut short at 8 and whole from 9 on.
 */
import { gvOf, resourceKey } from '../core/api/resources';
import { ApiError } from '../core/api/status';
import type { Backend } from '../core/client/backend';
import type { CommandBackend, StoreChange } from './host';

const WRITES: ReadonlySet<string> = new Set(['create', 'update', 'patch']);

const CALLS: ReadonlySet<string> = new Set([
  'get',
  'getTable',
  'list',
  'create',
  'update',
  'patch',
  'delete',
  'evict',
  'watch',
]);

/** The same backend; every call about objects is told, with what came of it. */
export function traced(backend: CommandBackend, level: number, say: (line: string) => void): CommandBackend {
  return new Proxy(backend, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== 'function') return member;
      const call = (...args: readonly unknown[]): unknown => Reflect.apply(member, target, args);
      if (typeof key !== 'string' || !CALLS.has(key)) return call;
      return (...args: readonly unknown[]) => {
        const aim = key === 'evict' ? `pods ${args[0]}/${args[1]} (v1)` : targetOf(args);
        const what = `${key === 'getTable' ? 'get' : key} ${aim}`;
        const answer = call(...args);
        if (isStream(answer)) return tellStream(target, answer, what, say);
        if (!(answer instanceof Promise)) return answer;
        const sent = level >= 8 && WRITES.has(key) ? args[key === 'patch' ? 4 : 2] : undefined;
        if (sent !== undefined) say(bodyText('sent', sent, level));
        return tell(target, answer, what, level, say);
      };
    },
  });
}

async function tell(
  backend: Backend,
  answer: Promise<unknown>,
  what: string,
  level: number,
  say: (line: string) => void,
) {
  try {
    const value = await answer;
    say(`${timeText(await backend.now())} call   ${what}: ${resultOf(value)}\n`);
    if (level >= 8) say(bodyText('got ', value, level));
    return value;
  } catch (e) {
    if (e instanceof ApiError) say(`${timeText(await backend.now())} call   ${what}: ${e.reason}\n`);
    throw e;
  }
}

/** At level 8 a body is cut at as many letters as kubectl cuts it. */
function bodyText(what: string, body: unknown, level: number): string {
  const text = JSON.stringify(body) ?? '';
  const shown =
    level === 8 && text.length > 1024 ? `${text.slice(0, 1024)} [truncated ${text.length - 1024} chars]` : text;
  return `  ${what} ${shown}\n`;
}

/** A watch is told when it begins. */
async function* tellStream(
  backend: Backend,
  stream: AsyncIterable<unknown>,
  what: string,
  say: (line: string) => void,
): AsyncIterable<unknown> {
  say(`${timeText(await backend.now())} call   ${what}: begins\n`);
  yield* stream;
}

const isStream = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/** A change as the store told it: `… engine created pods default/web-0 (resourceVersion 7)`. */
export function changeText({ type, resource, object, now }: StoreChange): string {
  const verb = { ADDED: 'created', MODIFIED: 'changed', DELETED: 'deleted' }[type];
  const { namespace, name, resourceVersion } = object.metadata;
  const path = namespace ? `${namespace}/${name}` : name;
  return `${timeText(now)} engine ${verb} ${resourceKey(resource)} ${path} (resourceVersion ${resourceVersion})\n`;
}

const timeText = (now: number): string => new Date(now).toISOString();

/** `pods default/web-0`, from the arguments of a call: the kind, the namespace, then a name, an object or options. */
function targetOf([resource, namespace, third]: readonly unknown[]): string {
  const plural = isResource(resource) ? resourceKey(resource) : '?';
  const version = isResource(resource) ? ` (${gvOf(resource)})` : '';
  const name = typeof third === 'string' ? third : nameOf(third);
  const path = [namespace, name].filter((part) => typeof part === 'string' && part !== '').join('/');
  return `${plural}${path && ` ${path}`}${version}`;
}

interface Named {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}

const isResource = (value: unknown): value is Named =>
  typeof value === 'object' && value !== null && 'plural' in value && 'group' in value && 'version' in value;

function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('metadata' in value)) return '';
  const { metadata } = value;
  return typeof metadata === 'object' && metadata !== null && 'name' in metadata ? String(metadata.name) : '';
}

function resultOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return 'OK';
  if ('items' in value && Array.isArray(value.items))
    return value.items.length === 1 ? '1 object' : `${value.items.length} objects`;
  return 'OK';
}
