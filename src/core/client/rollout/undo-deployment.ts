/** Taking a Deployment back to the template of one of its ReplicaSets (as DeploymentRollbacker). */
import type { KubeObject, PodTemplate } from '../../api/types';
import { goStringify } from '../../meta/gojson';
import type { DryRun } from '../apply';
import type { Backend } from '../backend';
import type { Info } from '../builder';
import { CommandError } from '../errors';
import { asSet, replicaSetsOf } from './history';
import type { Undone } from './undo';

const REVISION = 'deployment.kubernetes.io/revision';
const HASH = 'pod-template-hash';

/** Annotations that belong to the Deployment itself, not to one of its templates. */
const OWN = [
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.revision',
];

/** @throws CommandError when there is no such revision, or the Deployment is paused */
export async function undoDeployment(backend: Backend, info: Info, to: number, dryRun: DryRun): Promise<Undone> {
  const deployment = info.object as KubeObject;
  const { template, paused } = deployment.spec as { readonly template: PodTemplate; readonly paused?: boolean };
  const found = findRevision(await replicaSetsOf(backend, asSet(deployment)), to, info.name);
  const restored = withoutHash(asSet(found).spec.template);
  if (dryRun === 'client') return { kind: 'would', template: restored };
  if (paused)
    throw new CommandError(
      `you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume deployment/${info.name}' and try again`,
    );
  if (goStringify(withoutHash(template)) === goStringify(restored)) return { kind: 'skipped', revision: to };
  const entries = (object: KubeObject, own: boolean) =>
    Object.entries(object.metadata.annotations ?? {}).filter(([key]) => OWN.includes(key) === own);
  const annotations = Object.fromEntries([...entries(deployment, true), ...entries(found, false)]);
  const patch = [
    { op: 'replace', path: '/spec/template', value: restored },
    { op: 'replace', path: '/metadata/annotations', value: annotations },
  ];
  await backend.patch(info.resource, info.namespace, info.name, 'json', patch, { dryRun: dryRun === 'server' });
  return { kind: 'rolled back' };
}

const revisionOf = (set: KubeObject): number => Number(set.metadata.annotations?.[REVISION] ?? 0);

/** Number `to`, or for 0 the one before the newest. */
function findRevision(sets: readonly KubeObject[], to: number, name: string): KubeObject {
  const sorted = sets.toSorted((a, b) => revisionOf(b) - revisionOf(a));
  const found = to === 0 ? sorted[1] : sorted.find((set) => revisionOf(set) === to);
  if (found) return found;
  throw new CommandError(
    to === 0
      ? `no rollout history found for deployment ${JSON.stringify(name)}`
      : `unable to find specified revision ${to} in history`,
  );
}

/** As the user wrote it: the label is the controller's. */
function withoutHash(template: PodTemplate): PodTemplate {
  const { [HASH]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}
