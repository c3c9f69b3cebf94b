/** Secrets without what is secret: their keys stay, because containers can't start without them. */
import type { KubeObject } from '../../api/types';

/** On a Secret whose values were left out; such a one is never exported. */
export const WITHOUT_VALUES = 'stsctl.dev/values-left-out';

/** base64 of "left out" */
const PLACEHOLDER = 'bGVmdCBvdXQ=';

const blank = (keys: Iterable<string>): Record<string, string> =>
  Object.fromEntries([...keys].map((key) => [key, PLACEHOLDER]));

/** The Secret with its keys alone. What `kubectl apply` noted of it holds the values too, and goes. */
export function withoutValues(secret: KubeObject): KubeObject {
  const { stringData: _, ...rest } = secret;
  const { 'kubectl.kubernetes.io/last-applied-configuration': __, ...annotations } = secret.metadata.annotations ?? {};
  const { managedFields: ___, ...metadata } = secret.metadata;
  const keys = [...keysOf(secret.data), ...keysOf(secret.stringData)];
  return {
    ...rest,
    metadata: { ...metadata, annotations: { ...annotations, [WITHOUT_VALUES]: 'true' } },
    ...(keys.length > 0 && { data: blank(keys) }),
  };
}

const keysOf = (value: unknown): string[] => (typeof value === 'object' && value !== null ? Object.keys(value) : []);

/** In place of a Secret that may not be read: with the keys that pods ask for. */
export const secretStandIn = (namespace: string, name: string, keys: Iterable<string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name,
    namespace,
    uid: '',
    resourceVersion: '',
    creationTimestamp: '',
    annotations: { [WITHOUT_VALUES]: 'true' },
  },
  data: blank(keys),
  type: 'Opaque',
});
