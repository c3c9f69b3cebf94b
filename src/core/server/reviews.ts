/** Kinds that are questions: who am I, and may I? Whoever knows the token may do everything. */
import type { ResourceInfo } from '../api/resources';
import { gvOf } from '../api/resources';
import { USER } from './user';

/** The object that answers a question, or undefined for kinds that are none. */
export function review({ group, version, kind }: ResourceInfo, body: unknown): object | undefined {
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
      return answer({ userInfo: USER });
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
