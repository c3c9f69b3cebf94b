/** Rows of what extends a cluster: webhooks, drivers, runtimes, API services, certificates. */
import type { KubeObject } from '../../api/types';
import { humanDuration } from '../../meta/duration';
import { AGE, ageOf, asMap, asMaps, asStrings, asText, at, integer, NAME, type TablePrinter, text } from './printer';

/** The printer of `plural.group`; undefined for kinds that show no more than their age. */
export function extensionPrinter(key: string): TablePrinter | undefined {
  switch (key) {
    case 'mutatingwebhookconfigurations.admissionregistration.k8s.io':
    case 'validatingwebhookconfigurations.admissionregistration.k8s.io':
      return webhookPrinter();
    case 'csidrivers.storage.k8s.io':
      return driverPrinter();
    case 'csinodes.storage.k8s.io':
      return driversPrinter();
    case 'volumeattributesclasses.storage.k8s.io':
      return fieldPrinter('DriverName', (object) => asText(object.driverName));
    case 'runtimeclasses.node.k8s.io':
      return fieldPrinter('Handler', (object) => asText(object.handler));
    case 'volumeattachments.storage.k8s.io':
      return attachmentPrinter();
    case 'apiservices.apiregistration.k8s.io':
      return apiServicePrinter();
    case 'certificatesigningrequests.certificates.k8s.io':
      return certificatePrinter();
    case 'ipaddresses.networking.k8s.io':
      return fieldPrinter('ParentRef', parentOf);
    case 'servicecidrs.networking.k8s.io':
      return fieldPrinter('CIDRs', (object) => asStrings(at(object, 'spec', 'cidrs')).join(','));
    default:
      return undefined;
  }
}

/** Name, one field, age. */
const fieldPrinter = (name: string, field: (object: KubeObject) => string): TablePrinter => ({
  columns: [NAME, text(name), AGE],
  cells: (object, now) => [object.metadata.name, field(object), ageOf(object, now)],
});

const webhookPrinter = (): TablePrinter => ({
  columns: [NAME, integer('Webhooks'), AGE],
  cells: (object, now) => [object.metadata.name, asMaps(object.webhooks).length, ageOf(object, now)],
});

const driversPrinter = (): TablePrinter => ({
  columns: [NAME, integer('Drivers'), AGE],
  cells: (object, now) => [object.metadata.name, asMaps(at(object, 'spec', 'drivers')).length, ageOf(object, now)],
});

const driverPrinter = (): TablePrinter => ({
  columns: [
    NAME,
    { name: 'AttachRequired', type: 'boolean', priority: 0 },
    { name: 'PodInfoOnMount', type: 'boolean', priority: 0 },
    { name: 'StorageCapacity', type: 'boolean', priority: 0 },
    text('TokenRequests'),
    { name: 'RequiresRepublish', type: 'boolean', priority: 0 },
    text('Modes'),
    AGE,
  ],
  cells(object, now) {
    const spec = asMap(object.spec) ?? {};
    const audiences = asMaps(spec.tokenRequests).map((request) => asText(request.audience));
    return [
      object.metadata.name,
      spec.attachRequired !== false,
      spec.podInfoOnMount === true,
      spec.storageCapacity === true,
      audiences.join(',') || '<unset>',
      spec.requiresRepublish === true,
      asStrings(spec.volumeLifecycleModes).join(',') || '<none>',
      ageOf(object, now),
    ];
  },
});

const attachmentPrinter = (): TablePrinter => ({
  columns: [NAME, text('Attacher'), text('PV'), text('Node'), { name: 'Attached', type: 'boolean', priority: 0 }, AGE],
  cells: (object, now) => [
    object.metadata.name,
    asText(at(object, 'spec', 'attacher')),
    asText(at(object, 'spec', 'source', 'persistentVolumeName')),
    asText(at(object, 'spec', 'nodeName')),
    at(object, 'status', 'attached') === true,
    ageOf(object, now),
  ],
});

const apiServicePrinter = (): TablePrinter => ({
  columns: [NAME, text('Service'), text('Available'), AGE],
  cells(object, now) {
    const service = asMap(at(object, 'spec', 'service'));
    const available = asMaps(at(object, 'status', 'conditions')).find((condition) => condition.type === 'Available');
    const status = available ? asText(available.status) : 'Unknown';
    return [
      object.metadata.name,
      service ? `${asText(service.namespace)}/${asText(service.name)}` : 'Local',
      status === 'True' || !available ? status : `${status} (${asText(available.reason)})`,
      ageOf(object, now),
    ];
  },
});

const certificatePrinter = (): TablePrinter => ({
  columns: [NAME, AGE, text('SignerName'), text('Requestor'), text('RequestedDuration'), text('Condition')],
  cells(object, now) {
    const spec = asMap(object.spec) ?? {};
    const seconds = spec.expirationSeconds;
    return [
      object.metadata.name,
      ageOf(object, now),
      asText(spec.signerName) || '<none>',
      asText(spec.username),
      typeof seconds === 'number' ? humanDuration(seconds * 1000) : '<none>',
      certificateStatus(object),
    ];
  },
});

/** As extractCSRStatus. */
function certificateStatus(object: KubeObject): string {
  const types = asMaps(at(object, 'status', 'conditions')).map((condition) => condition.type);
  const verdict = types.includes('Denied') ? 'Denied' : types.includes('Approved') ? 'Approved' : 'Pending';
  const failed = types.includes('Failed') ? ',Failed' : '';
  return `${verdict}${failed}${asText(at(object, 'status', 'certificate')) ? ',Issued' : ''}`;
}

function parentOf(object: KubeObject): string {
  const parent = asMap(at(object, 'spec', 'parentRef')) ?? {};
  const group = asText(parent.group);
  const kind = `${asText(parent.resource)}${group ? `.${group}` : ''}`;
  return [kind, asText(parent.namespace), asText(parent.name)].filter(Boolean).join('/');
}
