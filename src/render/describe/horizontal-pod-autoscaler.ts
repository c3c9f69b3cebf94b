/** `describe horizontalpodautoscaler`. */
import type { KubeObject } from '../../core/api/types';
import { goQuote } from '../../core/meta/gofmt';
import { asMap, asMaps, asNumber, asText, at, type Json } from './json';
import { dateOf, writeEvents, writeHeader } from './parts';
import type { Related } from './related';
import { DetailWriter } from './writer';

export function describeHorizontalPodAutoscaler(scaler: KubeObject, related: Related, now: number): string {
  const w = new DetailWriter();
  const spec = asMap(scaler.spec) ?? {};
  const status = asMap(scaler.status) ?? {};
  const kind = asText(at(spec, 'scaleTargetRef', 'kind'));
  writeHeader(w, scaler);
  w.field(0, 'CreationTimestamp', dateOf(scaler.metadata.creationTimestamp));
  w.field(0, 'Reference', `${kind}/${asText(at(spec, 'scaleTargetRef', 'name'))}`);
  w.field(0, 'Metrics', '( current / target )');
  const current = asMaps(status.currentMetrics);
  asMaps(spec.metrics).forEach((metric, i) => {
    w.line(1, metricText(metric, current[i] ?? {}));
  });
  w.field(0, 'Min replicas', asText(spec.minReplicas ?? '<unset>'));
  w.field(0, 'Max replicas', asNumber(spec.maxReplicas));
  const behavior = asMap(spec.behavior);
  if (behavior) {
    w.line(0, 'Behavior:');
    writeBehavior(w, 'Scale Up', asMap(behavior.scaleUp));
    writeBehavior(w, 'Scale Down', asMap(behavior.scaleDown));
  }
  w.field(
    0,
    `${kind} pods`,
    `${asNumber(status.currentReplicas)} current / ${asNumber(status.desiredReplicas)} desired`,
  );
  const conditions = asMaps(status.conditions);
  if (conditions.length > 0) {
    w.line(0, 'Conditions:');
    w.line(1, 'Type\tStatus\tReason\tMessage');
    w.line(1, '----\t------\t------\t-------');
    for (const { type, status: value, reason, message } of conditions)
      w.line(1, [type, value, reason, message].map(asText).join('\t'));
  }
  writeEvents(w, related.events, now);
  return w.toString();
}

const UNKNOWN = '<unknown>';

/** One metric: what it measures, its value now and the value wanted. */
function metricText(metric: Json, current: Json): string {
  const wanted = (holder: string, value: string): string => asText(at(metric, holder, 'target', value)) || '<nil>';
  const now = (holder: string, value: string): string =>
    asMap(current[holder]) ? asText(at(current, holder, 'current', value)) || '<nil>' : UNKNOWN;
  const name = (holder: string): string => goQuote(asText(at(metric, holder, 'metric', 'name')));
  switch (metric.type) {
    case 'External':
      if (at(metric, 'external', 'target', 'averageValue') === undefined)
        return `${name('external')} (target value):\t${now('external', 'value')} / ${wanted('external', 'value')}`;
      return `${name('external')} (target average value):\t${asText(at(current, 'external', 'current', 'averageValue')) || UNKNOWN} / ${wanted('external', 'averageValue')}`;
    case 'Pods':
      return `${name('pods')} on pods:\t${now('pods', 'averageValue')} / ${wanted('pods', 'averageValue')}`;
    case 'Object': {
      const object = asMap(at(metric, 'object', 'describedObject')) ?? {};
      const average = at(metric, 'object', 'target', 'type') === 'AverageValue';
      const value = average ? 'averageValue' : 'value';
      const head = `"${asText(at(metric, 'object', 'metric', 'name'))}" on ${asText(object.kind)}/${asText(object.name)}`;
      return `${head} (target ${average ? 'average value' : 'value'}):\t${now('object', value)} / ${wanted('object', value)}`;
    }
    case 'Resource':
      return `resource ${asText(at(metric, 'resource', 'name'))} on pods${resourceText(metric, current, 'resource')}`;
    case 'ContainerResource': {
      const of = asMap(metric.containerResource) ?? {};
      const head = `resource ${asText(of.name)} of container "${asText(of.container)}" on pods`;
      return `${head}${resourceText(metric, current, 'containerResource')}`;
    }
    default:
      return `<unknown metric type ${goQuote(asText(metric.type))}>`;
  }
}

/** An amount a pod, or a share of what the pods request. */
function resourceText(metric: Json, current: Json, holder: string): string {
  const target = asMap(at(metric, holder, 'target')) ?? {};
  const now = asMap(at(current, holder, 'current'));
  const amount = asText(now?.averageValue) || '<nil>';
  if (target.averageValue !== undefined) return `:\t${now ? amount : UNKNOWN} / ${asText(target.averageValue)}`;
  const share = now?.averageUtilization === undefined ? UNKNOWN : `${asText(now.averageUtilization)}% (${amount})`;
  const wanted = target.averageUtilization === undefined ? '<auto>' : `${asText(target.averageUtilization)}%`;
  return `  (as a percentage of request):\t${share} / ${wanted}`;
}

function writeBehavior(w: DetailWriter, title: string, rules: Json | undefined): void {
  if (!rules) return;
  w.line(1, `${title}:`);
  const window = rules.stabilizationWindowSeconds;
  if (window !== undefined) w.line(2, `Stabilization Window: ${asText(window)} seconds`);
  const policies = asMaps(rules.policies);
  if (policies.length === 0) return;
  w.line(2, `Select Policy: ${asText(rules.selectPolicy ?? 'Max')}`);
  w.line(2, 'Policies:');
  for (const { type, value, periodSeconds } of policies)
    w.line(3, `- Type: ${asText(type)}\tValue: ${asNumber(value)}\tPeriod: ${asNumber(periodSeconds)} seconds`);
}
