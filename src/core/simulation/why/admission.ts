/** Pods and claims that a quota or a limit of their namespace refuses: which one it is, and what would let them in. */
import { resourceList } from '../../api/resource-list';
import type { KubeObject } from '../../api/types';
import { claimNamesFor } from '../../controllers/statefulset/claims';
import { parentAndOrdinal } from '../../controllers/statefulset/utils';
import { Quantity } from '../../meta/quantity';
import { compareText } from '../../meta/text';
import type { Reason } from '../../reports/why';
import type { SetView } from './set';
import { command, listed, quoted, reason, subjectOf } from './words';
import type { World } from './world';

const EXCEEDED = /exceeded quota: ([^,\s]+), requested: (\S+), used: (\S+), limited: /;
const UNSAID = /failed quota: ([^:\s]+): must specify ([^\]]+)/;
const UNCOUNTED = /status unknown for quota: ([^,\s]+), resources: /;
const LIMIT = /(?:(?:minimum|maximum) \S+ usage|max limit to request ratio) per (\S+) is /;
/** What is proposed where nothing is said. */
const MODEST: Readonly<Record<string, string>> = { cpu: '100m', memory: '128Mi' };

interface Rest {
  readonly message: string;
  readonly since: Reason['since'] | undefined;
  /** When the controller tries again. */
  readonly tries: string;
}

/** The reason, where it is an object of this namespace that refuses; undefined for refusals of another kind. */
export function admissionReason(world: World, view: SetView, failure: string, rest: Rest): Reason | undefined {
  const [, quotaName] = EXCEEDED.exec(failure) ?? UNSAID.exec(failure) ?? UNCOUNTED.exec(failure) ?? [];
  if (quotaName !== undefined) {
    const quota = world.get('resourcequotas', view.namespace, quotaName);
    return quota && quotaReason(world, view, failure, quota, rest);
  }
  const type = LIMIT.exec(failure)?.[1];
  return type === undefined ? undefined : limitReason(world, view, type, rest);
}

function quotaReason(world: World, view: SetView, failure: string, quota: KubeObject, rest: Rest): Reason {
  const { name } = quota.metadata;
  const parts = { on: subjectOf(quota), message: rest.message, since: rest.since, source: 'ResourceQuota admission' };
  const unsaid = UNSAID.exec(failure)?.[2];
  if (unsaid !== undefined)
    return reason({
      ...parts,
      rule: 'quota-needs-resources',
      endsAlone: false,
      ends: `the containers say what quota ${name} limits, or a LimitRange says it for them; ${rest.tries}`,
      remedy: sayResources(view, unsaid),
    });
  const [, , requested, used] = EXCEEDED.exec(failure) ?? [];
  if (requested === undefined || used === undefined)
    return reason({
      ...parts,
      rule: 'quota-unknown',
      endsAlone: true,
      ends: `it is counted what is used of quota ${name}; ${rest.tries}`,
    });
  const hard = enough(requested, used, wantedMore(world, view, failure));
  const wanted = Object.entries(hard).map(([resource, amount]) => `${resource}=${amount}`);
  return reason({
    ...parts,
    rule: 'quota-exceeded',
    endsAlone: false,
    ends: `others that quota ${name} counts are gone, or it allows more (${listed(wanted)} for the whole set); ${rest.tries}`,
    remedy: [command(view.namespace, `patch quota ${name} -p ${quoted(JSON.stringify({ spec: { hard } }))}`)],
  });
}

/** How many more of what was refused the set will ask for. */
function wantedMore(world: World, view: SetView, failure: string): number {
  if (!/persistentvolumeclaims "/.test(failure)) return Math.max(1, view.missing.length);
  const claims = view.missing
    .flatMap((pod) => claimNamesFor(view.set, parentAndOrdinal(pod).ordinal))
    .filter((name) => !world.get('persistentvolumeclaims', view.namespace, name));
  return Math.max(1, claims.length);
}

/** `used` and `times` what was `requested`, by resource. */
function enough(requested: string, used: string, times: number): Record<string, string> {
  const inUse = amounts(used);
  return Object.fromEntries(
    [...amounts(requested)].map(([name, amount]) => {
      let sum = inUse.get(name) ?? Quantity.parse('0');
      for (let i = 0; i < times; i++) sum = sum.add(amount);
      return [name, sum.toString()];
    }),
  );
}

const amounts = (text: string): Map<string, Quantity> =>
  resourceList(Object.fromEntries(text.split(',').map((part) => part.split('=') as [string, string])));

/** `limits.cpu for: nginx,sidecar; requests.cpu for: nginx`, as a command for each container. */
function sayResources(view: SetView, unsaid: string): string[] {
  const { containers, initContainers = [] } = view.set.spec.template.spec;
  const wanted = new Map<string, { limits: Set<string>; requests: Set<string> }>();
  for (const part of unsaid.split('; ')) {
    const [resource = '', names = ''] = part.split(' for: ');
    const [kind, name] = resource.startsWith('limits.') ? ['limits' as const, resource.slice(7)] : requestOf(resource);
    for (const container of names.split(',')) {
      const own = wanted.get(container) ?? { limits: new Set<string>(), requests: new Set<string>() };
      own[kind].add(name);
      wanted.set(container, own);
    }
  }
  return [...wanted].map(([name, own]) => {
    const given = [...containers, ...initContainers].find((container) => container.name === name)?.resources?.requests;
    const flag = (kind: 'limits' | 'requests'): string =>
      own[kind].size === 0
        ? ''
        : ` --${kind}=${[...own[kind]]
            .sort(compareText)
            .map((resource) => `${resource}=${given?.[resource] ?? MODEST[resource]}`)
            .join(',')}`;
    return command(view.namespace, `set resources sts ${view.name} -c ${name}${flag('limits')}${flag('requests')}`);
  });
}

const requestOf = (resource: string): ['requests', string] => ['requests', resource.replace('requests.', '')];

function limitReason(world: World, view: SetView, type: string, rest: Rest): Reason | undefined {
  const ranges = [...world.list('limitranges', view.namespace)]
    .filter(({ spec }) => (spec as { limits?: { type?: string }[] }).limits?.some((item) => item.type === type))
    .sort((a, b) => compareText(a.metadata.name, b.metadata.name));
  const [range] = ranges;
  if (!range) return undefined;
  const asked = type === 'PersistentVolumeClaim' ? 'volumeClaimTemplates ask' : 'template asks';
  return reason({
    rule: 'limit-range',
    on: subjectOf(range),
    message: rest.message,
    source: 'LimitRanger admission',
    since: rest.since,
    endsAlone: false,
    ends: `the ${asked} for what ${listed(ranges.map(({ metadata }) => `LimitRange ${metadata.name}`))} allows; ${rest.tries}`,
    remedy: ranges.map(({ metadata }) => command(view.namespace, `edit limitrange ${metadata.name}`)),
  });
}
