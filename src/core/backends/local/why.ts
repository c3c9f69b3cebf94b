/** What `why` asks of the local cluster: explanations of objects as they are now. */
import type { Explanation } from '../../reports/why';
import type { Session } from './session';

export interface WhyVerbs {
  /** What an object waits for now. `resource` is its type, with its group: `statefulsets.apps`. @throws ApiError NotFound */
  why(resource: string, namespace: string | undefined, name: string): Promise<Explanation>;
}

export const whyVerbs = (session: Session): WhyVerbs => ({
  why: async (resource, namespace, name) => {
    const cluster = await session.read();
    const { explain } = await import('../../simulation/why');
    return explain(cluster, { kind: resource, ...(namespace !== undefined && { namespace }), name });
  },
});
