/** What a real cluster says of who may do what: the answers behind `auth can-i` (as kubectl's CanIOptions). */
import type { ResourceInfo } from '../core/api/resources';
import type { Remote } from '../core/client/remote';
import { layOut, TABLE_STOPS } from '../render/tabwriter';

export interface Question {
  readonly verb: string;
  /** Empty for every namespace. */
  readonly namespace: string;
  /** `/healthz`, or what of which kind. */
  readonly target:
    | { readonly path: string }
    | {
        readonly resource: Pick<ResourceInfo, 'group' | 'plural'>;
        readonly subresource: string;
        readonly name: string;
      };
}

const GROUP = 'authorization.k8s.io/v1';

/** @throws ApiError as the server refuses */
export async function mayDo(
  remote: Remote,
  { verb, namespace, target }: Question,
): Promise<{ allowed: boolean; text: string }> {
  const spec =
    'path' in target
      ? { nonResourceAttributes: { path: target.path, verb } }
      : {
          resourceAttributes: {
            namespace,
            verb,
            group: target.resource.group,
            resource: target.resource.plural,
            subresource: target.subresource,
            name: target.name,
          },
        };
  const { status } = (await ask(remote, 'SelfSubjectAccessReview', spec)) as {
    readonly status?: { readonly allowed?: boolean; readonly reason?: string; readonly evaluationError?: string };
  };
  const { allowed = false, reason = '', evaluationError = '' } = status ?? {};
  return { allowed, text: [allowed ? 'yes' : 'no', reason, evaluationError].filter((part) => part !== '').join(' - ') };
}

interface Rules {
  readonly resourceRules?: readonly {
    readonly verbs: readonly string[];
    readonly apiGroups?: readonly string[];
    readonly resources?: readonly string[];
    readonly resourceNames?: readonly string[];
  }[];
  readonly nonResourceRules?: readonly {
    readonly verbs: readonly string[];
    readonly nonResourceURLs?: readonly string[];
  }[];
}

/** The table of `can-i --list`. @throws ApiError as the server refuses */
export async function allowed(remote: Remote, namespace: string, noHeaders: boolean): Promise<string> {
  const { status = {} } = (await ask(remote, 'SelfSubjectRulesReview', { namespace })) as { readonly status?: Rules };
  const list = (words: readonly string[] = []): string => `[${words.join(' ')}]`;
  const rows = [
    ...(status.resourceRules ?? []).flatMap(({ verbs, apiGroups = [''], resources = [], resourceNames }) =>
      resources.flatMap((resource) =>
        apiGroups.map((group) => [
          group === '' ? resource : `${resource}.${group}`,
          '[]',
          list(resourceNames),
          list(verbs),
        ]),
      ),
    ),
    ...(status.nonResourceRules ?? []).map(({ verbs, nonResourceURLs }) => [
      '',
      list(nonResourceURLs),
      '[]',
      list(verbs),
    ]),
  ].sort(([a = ''], [b = '']) => (a === '' ? 1 : b === '' ? -1 : a < b ? -1 : a > b ? 1 : 0));
  const header = [['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs']];
  const lines = (noHeaders ? rows : [...header, ...rows]).map((row) => `${row.join('\t')}\n`);
  return layOut(lines.join(''), TABLE_STOPS);
}

async function ask(remote: Remote, kind: string, spec: object): Promise<unknown> {
  const body = JSON.stringify({ kind, apiVersion: GROUP, spec });
  return JSON.parse(await remote.raw({ method: 'POST', path: `/apis/${GROUP}/${kind.toLowerCase()}s`, body }));
}
