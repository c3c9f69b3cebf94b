/** Tells who sends a request by the token that it carries: the server's own, or one that it made for a service account. */
import { resourceForKind } from '../api/resources';
import { isNotFound } from '../api/status';
import type { KubeObject } from '../api/types';
import type { Backend } from '../client/backend';
import type { ServedBackend } from '../client/served';
import { bearerOf, tokenCheck } from './auth';
import { type Claims, ISSUER, type TokenRef, type Tokens } from './tokens';
import { USER, type User } from './user';

/** Who a token belongs to, and which of the audiences that were asked for it is good for. */
export interface Known {
  readonly user: User;
  readonly audiences: readonly string[];
}

export class Authenticator {
  private readonly isOwn: (token: string | undefined) => boolean;

  constructor(
    private readonly backend: ServedBackend,
    private readonly tokens: Tokens,
    own: string,
  ) {
    this.isOwn = tokenCheck(own);
  }

  /** By an Authorization header; undefined for nobody that is known. */
  async userOf(header: string | undefined): Promise<User | undefined> {
    const known = await this.known(bearerOf(header), [ISSUER]);
    return typeof known === 'string' ? undefined : known.user;
  }

  /** By a token, for one of these audiences; why not where it is none. */
  async known(token: string | undefined, audiences: readonly string[]): Promise<Known | string> {
    if (this.isOwn(token)) return { user: USER, audiences: audiences.filter((one) => one === ISSUER) };
    const claims = token === undefined ? undefined : this.tokens.read(token);
    if (!claims) return 'invalid bearer token';
    const shared = claims.aud.filter((one) => audiences.includes(one));
    if (shared.length === 0)
      return `token audiences ${JSON.stringify(claims.aud)} is invalid for the target audiences ${JSON.stringify(audiences)}`;
    const trouble = await this.backend.perform((cluster) => troubleWith(cluster, claims));
    return trouble ?? { user: accountOf(claims), audiences: shared };
  }
}

/** Why a token is no longer good (as the service account validator); a token goes with the account and the object it is bound to. */
async function troubleWith(cluster: Backend, claims: Claims): Promise<string | undefined> {
  const now = (await cluster.now()) / 1000;
  if (now > claims.exp) return 'service account token has expired';
  const { namespace, serviceaccount, pod, secret, node } = claims['kubernetes.io'];
  const found = async (kind: string, ref: TokenRef): Promise<KubeObject | undefined> => {
    const resource = resourceForKind('v1', kind)!;
    try {
      return await cluster.get(resource, resource.namespaced ? namespace : undefined, ref.name);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };
  const account = await found('ServiceAccount', serviceaccount);
  if (!account) return `serviceaccounts "${serviceaccount.name}" not found`;
  if (account.metadata.uid !== serviceaccount.uid)
    return `service account UID (${account.metadata.uid}) does not match claim (${serviceaccount.uid})`;
  for (const [kind, ref] of [
    ['Pod', pod],
    ['Secret', secret],
    ['Node', node],
  ] as const) {
    if (ref && (await found(kind, ref))?.metadata.uid !== ref.uid) return 'service account token has been invalidated';
  }
  return undefined;
}

const EXTRA = 'authentication.kubernetes.io';

/** As ServiceAccountInfo.UserInfo. */
function accountOf({ jti, sub, 'kubernetes.io': { namespace, serviceaccount, pod, node } }: Claims): User {
  return {
    username: sub,
    uid: serviceaccount.uid,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    extra: {
      [`${EXTRA}/credential-id`]: [`JTI=${jti}`],
      ...(node && { [`${EXTRA}/node-name`]: [node.name], [`${EXTRA}/node-uid`]: [node.uid] }),
      ...(pod && { [`${EXTRA}/pod-name`]: [pod.name], [`${EXTRA}/pod-uid`]: [pod.uid] }),
    },
  };
}
