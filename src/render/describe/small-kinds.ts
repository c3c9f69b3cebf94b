/** Descriptions of a few lines: PriorityClass, CSINode, ServiceCIDR, IPAddress, VolumeAttributesClass. */
import type { KubeObject } from '../../core/api/types';
import { formatLabels } from '../../core/meta/labels';
import { asMap, asMaps, asStringMap, asStrings, asText, at, goList, type Json } from './json';
import { dateOf, writeAnnotations, writeEvents, writeLabels } from './parts';
import type { Related } from './related';
import { DetailWriter } from './writer';

type Body = (w: DetailWriter, object: Json & KubeObject) => void;

const labelled =
  (body: Body): Body =>
  (w, object) => {
    w.field(0, 'Name', object.metadata.name);
    writeLabels(w, 'Labels', object.metadata.labels);
    writeAnnotations(w, 'Annotations', object.metadata.annotations);
    body(w, object);
  };

const BODIES: Readonly<Record<string, Body>> = {
  'PriorityClass.scheduling.k8s.io': (w, object) => {
    w.field(0, 'Name', object.metadata.name);
    w.field(0, 'Value', asText(object.value ?? 0));
    w.field(0, 'GlobalDefault', object.globalDefault === true);
    w.field(0, 'PreemptionPolicy', asText(object.preemptionPolicy));
    w.field(0, 'Description', asText(object.description));
    w.field(0, 'Annotations', formatLabels(object.metadata.annotations));
  },
  'VolumeAttributesClass.storage.k8s.io': (w, object) => {
    w.field(0, 'Name', object.metadata.name);
    w.field(0, 'Annotations', formatLabels(object.metadata.annotations));
    w.field(0, 'DriverName', asText(object.driverName));
    w.field(0, 'Parameters', formatLabels(asStringMap(object.parameters)));
  },
  'CSINode.storage.k8s.io': labelled((w, object) => {
    w.field(0, 'CreationTimestamp', dateOf(object.metadata.creationTimestamp));
    w.line(0, 'Spec:');
    const drivers = at(object.spec, 'drivers');
    if (drivers !== undefined) w.line(1, 'Drivers:');
    for (const driver of asMaps(drivers)) {
      w.line(2, `${asText(driver.name)}:`);
      w.field(3, 'Node ID', asText(driver.nodeID));
      const count = at(driver, 'allocatable', 'count');
      if (count !== undefined) {
        w.line(3, 'Allocatables:');
        w.field(4, 'Count', asText(count));
      }
      if (driver.topologyKeys !== undefined) w.field(3, 'Topology Keys', goList(driver.topologyKeys));
    }
  }),
  'ServiceCIDR.networking.k8s.io': labelled((w, object) => {
    w.field(0, 'CIDRs', asStrings(at(object.spec, 'cidrs')).join(', '));
    const conditions = asMaps(at(object.status, 'conditions'));
    if (conditions.length === 0) return;
    w.line(0, 'Status:\nConditions:');
    w.line(1, 'Type\tStatus\tLastTransitionTime\tReason\tMessage');
    w.line(1, '----\t------\t------------------\t------\t-------');
    for (const { type, status, lastTransitionTime, reason, message } of conditions)
      w.line(1, [asText(type), asText(status), dateOf(lastTransitionTime), asText(reason), asText(message)].join('\t'));
  }),
  'IPAddress.networking.k8s.io': labelled((w, object) => {
    const parent = asMap(at(object.spec, 'parentRef'));
    if (!parent) return;
    w.line(0, 'Parent Reference:');
    for (const title of ['Group', 'Resource', 'Namespace', 'Name'])
      w.field(1, title, asText(parent[title.toLowerCase()]));
  }),
};

/** The description, or undefined for a kind that is none of these. */
export function describeSmallKind(key: string, object: KubeObject, related: Related, now: number): string | undefined {
  const body = Object.hasOwn(BODIES, key) ? BODIES[key] : undefined;
  if (!body) return undefined;
  const w = new DetailWriter();
  body(w, object as Json & KubeObject);
  writeEvents(w, related.events, now);
  return w.toString();
}
