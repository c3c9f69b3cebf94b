/**
 * Conditions of the cluster in words: `sts/web ready`, `pod/web-1 gone`, `sts/web condition=Available`, any of them joined by
 * `and`, any of them with `not`. Beside the words, what `kubectl wait --for` understands.
 */
import type { ResourceInfo } from '../api/resources';
import { isNotFound } from '../api/status';
import type { KubeObject } from '../api/types';
import { splitTuple } from './arguments';
import type { Backend } from './backend';
import { mapResource } from './builder';
import { CommandError } from './errors';
import { phaseOf, STATES, WORDS } from './object-states';
import { parseCondition } from './wait';

export interface ClusterCondition {
  /** As the user wrote it. */
  readonly text: string;
  /** What it is about: a StatefulSet, a pod or a claim, as `sts/web`; absent for other kinds. */
  readonly subject?: string;
  /** Looks at the cluster. What is missing, where it doesn't hold, as in `sts/web has 1 of 3 pods ready`. */
  look(backend: Backend): Promise<true | string>;
}

/** Of an object, or of there being none. A text says what is missing. */
type Test = (object: KubeObject | undefined) => true | string;

/**
 * Reads conditions. `args` are the words of the command line, in one argument or in several; `clauses` those of `--for`, which
 * hold for every object that is named without a condition of its own.
 * @throws CommandError
 */
export async function parseConditions(
  backend: Backend,
  namespace: string,
  args: readonly string[],
  clauses: readonly string[] = [],
): Promise<ClusterCondition[]> {
  const conditions: ClusterCondition[] = [];
  const words = args.flatMap(split);
  let at = 0;
  while (at < words.length) {
    const target = words[at++];
    if (!target.includes('/'))
      throw new CommandError(`expected TYPE/NAME, as in 'sts/web ready', and found ${JSON.stringify(target)}`);
    const { type, name } = splitTuple(target);
    const resource = await mapResource(backend, type);
    const object = { resource, name, namespace: resource.namespaced ? namespace : undefined };
    const negated = words[at] === 'not';
    if (negated) at++;
    const word = words[at];
    const own = word !== undefined && word !== 'and' && !(clauses.length > 0 && isTarget(word));
    if (own) at++;
    else if (negated || clauses.length === 0) throw new CommandError(`${target}: ${EXPECTED}`);
    for (const predicate of own ? [word] : clauses) {
      const test = testOf(resource, target, predicate);
      const text = `${target} ${negated ? 'not ' : ''}${predicate}`;
      const subject = EXPLAINED.has(resource.kind) ? { subject: target } : {};
      conditions.push({ text, ...subject, look: (from) => look(from, object, negated ? not(test, text) : test) });
    }
    if (words[at] === 'and' && ++at === words.length) throw new CommandError('a condition is missing after "and"');
  }
  if (conditions.length === 0) throw new CommandError("a condition is missing, as in 'sts/web ready'");
  return conditions;
}

const EXPLAINED: ReadonlySet<string> = new Set(['StatefulSet', 'Pod', 'PersistentVolumeClaim']);

const EXPECTED = `expected one of ${WORDS.join(', ')}, a phase, condition=NAME[=VALUE] or jsonpath='{PATH}'[=VALUE]`;

/** `type/name`; in a jsonpath a slash is no more than a character. */
const isTarget = (word: string): boolean => /^[\w.-]+\/[\w.-]+$/.test(word);

/** At blanks that are neither in quotes nor in braces. */
const split = (text: string): string[] =>
  text.match(/(?:\{(?:"[^"]*"|'[^']*'|[^}"'])*\}?|"[^"]*"|'[^']*'|[^\s{])+/g) ?? [];

async function look(
  backend: Backend,
  { resource, namespace, name }: { resource: ResourceInfo; namespace: string | undefined; name: string },
  test: Test,
): Promise<true | string> {
  try {
    return test(await backend.get(resource, namespace, name));
  } catch (e) {
    if (isNotFound(e)) return test(undefined);
    throw e;
  }
}

const not =
  (test: Test, text: string): Test =>
  (object) =>
    test(object) === true ? `${JSON.stringify(text.replace(' not ', ' '))} holds` : true;

/** The object that is there at the first look is gone; a successor of the same name, which may come at the same instant, is another. */
function goneOf(target: string): Test {
  let uid: string | undefined;
  return (object) => {
    uid ??= object?.metadata.uid;
    return object === undefined || object.metadata.uid !== uid || `${target} still exists`;
  };
}

/** @throws CommandError for a word that says nothing of such an object */
function testOf(resource: ResourceInfo, target: string, written: string): Test {
  const unquoted = written.replace(/^--for=/, '').replace(/^jsonpath=(['"])(.*)\1(?==|$)/, 'jsonpath=$2');
  // As tables show it, a phase begins with a capital.
  const clause = unquoted.includes('=') ? unquoted : unquoted.toLowerCase();
  const missing = `${target} doesn't exist`;
  if (clause === 'gone' || clause === 'delete' || clause === 'deleted') return goneOf(target);
  if (clause === 'exists' || clause === 'create' || clause === 'created')
    return (object) => object !== undefined || missing;
  const state = STATES[clause];
  if (state) {
    const lacks = state(resource);
    if (!lacks) throw new CommandError(`${target} ${clause}: a ${resource.kind} is never said to be ${clause}`);
    return (object) => {
      if (!object) return missing;
      const said = lacks(object);
      return said === true || `${target} ${said}`;
    };
  }
  if (/^(condition|jsonpath)=/.test(clause)) {
    const condition = parseCondition(clause);
    return (object) => {
      if (!object) return missing;
      return (condition.kind === 'check' && condition.holds(object)) || `${target} doesn't meet ${clause}`;
    };
  }
  const phases = phaseOf(resource);
  if (!phases.includes(clause))
    throw new CommandError(`unknown condition ${JSON.stringify(written)} of ${target}: ${EXPECTED}`);
  return (object) => {
    if (!object) return missing;
    const phase = String((object.status as { phase?: unknown } | undefined)?.phase ?? 'of no phase').toLowerCase();
    return phase === clause || `${target} is ${phase}`;
  };
}
