/** Waiting for conditions of objects (as kubectl's pkg/cmd/wait). */

import { notFound } from '../api/status';
import type { KubeObject } from '../api/types';
import { goValue } from '../meta/gofmt';
import { JsonPath, relaxedJsonPath } from '../meta/jsonpath';
import type { Backend } from './backend';
import type { Info } from './builder';
import { timedOut } from './delete';
import { CommandError } from './errors';
import { until } from './watching';

export type Condition =
  | { readonly kind: 'delete' }
  | { readonly kind: 'create' }
  /** True or false of an object. May throw CommandError. */
  | { readonly kind: 'check'; holds(object: KubeObject): boolean };

const FORMAT =
  "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'";

/** Reads one `--for`. @throws CommandError */
export function parseCondition(text: string): Condition {
  const lower = text.toLowerCase();
  if (lower === 'delete' || lower === 'create') return { kind: lower };
  if (text.startsWith('condition=')) return statusCondition(text.slice('condition='.length));
  if (text.startsWith('jsonpath=')) return jsonPathCondition(text.slice('jsonpath='.length));
  throw new CommandError(`unrecognized condition: ${JSON.stringify(text)}`);
}

function statusCondition(text: string): Condition {
  const equals = text.indexOf('=');
  const name = (equals < 0 ? text : text.slice(0, equals)).toLowerCase();
  const wanted = (equals < 0 ? 'true' : text.slice(equals + 1)).toLowerCase();
  return {
    kind: 'check',
    holds: (object) => {
      const status = asMap(object.status);
      const conditions = Array.isArray(status?.conditions) ? status.conditions.map(asMap) : [];
      const condition = conditions.find((c) => String(c?.type).toLowerCase() === name);
      if (!condition || typeof condition.status !== 'string') return false;
      const observed = condition.observedGeneration ?? status?.observedGeneration;
      const generation = object.metadata.generation;
      // A condition that was computed for an older spec says nothing about this one.
      if (generation !== undefined && typeof observed === 'number' && observed < generation) return false;
      return condition.status.toLowerCase() === wanted;
    },
  };
}

const asMap = (value: unknown): { readonly [key: string]: unknown } | undefined =>
  typeof value === 'object' && value !== null ? (value as { readonly [key: string]: unknown }) : undefined;

function jsonPathCondition(text: string): Condition {
  const { expression, value } = splitJsonPath(text);
  const path = told(() => JsonPath.parse(relaxedJsonPath(expression), { allowMissingKeys: true }));
  return {
    kind: 'check',
    holds: (object) => {
      const results = told(() => path.findResults(object));
      const values = results[0] ?? [];
      if (values.length === 0) return false;
      if (results.length > 1) throw new CommandError('given jsonpath expression matches more than one list');
      if (values.length > 1) throw new CommandError('given jsonpath expression matches more than one value');
      if (value === undefined) return true;
      if (typeof values[0] === 'object' && values[0] !== null)
        throw new CommandError('jsonpath leads to a nested object or list which is not supported');
      return goValue(values[0]).trim() === value.trim();
    },
  };
}

/** What a template is refused for is for the user to read. */
function told<T>(run: () => T): T {
  try {
    return run();
  } catch (e) {
    throw e instanceof Error && !(e instanceof TypeError) ? new CommandError(e.message) : e;
  }
}

/** Splits at the equals sign that is not part of a comparison. Quotes around the value fall away. @throws CommandError */
function splitJsonPath(text: string): { expression: string; value: string | undefined } {
  const [expression = '', value, ...more] = text.split(/(?<![=!<>])=(?!=)/);
  if (more.length > 0) throw new CommandError(FORMAT);
  if (text === '') throw new CommandError('jsonpath expression cannot be empty');
  if (value === undefined) return { expression, value: undefined };
  const bare = value.replace(/^['"]+|['"]+$/g, '');
  if (bare === '')
    throw new CommandError(
      "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
    );
  return { expression, value: bare };
}

export interface WaitOptions {
  /** The cluster's time at which to give up, ms; undefined to look only once. */
  readonly deadline: number | undefined;
  beforeWait?(): Promise<void>;
}

/**
 * Waits until the condition holds for the object and returns it as it is then.
 * @throws CommandError on time-out, NotFound when the object goes away first
 */
export async function waitForCondition(
  backend: Backend,
  info: Info,
  condition: Extract<Condition, { kind: 'check' }>,
  options: WaitOptions,
): Promise<KubeObject> {
  if (options.deadline === undefined) {
    const object = await backend.get(info.resource, info.namespace, info.name);
    if (condition.holds(object)) return object;
    throw new CommandError(`condition not met for ${info.resource.plural}/${info.name}`);
  }
  // Objects are waited for one after the other and share the time: where it has run out, the next is not looked at.
  if ((await backend.now()) >= options.deadline) throw timedOut(info);
  let last: KubeObject | undefined;
  const ended = await until(
    backend,
    info,
    { deadline: options.deadline, ...(options.beforeWait && { beforeWait: options.beforeWait }) },
    (object, deleted) => {
      if (!object && !deleted) throw notFound(info.resource, info.name);
      last = object;
      return object !== undefined && condition.holds(object);
    },
  );
  if (ended === 'timeout' || !last) throw timedOut(info);
  return last;
}
