/** Kinds that are questions: who am I, who is that, and may I? Whoever is known may do everything. */
import type { ResourceInfo } from '../api/resources';
import { gvOf } from '../api/resources';
import { badRequest } from '../api/status';
import type { Authenticator } from './authenticate';
import { ISSUER } from './tokens';
import type { User } from './user';

/** The object that answers a question of a user, or undefined for kinds that are none. Throws BadRequest. */
export async function review(
  { group, version, kind }: ResourceInfo,
  body: unknown,
  user: User,
  authenticator: Authenticator | undefined,
): Promise<object | undefined> {
  const asked = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const answer = (status: object): object => ({
    kind,
    apiVersion: gvOf({ group, version }),
    metadata: { creationTimestamp: null },
    ...(asked.spec !== undefined && { spec: asked.spec }),
    status,
  });
  switch (kind) {
    case 'SelfSubjectReview':
      return answer({ userInfo: user });
    case 'TokenReview':
      return authenticator && answer(await tokenStatus(authenticator, asked.spec));
    case 'SelfSubjectAccessReview':
    case 'SubjectAccessReview':
    case 'LocalSubjectAccessReview':
      return answer({ allowed: true });
    case 'SelfSubjectRulesReview':
      return answer({
        resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
        nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
        incomplete: false,
      });
    default:
      return undefined;
  }
}

/** As the token review registry: whom a token belongs to, for the audiences that were asked for, or the server's own. */
async function tokenStatus(authenticator: Authenticator, spec: unknown): Promise<object> {
  const { token, audiences } = (spec ?? {}) as { readonly token?: unknown; readonly audiences?: unknown };
  if (typeof token !== 'string' || token === '')
    throw badRequest('token is required for TokenReview in authentication');
  const wanted = Array.isArray(audiences) ? audiences.filter((one) => typeof one === 'string') : [];
  const known = await authenticator.known(token, wanted.length > 0 ? wanted : [ISSUER]);
  if (typeof known === 'string') return { user: {}, error: `[invalid bearer token, ${known}]` };
  return { authenticated: true, user: known.user, audiences: known.audiences };
}
