/** Rules and subjects of RBAC objects from the command line: what the kinds of `create …role…` share. */
import type { ResourceInfo } from '../core/api/resources';
import { CommandError } from '../core/client/errors';
import type { FlagSpec } from './flags/spec';
import { mapKind } from './kinds';
import type { Context } from './verb';

export const ruleFlags = (): FlagSpec[] => [
  { name: 'verb', type: 'list', help: 'What the rule allows, as in get,list,watch.' },
  { name: 'resource', type: 'list', help: 'The kinds it allows it with, as in pods,statefulsets.apps/scale.' },
  { name: 'resource-name', type: 'array', help: 'Only objects of this name.' },
];

export const subjectFlags = (): FlagSpec[] => [
  { name: 'user', type: 'array', help: 'A user.' },
  { name: 'group', type: 'array', help: 'A group of users.' },
  { name: 'serviceaccount', type: 'array', help: 'A service account, as NAMESPACE:NAME.' },
];

const KNOWN_VERBS = new Set([
  ...['*', 'get', 'delete', 'list', 'create', 'update', 'patch', 'watch', 'proxy', 'deletecollection'],
]);

/** Verbs that make sense with some kinds only. */
const SPECIAL_VERBS: Readonly<Record<string, readonly string[]>> = {
  use: ['policy/podsecuritypolicies', 'extensions/podsecuritypolicies'],
  bind: ['rbac.authorization.k8s.io/roles', 'rbac.authorization.k8s.io/clusterroles'],
  escalate: ['rbac.authorization.k8s.io/roles', 'rbac.authorization.k8s.io/clusterroles'],
  impersonate: ['/users', '/serviceaccounts', '/groups', 'authentication.k8s.io/userextras'],
};

interface Named {
  readonly group: string;
  readonly resource: string;
}

/** Verbs without doubles; `*` alone where it is among them. */
export function verbsOf(context: Context): readonly string[] {
  const verbs = [...new Set(context.flags.list('verb'))];
  return verbs.includes('*') ? ['*'] : verbs;
}

/** The kinds of `--resource` as the server calls them. @throws CommandError for an unknown one */
async function resourcesOf(context: Context): Promise<Named[]> {
  const found: Named[] = [];
  for (const text of context.flags.list('resource')) {
    const [word = '', subresource = ''] = splitOnce(text, '/');
    if (word === '*') return [{ group: '', resource: '*' }];
    const { group, plural }: ResourceInfo = await mapKind(context, word);
    checkVerbs(context, group, plural);
    const resource = subresource === '' ? plural : `${plural}/${subresource}`;
    if (!found.some((one) => one.group === group && one.resource === resource)) found.push({ group, resource });
  }
  return found;
}

/** Warns of verbs that nobody knows. @throws CommandError for one that makes no sense with the kind */
function checkVerbs(context: Context, group: string, plural: string): void {
  for (const verb of verbsOf(context)) {
    if (KNOWN_VERBS.has(verb)) continue;
    const kinds = Object.hasOwn(SPECIAL_VERBS, verb) ? SPECIAL_VERBS[verb] : undefined;
    if (!kinds) context.io.errOnce(`Warning: '${verb}' is not a standard resource verb\n`);
    else if (!kinds.includes(`${group}/${plural}`))
      throw new CommandError(`can not perform '${verb}' on '${plural}' in group '${group}'`);
  }
}

/** One rule for each group of the API. */
export async function resourceRules(context: Context, verbs: readonly string[]): Promise<object[]> {
  const resources = await resourcesOf(context);
  if (resources.length === 0) return [];
  const names = context.flags.list('resource-name');
  return [...new Set(resources.map((one) => one.group))].sort().map((group) => ({
    verbs,
    apiGroups: [group],
    resources: resources.filter((one) => one.group === group).map((one) => one.resource),
    ...(names.length > 0 && { resourceNames: names }),
  }));
}

/** As the flags of a binding name them: users, groups, service accounts. @throws CommandError */
export function subjectsOf(context: Context): object[] {
  const { flags } = context;
  const apiGroup = 'rbac.authorization.k8s.io';
  return [
    ...flags.list('user').map((name) => ({ kind: 'User', apiGroup, name })),
    ...flags.list('group').map((name) => ({ kind: 'Group', apiGroup, name })),
    ...flags.list('serviceaccount').map((text) => {
      const [namespace, name, ...more] = text.split(':');
      if (!namespace || !name || more.length > 0) throw new CommandError('serviceaccount must be <namespace>:<name>');
      return { kind: 'ServiceAccount', name, namespace };
    }),
  ];
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
