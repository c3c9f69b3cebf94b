/** Defaults of pod specs, in pods and in templates (as SetDefaults_PodSpec, SetDefaults_Container and their kin). */
import { Quantity } from '../../meta/quantity';
import { aggregateResources } from '../aggregate';
import { asObject, asString, isSet, type Json, mapField, mapList, withAbsent } from '../json';
import { withoutDisabledFields } from './disabled-fields';
import { pullPolicy } from './images';
import { volumeDefaults } from './volumes';

/** What a pod spec gets wherever it stands. */
export function podSpecDefaults(spec: Json): Json {
  let s = mapList(withoutDisabledFields(spec), 'volumes', volumeDefaults);
  for (const list of ['initContainers', 'containers', 'ephemeralContainers']) s = mapList(s, list, containerDefaults);
  s = mapField(s, 'overhead', roundQuantities);
  s = mapField(s, 'resources', resourceDefaults);
  const account = asString(s.serviceAccountName) || asString(s.serviceAccount);
  if (account && (s.serviceAccountName !== account || s.serviceAccount !== account)) {
    s = { ...s, serviceAccountName: account, serviceAccount: account };
  }
  return withAbsent(s, {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    schedulerName: 'default-scheduler',
  });
}

/** A pod template: its metadata and spec are always there. */
export function templateDefaults(template: unknown): Json {
  const t = withAbsent(asObject(template), { metadata: {}, spec: {} });
  return mapField(t, 'spec', podSpecDefaults);
}

/** What only a pod itself gets, on top of `podSpecDefaults` (as SetDefaults_Pod). */
export function podOnlyDefaults(spec: Json): Json {
  let s = spec;
  for (const list of ['containers', 'initContainers']) s = mapList(s, list, requestsFromLimits);
  s = podLevelRequests(s);
  if (s.hostNetwork === true) {
    for (const list of ['containers', 'initContainers']) {
      s = mapList(s, list, (c) => mapList(c, 'ports', (p) => (p.hostPort ? p : { ...p, hostPort: p.containerPort })));
    }
  }
  return withAbsent(s, { enableServiceLinks: true });
}

function containerDefaults(container: Json): Json {
  let c = mapList(container, 'ports', (port) => withAbsent(port, { protocol: 'TCP' }));
  c = mapList(c, 'env', (env) =>
    mapField(env, 'valueFrom', (from) => {
      const withField = mapField(from, 'fieldRef', (ref) => withAbsent(ref, { apiVersion: 'v1' }));
      return mapField(withField, 'resourceFieldRef', (ref) => withAbsent(ref, { divisor: '0' }));
    }),
  );
  c = mapField(withAbsent(c, { resources: {} }), 'resources', resourceDefaults);
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) c = mapField(c, probe, probeDefaults);
  c = mapField(c, 'lifecycle', (l) => mapField(mapField(l, 'postStart', handlerDefaults), 'preStop', handlerDefaults));
  c = mapField(c, 'securityContext', (s) => s);
  return withAbsent(c, {
    imagePullPolicy: pullPolicy(c.image),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  });
}

function probeDefaults(probe: Json): Json {
  const p = mapField(handlerDefaults(probe), 'grpc', (grpc) => withAbsent(grpc, { service: '' }));
  const zero = (value: unknown): boolean => !isSet(value) || value === 0;
  const numbers = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
  const missing = Object.entries(numbers).filter(([key]) => zero(p[key]));
  return missing.length ? { ...p, ...Object.fromEntries(missing) } : p;
}

const handlerDefaults = (handler: Json): Json =>
  mapField(handler, 'httpGet', (get) => withAbsent(get, { path: '/', scheme: 'HTTP' }));

function resourceDefaults(resources: Json): Json {
  return mapField(mapField(resources, 'limits', roundQuantities), 'requests', roundQuantities);
}

/** Rounds up to thousandths (as SetDefaults_ResourceList). */
function roundQuantities(list: Json): Json {
  const rounded = Object.entries(list).map(([key, value]): [string, unknown] => [key, roundToMilli(value)]);
  return rounded.every(([key, value]) => value === list[key]) ? list : Object.fromEntries(rounded);
}

function roundToMilli(value: unknown): unknown {
  // Only a fraction, or one of the small suffixes, can be finer than a thousandth.
  if (typeof value !== 'string' || !/[nu.]/.test(value)) return value;
  const quantity = Quantity.parse(value);
  const rounded = Quantity.parse(`${quantity.milliValue()}m`);
  return rounded.compare(quantity) === 0 ? value : rounded.toString();
}

function requestsFromLimits(container: Json): Json {
  const resources = asObject(container.resources);
  const limits = asObject(resources.limits);
  const requests = asObject(resources.requests);
  const missing = Object.keys(limits).filter((name) => !isSet(requests[name]));
  if (missing.length === 0) return container;
  const added = Object.fromEntries(missing.map((name) => [name, limits[name]]));
  return { ...container, resources: { ...resources, requests: { ...requests, ...added } } };
}

/** Pod-level requests that are missing follow the containers' requests, else the pod-level limits (as defaultPodRequests). */
function podLevelRequests(spec: Json): Json {
  const resources = asObject(spec.resources);
  const limits = asObject(resources.limits);
  if (Object.keys(limits).length === 0) return spec;
  const requests: Record<string, unknown> = { ...asObject(resources.requests) };
  for (const [name, total] of aggregateResources(spec, 'requests')) {
    if (name === 'cpu' || name === 'memory') requests[name] ??= total.toString();
  }
  for (const [name, limit] of Object.entries(limits)) {
    if (name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')) requests[name] ??= limit;
  }
  const same = Object.keys(requests).every((name) => requests[name] === asObject(resources.requests)[name]);
  return same ? spec : { ...spec, resources: { ...resources, requests } };
}
