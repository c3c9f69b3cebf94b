/** What `why` asks of the local cluster: explanations of objects as they are now. */
import type { Explanation, Subject } from '../../reports/why';
import type { Session } from './session';

export interface WhyVerbs {
  /**
   * What each object waits for now, or why that can't be said (ApiError NotFound). `kind` is its type, with its group:
   * `statefulsets.apps`.
   */
  why(subjects: readonly Subject[]): Promise<readonly (Explanation | Error)[]>;
}

export const whyVerbs = (session: Session): WhyVerbs => ({
  why: async (subjects) => {
    const cluster = await session.read();
    const { explainAll } = await import('../../simulation/why');
    return explainAll(cluster, subjects);
  },
});
