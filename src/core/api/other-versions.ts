/**
 * Built-in kinds that are served in more than one version, or under two names: autoscalers, which are stored as autoscaling/v2
 * and shown as v1 too, and Events, which core/v1 and events.k8s.io/v1 name the fields of differently. One storage, two faces.
 */
import { asList, asObject, isSet, type Json, mapField } from './json';
import { gvOf, type ResourceInfo, resourceForKind } from './resources';

const NEW_EVENTS = 'events.k8s.io/v1';
const OLD_AUTOSCALER = 'autoscaling/v1';

interface Typed {
  readonly apiVersion: string;
  readonly kind?: string;
}

/** The kind under which objects of this one are stored; itself for most. */
export function storedAs(resource: ResourceInfo): ResourceInfo {
  const version = gvOf(resource);
  if (version === NEW_EVENTS && resource.kind === 'Event') return resourceForKind('v1', 'Event') ?? resource;
  if (version === OLD_AUTOSCALER) return resourceForKind(version, resource.kind) ?? resource;
  return resource;
}

/** The stored object in the version that was asked for. Those of a custom resource differ in name alone. */
export function shownIn<T extends Typed>(resource: ResourceInfo, object: T): T {
  const version = gvOf(resource);
  if (object.apiVersion === version) return object;
  // A new Event is of the same shape but for its names; T is what an API object is.
  if (version === NEW_EVENTS && object.kind === 'Event') return newEvent(object as unknown as Json) as unknown as T;
  if (version === OLD_AUTOSCALER && object.kind === 'HorizontalPodAutoscaler')
    return oldAutoscaler(object as unknown as Json) as unknown as T;
  return resource.otherVersions ? { ...object, apiVersion: version } : object;
}

/** An object of another face as it is stored; itself where it is none. */
export function asStored<T extends Typed>(object: T): T {
  if (object.apiVersion === NEW_EVENTS && object.kind === 'Event')
    return storedEvent(object as unknown as Json) as unknown as T;
  if (object.apiVersion === OLD_AUTOSCALER && object.kind === 'HorizontalPodAutoscaler')
    return storedAutoscaler(object as unknown as Json) as unknown as T;
  return object;
}

/** What events.k8s.io/v1 calls the fields of core/v1. */
const EVENT_NAMES: Readonly<Record<string, string>> = {
  involvedObject: 'regarding',
  message: 'note',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
  reportingComponent: 'reportingController',
};
const CORE_NAMES = Object.fromEntries(Object.entries(EVENT_NAMES).map(([core, events]) => [events, core]));

/** The name that core/v1 has for a field of an Event, `involvedObject.name` for `regarding.name`; undefined for none. */
export function coreEventField(path: string): string | undefined {
  const [first = '', ...rest] = path.split('.');
  if (Object.hasOwn(EVENT_NAMES, first)) return undefined;
  return [CORE_NAMES[first] ?? first, ...rest].join('.');
}

const renamed = (object: Json, names: Readonly<Record<string, string>>): Json =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [names[key] ?? key, value]));

/** As Convert_core_Event_To_v1_Event. */
function newEvent(event: Json): Json {
  const { eventTime = null, ...rest } = event;
  return { ...renamed(rest, EVENT_NAMES), eventTime, apiVersion: NEW_EVENTS };
}

/** As Convert_v1_Event_To_core_Event; what core/v1 always writes is there. */
function storedEvent(event: Json): Json {
  const core = renamed(event, CORE_NAMES);
  const always = {
    involvedObject: {},
    source: {},
    firstTimestamp: null,
    lastTimestamp: null,
    eventTime: null,
    reportingComponent: '',
    reportingInstance: '',
  };
  return { ...always, ...core, apiVersion: 'v1' };
}

const ANNOTATIONS = {
  metrics: 'autoscaling.alpha.kubernetes.io/metrics',
  currentMetrics: 'autoscaling.alpha.kubernetes.io/current-metrics',
  conditions: 'autoscaling.alpha.kubernetes.io/conditions',
  behavior: 'autoscaling.alpha.kubernetes.io/behavior',
} as const;

const cpuMetric = (averageUtilization: unknown): Json => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});

/** The share of the processor that a metric or its status speaks of; undefined for other metrics. */
function cpuShare(metric: Json, part: 'target' | 'current'): unknown {
  const resource = asObject(metric.resource);
  return metric.type === 'Resource' && resource.name === 'cpu'
    ? asObject(resource[part]).averageUtilization
    : undefined;
}

/**
 * As Convert_autoscaling_HorizontalPodAutoscaler_To_v1_HorizontalPodAutoscaler: v1 has a field for the processor alone, the rest
 * travels in annotations.
 */
function oldAutoscaler(object: Json): Json {
  const { metrics, behavior, ...spec } = asObject(object.spec);
  const { currentMetrics, conditions, ...status } = asObject(object.status);
  const cpu = asList(metrics)
    .map((metric) => cpuShare(metric, 'target'))
    .find(isSet);
  const currentCpu = asList(currentMetrics)
    .map((metric) => cpuShare(metric, 'current'))
    .find(isSet);
  const others = asList(metrics).filter((metric) => !isSet(cpuShare(metric, 'target')));
  const kept: Readonly<Record<string, unknown>> = {
    [ANNOTATIONS.metrics]: others.length > 0 ? others.map(oldMetric) : undefined,
    [ANNOTATIONS.currentMetrics]: asList(currentMetrics).length > 0 ? currentMetrics : undefined,
    [ANNOTATIONS.conditions]: asList(conditions).length > 0 ? conditions : undefined,
    [ANNOTATIONS.behavior]: behavior,
  };
  const texts = Object.entries(kept).flatMap(([key, value]) => (isSet(value) ? [[key, JSON.stringify(value)]] : []));
  return {
    ...object,
    apiVersion: OLD_AUTOSCALER,
    metadata: withAnnotations(asObject(object.metadata), Object.fromEntries(texts)),
    spec: { ...spec, ...(isSet(cpu) && { targetCPUUtilizationPercentage: cpu }) },
    status: {
      currentReplicas: 0,
      desiredReplicas: 0,
      ...status,
      ...(isSet(currentCpu) && { currentCPUUtilizationPercentage: currentCpu }),
    },
  };
}

/** As Convert_v1_HorizontalPodAutoscaler_To_autoscaling_HorizontalPodAutoscaler. */
function storedAutoscaler(object: Json): Json {
  const metadata = asObject(object.metadata);
  const texts = asObject(metadata.annotations);
  const told = (name: keyof typeof ANNOTATIONS): unknown => parsed(texts[ANNOTATIONS[name]]);
  const hasTexts = Object.values(ANNOTATIONS).some((key) => isSet(texts[key]));
  const converted = mapField(object, 'spec', ({ targetCPUUtilizationPercentage: cpu, ...spec }) => {
    const metrics = [...(isSet(cpu) ? [cpuMetric(cpu)] : []), ...asList(told('metrics')).map(newMetric)];
    const behavior = told('behavior');
    return { ...spec, ...(metrics.length > 0 && { metrics }), ...(isSet(behavior) && { behavior }) };
  });
  return {
    ...mapField(converted, 'status', ({ currentCPUUtilizationPercentage: _, ...status }) => {
      const [currentMetrics, conditions] = [told('currentMetrics'), told('conditions')];
      return { ...status, ...(isSet(currentMetrics) && { currentMetrics }), ...(isSet(conditions) && { conditions }) };
    }),
    apiVersion: 'autoscaling/v2',
    ...(hasTexts && { metadata: withoutAnnotations(metadata, Object.values(ANNOTATIONS)) }),
  };
}

/** What is no JSON says nothing. */
function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withAnnotations(metadata: Json, more: Json): Json {
  if (Object.keys(more).length === 0) return metadata;
  return { ...metadata, annotations: { ...asObject(metadata.annotations), ...more } };
}

function withoutAnnotations({ annotations, ...metadata }: Json, names: readonly string[]): Json {
  const rest = Object.entries(asObject(annotations)).filter(([key]) => !names.includes(key));
  return rest.length > 0 ? { ...metadata, annotations: Object.fromEntries(rest) } : metadata;
}

/** How v1 and v2 name the parts of a metric: the metric's name and selector, its target's values. */
const OLD_METRICS: Readonly<
  Record<string, { readonly name: string; readonly selector: string; readonly value: string; readonly average: string }>
> = {
  object: { name: 'metricName', selector: 'selector', value: 'targetValue', average: 'averageValue' },
  pods: { name: 'metricName', selector: 'selector', value: '', average: 'targetAverageValue' },
  external: { name: 'metricName', selector: 'metricSelector', value: 'targetValue', average: 'targetAverageValue' },
};

const defined = (object: Json): Json => Object.fromEntries(Object.entries(object).filter(([, value]) => isSet(value)));

function oldMetric({ type, ...metric }: Json): Json {
  return Object.fromEntries(
    Object.entries({ type, ...metric }).map(([key, value]) => {
      const { target, metric: named, describedObject, ...source } = asObject(value);
      const { averageUtilization, averageValue, value: plain } = asObject(target);
      const names = OLD_METRICS[key];
      if (names)
        return [
          key,
          defined({
            target: describedObject,
            [names.name]: asObject(named).name,
            [names.selector]: asObject(named).selector,
            ...(names.value && { [names.value]: plain }),
            [names.average]: averageValue,
          }),
        ];
      if (!isSet(target)) return [key, value];
      return [
        key,
        defined({ ...source, targetAverageUtilization: averageUtilization, targetAverageValue: averageValue }),
      ];
    }),
  );
}

function newMetric(metric: Json): Json {
  return Object.fromEntries(
    Object.entries(metric).map(([key, value]) => {
      if (key === 'type') return [key, value];
      const source = asObject(value);
      const names = OLD_METRICS[key];
      if (names) {
        const plain = names.value ? source[names.value] : undefined;
        const averageValue = source[names.average];
        const type = isSet(averageValue) ? 'AverageValue' : 'Value';
        return [
          key,
          defined({
            describedObject: source.target,
            metric: defined({ name: source[names.name], selector: source[names.selector] }),
            target: defined({ type, averageValue, value: isSet(averageValue) ? undefined : plain }),
          }),
        ];
      }
      const { targetAverageUtilization: averageUtilization, targetAverageValue: averageValue, ...rest } = source;
      const type = isSet(averageUtilization) ? 'Utilization' : 'AverageValue';
      return [key, { ...rest, target: defined({ type, averageUtilization, averageValue }) }];
    }),
  );
}
