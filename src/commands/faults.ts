/** Faults as the user writes them: what is to be broken, and how. */
import { findResources, resourceKey } from '../core/api/resources';
import { CommandError } from '../core/client/errors';
import { parseDuration } from '../core/meta/duration';
import { parseSelector } from '../core/meta/labels';
import type { FaultSpec, Target } from '../core/simulation/faults/types';
import { FAULTS } from '../core/simulation/faults/types';
import { usageError } from './targets';
import type { Context } from './verb';

type Kind = Target | 'set';

const KINDS: readonly (readonly [Kind, readonly string[]])[] = [
  ['pod', ['pod', 'pods', 'po']],
  ['set', ['statefulset', 'statefulsets', 'sts']],
  ['image', ['image', 'images']],
  ['node', ['node', 'nodes', 'no']],
  ['claim', ['pvc', 'persistentvolumeclaim', 'persistentvolumeclaims', 'claim']],
  ['volume', ['pv', 'persistentvolume', 'persistentvolumes', 'volume']],
  ['api', ['api']],
];
const NAMES = 'pod, statefulset, image, node, pvc, pv or api';

/** What a fault is about, and the words that are left. */
export interface Aim {
  readonly spec: Omit<FaultSpec, 'what'>;
  readonly rest: readonly string[];
}

/** Reads `pod/web-0`, `pod web-*`, `pods -l app=web`, `sts/web`, `image nginx:1.25`, `api`. @throws CommandError */
export function readAim(context: Context): Aim {
  const { args, flags, namespace } = context;
  const [first = '', ...more] = args;
  const selector = flags.string('selector');
  const slash = first.indexOf('/');
  const word = slash < 0 ? first : first.slice(0, slash);
  const kind = KINDS.find(([, words]) => words.includes(word.toLowerCase()))?.[0];
  if (kind === undefined) throw new CommandError(`unknown target ${JSON.stringify(word)}: must be one of ${NAMES}`);
  if (selector !== '' && kind !== 'pod') throw new CommandError('--selector chooses pods: name the target as "pods"');
  if (kind === 'api') {
    if (slash >= 0) throw usageError(context, 'expected api VERB RESOURCE');
    return { spec: { target: 'api', ...(context.explicitNamespace && { namespace }) }, rest: more };
  }
  const named = selector === '' && slash < 0 ? more[0] : slash < 0 ? undefined : first.slice(slash + 1);
  const rest = selector === '' && slash < 0 ? more.slice(1) : more;
  if (selector !== '' && named !== undefined)
    throw new CommandError('name pods or choose them with --selector, not both');
  if (selector === '' && (named === undefined || named === ''))
    throw usageError(context, `expected the name of ${kind === 'image' ? 'an image' : `a ${word}`}`);
  if (selector !== '') checkSelector(selector);
  const place = kind === 'pod' || kind === 'set' || kind === 'claim' ? { namespace } : {};
  if (kind === 'set') return { spec: { target: 'pod', ...place, set: named ?? '' }, rest };
  return {
    spec: { target: kind, ...place, ...(named !== undefined && { name: named }), ...(selector !== '' && { selector }) },
    rest,
  };
}

/** Reads what is wrong with it: `crash`, `slow=30s`; of the API, the call. @throws CommandError */
export function readWhat(context: Context, { spec, rest }: Aim): FaultSpec {
  if (spec.target === 'api') return readCall(context, spec, rest);
  const allowed: readonly string[] = FAULTS[spec.target];
  const list = listOf(allowed.map((name) => (name === 'slow' ? 'slow=DURATION' : name)));
  const [written, ...more] = rest;
  if (written === undefined || more.length > 0)
    throw usageError(context, `expected what is wrong with ${nounOf(spec)}: ${list}`);
  const equals = written.indexOf('=');
  const what = equals < 0 ? written : written.slice(0, equals);
  const takesValue = what === 'slow';
  if (!allowed.includes(what) || takesValue !== equals >= 0)
    throw new CommandError(`unknown fault ${JSON.stringify(written)} of ${nounOf(spec)}: must be ${list}`);
  return takesValue ? { ...spec, what, slowMs: readPositive('slow', written.slice(equals + 1)) } : { ...spec, what };
}

/** `create pods`, `update statefulsets/web`, `* *`. A patch is an update. */
export function readCall(context: Context, spec: Omit<FaultSpec, 'what'>, rest: readonly string[]): FaultSpec {
  const [verb, written, ...more] = rest;
  const verbs: readonly string[] = FAULTS.api;
  if (verb === undefined || written === undefined || more.length > 0)
    throw usageError(context, `expected a call, as in "api create pods": VERB is ${listOf([...verbs, 'patch'])}`);
  const what = verb === 'patch' ? 'update' : verb;
  if (!verbs.includes(what))
    throw new CommandError(`unknown verb ${JSON.stringify(verb)}: must be ${listOf([...verbs, 'patch'])}`);
  const slash = written.indexOf('/');
  const plural = slash < 0 ? written : written.slice(0, slash);
  const resource = plural === '*' ? undefined : findResources(plural);
  if (plural !== '*' && !resource)
    throw new CommandError(`the server doesn't have a resource type ${JSON.stringify(plural)}`);
  return {
    ...spec,
    what,
    resource: resource ? resourceKey(resource) : '*',
    ...(slash >= 0 && { name: written.slice(slash + 1) }),
  };
}

/** A duration of more than nothing, ms. @throws CommandError */
export function readPositive(name: string, text: string): number {
  let ms: number | undefined;
  try {
    ms = parseDuration(text);
  } catch {
    ms = undefined;
  }
  if (ms !== undefined && ms > 0) return ms;
  throw new CommandError(`invalid value ${JSON.stringify(text)} for ${name}: must be a duration such as 30s or 5m`);
}

export const listOf = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

function nounOf({ target }: Pick<FaultSpec, 'target'>): string {
  return target === 'image' ? 'an image' : target === 'claim' ? 'a claim' : `a ${target}`;
}

function checkSelector(text: string): void {
  try {
    parseSelector(text);
  } catch (e) {
    throw e instanceof Error ? new CommandError(e.message) : e;
  }
}
