/** Defaults of kinds that are stored without being played (as the SetDefaults functions of Kubernetes 1.36). */
import { asList, asObject, isSet, type Json, mapField, mapList, withAbsent } from '../json';

type Change = (object: Json) => Json;

const RBAC = 'rbac.authorization.k8s.io';

/** What the kind's objects get; undefined for kinds without defaults of their own. */
export function otherDefaults(kind: string): Change | undefined {
  switch (kind) {
    case 'NetworkPolicy':
      return networkPolicy;
    case 'LimitRange':
      return (object) => mapField(object, 'spec', (spec) => mapList(spec, 'limits', limit));
    case 'PriorityClass':
      return (object) => withAbsent(object, { preemptionPolicy: 'PreemptLowerPriority' });
    case 'Role':
    case 'ClusterRole':
      // The type writes its rules even where there are none.
      return (object) => ('rules' in object ? object : { ...object, rules: null });
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return (object) => mapList(mapField(object, 'roleRef', inRbac), 'subjects', subject);
    case 'IngressClass':
      return (object) =>
        mapField(object, 'spec', (spec) =>
          mapField(spec, 'parameters', (parameters) => withAbsent(parameters, { scope: 'Cluster' })),
        );
    case 'CSIDriver':
      return (object) => mapField(object, 'spec', driver);
    case 'ValidatingWebhookConfiguration':
      return (object) => mapList(object, 'webhooks', webhook);
    case 'MutatingWebhookConfiguration':
      return (object) =>
        mapList(object, 'webhooks', (hook) => withAbsent(webhook(hook), { reinvocationPolicy: 'Never' }));
    default:
      return undefined;
  }
}

const inRbac: Change = (reference) => withAbsent(reference, { apiGroup: RBAC });

const subject: Change = (one) => (one.kind === 'User' || one.kind === 'Group' ? inRbac(one) : one);

/** A policy is about what comes in, and about what goes out where it says anything about that. */
const networkPolicy: Change = (object) =>
  mapField(object, 'spec', (given) => {
    const egress = asList(given.egress).length > 0 ? ['Egress'] : [];
    const spec = withAbsent(given, { policyTypes: ['Ingress', ...egress] });
    const ports: Change = (rule) => mapList(rule, 'ports', (port) => withAbsent(port, { protocol: 'TCP' }));
    return mapList(mapList(spec, 'ingress', ports), 'egress', ports);
  });

/** Limits of containers: the most is the default, the default is what is requested, and so is the least. */
const limit: Change = (item) => {
  if (item.type !== 'Container') return item;
  const limits = { ...asObject(item.max), ...asObject(item.default) };
  const requests = { ...asObject(item.min), ...limits, ...asObject(item.defaultRequest) };
  return {
    ...item,
    ...(Object.keys(limits).length > 0 && { default: limits }),
    ...(Object.keys(requests).length > 0 && { defaultRequest: requests }),
  };
};

const driver: Change = (spec) =>
  withAbsent(spec, {
    attachRequired: true,
    podInfoOnMount: false,
    storageCapacity: false,
    fsGroupPolicy: 'ReadWriteOnceWithFSType',
    volumeLifecycleModes: ['Persistent'],
    requiresRepublish: false,
    seLinuxMount: false,
  });

const webhook: Change = (given) => {
  const hook = withAbsent(given, {
    failurePolicy: 'Fail',
    matchPolicy: 'Equivalent',
    namespaceSelector: {},
    objectSelector: {},
    timeoutSeconds: 10,
  });
  const ported = mapField(hook, 'clientConfig', (config) =>
    mapField(config, 'service', (service) => (isSet(service.port) ? service : { ...service, port: 443 })),
  );
  return mapList(ported, 'rules', (rule) => withAbsent(rule, { scope: '*' }));
};
