/**
 * Namespaces: every one gets its default ServiceAccount and the cluster's root certificate; one that is deleted goes when
 * its content is gone, pods first (as the namespace, serviceaccount and rootcacertpublisher controllers).
 */
import { ApiError } from '../../api/status';
import type { KubeObject, Manifest, Namespace } from '../../api/types';
import { type Controller, type ControllerContext, WorkQueue } from '../../apiserver/controller';
import { resourceKey } from '../../apiserver/storage';
import type { StoreEvent } from '../../apiserver/watch';
import { toTime } from '../../meta/time';
import { deletionConditions, Remaining } from './conditions';

const ROOT_CERTIFICATE = 'kube-root-ca.crt';
const CERTIFICATE_TEXT = `-----BEGIN CERTIFICATE-----
c3RzY3RsIHBsYXlzIHRoZSBjbHVzdGVyIGluIGl0cyBvd24gcHJvY2Vzczogbm90aGluZyBpcyBzaWduZWQu
-----END CERTIFICATE-----
`;

export class NamespaceController implements Controller {
  readonly name = 'namespace';
  private readonly queue = new WorkQueue();
  private readonly terminating = new Set<string>();

  constructor(private readonly context: ControllerContext) {}

  start(): void {
    for (const namespace of this.context.store.list<Namespace>('namespaces')) {
      if (namespace.metadata.deletionTimestamp !== undefined) this.terminating.add(namespace.metadata.name);
    }
  }

  observe(event: StoreEvent): void {
    const { object } = event;
    const key = resourceKey(event.resource);
    if (key === 'namespaces') {
      if (event.type === 'DELETED') this.terminating.delete(object.metadata.name);
      else {
        if (object.metadata.deletionTimestamp !== undefined) this.terminating.add(object.metadata.name);
        this.queue.add(object.metadata.name);
      }
      return;
    }
    const { namespace, name } = object.metadata;
    if (namespace === undefined) return;
    if (event.type === 'DELETED' && this.terminating.has(namespace)) this.queue.add(namespace);
    else if (key === 'serviceaccounts' && name === 'default') this.queue.add(namespace);
    else if (key === 'configmaps' && name === ROOT_CERTIFICATE) this.queue.add(namespace);
  }

  processNext(): boolean {
    const name = this.queue.take();
    if (name === undefined) return false;
    const namespace = this.context.store.get<Namespace>('namespaces', '', name);
    if (!namespace) return true;
    try {
      if (namespace.metadata.deletionTimestamp !== undefined) this.empty(namespace);
      else this.furnish(name);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    return true;
  }

  private furnish(namespace: string): void {
    const { store } = this.context;
    if (!store.get('serviceaccounts', namespace, 'default')) {
      store.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } });
    }
    const present = store.get('configmaps', namespace, ROOT_CERTIFICATE);
    if (!present) store.create(rootCertificate(namespace));
    else if (!holdsCertificate(present)) {
      store.update({ ...rootCertificate(namespace), metadata: present.metadata } as KubeObject);
    }
  }

  /** Deletes what is there, and finishes the namespace when nothing is. Other kinds wait until the pods are gone. */
  private empty(namespace: Namespace): void {
    const { store } = this.context;
    const { name } = namespace.metadata;
    const remaining = new Remaining();
    this.deleteAll('pods', name, remaining);
    if (remaining.kinds.size === 0) {
      for (const key of [...store.storage.resources()]) this.deleteAll(key, name, remaining);
    }
    const current = this.report(namespace, remaining);
    if (remaining.kinds.size > 0) return;
    store.update({ ...current, spec: { ...current.spec, finalizers: [] } }, { subresource: 'finalize' });
  }

  private report(namespace: Namespace, remaining: Remaining): Namespace {
    const before = namespace.status.conditions ?? [];
    const conditions = deletionConditions(remaining, before, toTime(this.context.now()));
    if (conditions.length === before.length && conditions.every((c, i) => c === before[i])) return namespace;
    return this.context.store.updateStatus(namespace, { ...namespace.status, conditions });
  }

  /** Counts what is still there afterwards. */
  private deleteAll(key: string, namespace: string, remaining: Remaining): void {
    const { store } = this.context;
    for (const object of [...store.list(key, namespace)]) {
      if (object.metadata.deletionTimestamp !== undefined) continue;
      try {
        store.delete(key, namespace, object.metadata.name, { propagationPolicy: 'Background' });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
      }
    }
    for (const object of store.list(key, namespace)) remaining.count(store.resource(key), object);
  }
}

const rootCertificate = (namespace: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: ROOT_CERTIFICATE,
    namespace,
    annotations: {
      'kubernetes.io/description':
        'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
    },
  },
  data: { 'ca.crt': CERTIFICATE_TEXT },
});

function holdsCertificate(object: KubeObject): boolean {
  const { data } = object;
  return typeof data === 'object' && data !== null && 'ca.crt' in data && data['ca.crt'] === CERTIFICATE_TEXT;
}
