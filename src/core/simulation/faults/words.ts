/** A fault in words and as data for programs. */
import { formatDuration } from '../../meta/duration';
import { toTime } from '../../meta/time';
import { COUNTED, type Fault, type FaultSpec, type Target } from './types';

const NOUNS: Readonly<Record<Target, string>> = {
  pod: 'pod',
  image: 'image',
  node: 'node',
  claim: 'pvc',
  volume: 'pv',
  api: 'api',
};

/** What is broken, as `sim fail` and `sim heal` take it: `pod/web-0`, `statefulset/web`, `pod -l app=web`, `image nginx:1.25`. */
export function targetOf({ target, name = '*', set, selector, resource = '*', what }: FaultSpec): string {
  if (target === 'image') return `image ${name}`;
  if (target === 'api') return `api ${what} ${resource}${name === '*' ? '' : `/${name}`}`;
  if (set !== undefined) return `statefulset/${set}`;
  return selector === undefined ? `${NOUNS[target]}/${name}` : `${NOUNS[target]} -l ${selector}`;
}

/** What is wrong with it: `crash`, `slow=30s`; of a call, the answer that it gets. */
export function whatOf({ target, what, slowMs, code = 500, container }: FaultSpec): string {
  if (target === 'api') return `fails with ${code}`;
  const how = slowMs === undefined ? what : `${what}=${formatDuration(slowMs)}`;
  return container === undefined ? how : `${how} in ${container}`;
}

/** How long it goes on: `once`, `3 times`, `for 5m0s, with probability 0.2`, `until healed`. */
export function lifeOf({ left, probability, since, until }: Fault): string {
  const parts: string[] = [];
  if (left !== undefined) parts.push(left === 1 ? 'once' : `${left} times`);
  if (until !== undefined) parts.push(`for ${formatDuration(until - since)}`);
  if (parts.length === 0) parts.push('until healed');
  if (probability !== undefined) parts.push(`with probability ${probability}`);
  return parts.join(', ');
}

/** Why a fault that was just made strikes nothing yet. */
export function waitOf(fault: FaultSpec): string {
  const target = targetOf(fault);
  if (fault.target === 'image') return `no pod uses ${target} yet; the fault waits for one`;
  if (fault.what === 'pending') return `no ${target} is without a volume; the fault waits for a new one`;
  if (fault.container !== undefined)
    return `no ${target} has a container ${fault.container} yet; the fault waits for one`;
  return `there is no ${target} yet; the fault waits for it`;
}

/** As `sim faults -o json` shows it. */
export function faultJson(fault: Fault): object {
  const { id, target, what, since, until, left, slowMs, seed: _seed, asked: _asked, caller, struck, ...others } = fault;
  return {
    id,
    target: NOUNS[target],
    ...(target === 'api' ? { verb: what, by: caller ?? 'controllers' } : { fault: what }),
    ...others,
    ...(COUNTED.includes(what) && { struck }),
    ...(slowMs !== undefined && { pull: formatDuration(slowMs) }),
    since: toTime(since),
    ...(until !== undefined && { until: toTime(until) }),
    ...(left !== undefined && { timesLeft: left }),
  };
}
