/**
 * The promises of the StatefulSet controller, asserted while a cluster lives: some at every event, the rest whenever the
 * controllers have come to rest at an instant. They are computed from the objects alone, by counting.
 */
import { expect } from 'vitest';
import type { ControllerRevision, PersistentVolumeClaim, Pod, StatefulSet } from '../../src/core/api/types';
import { resourceKey } from '../../src/core/apiserver/storage';
import type { StoreEvent } from '../../src/core/apiserver/watch';
import type { TestCluster } from './cluster';

const ordinalOf = (name: string): number => Number(name.slice(name.lastIndexOf('-') + 1));
const condition = (pod: Pod, type: string) => pod.status.conditions?.find((c) => c.type === type);
const isReady = (pod: Pod): boolean => pod.status.phase === 'Running' && condition(pod, 'Ready')?.status === 'True';
const isTerminating = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined;
const revisionOf = (pod: Pod): string => pod.metadata.labels?.['controller-revision-hash'] ?? '';
const isOver = (pod: Pod): boolean => pod.status.phase === 'Failed' || pod.status.phase === 'Succeeded';

export class Invariants {
  /** Pods whose end somebody else than the controller asked for, by uid. */
  private readonly notByController = new Set<string>();
  private readonly seenUids = new Map<string, string>();
  broken: string[] = [];

  constructor(
    private readonly test: TestCluster,
    private readonly name = 'web',
  ) {
    test.cluster.onEvent((event) => this.observe(event));
  }

  /** The test itself is about to delete or fail the pod. */
  expectEnd(pod: Pod): void {
    this.notByController.add(pod.metadata.uid);
  }

  private get set(): StatefulSet | undefined {
    return this.test.store.get<StatefulSet>('statefulsets.apps', 'default', this.name);
  }

  private pods(set: StatefulSet): Pod[] {
    return ([...this.test.store.dependents(set.metadata.uid, 'pods')] as Pod[]).sort(
      (a, b) => ordinalOf(a.metadata.name) - ordinalOf(b.metadata.name),
    );
  }

  private isAvailable(set: StatefulSet, pod: Pod): boolean {
    const seconds = set.spec.minReadySeconds ?? 0;
    const since = condition(pod, 'Ready')?.lastTransitionTime;
    if (!isReady(pod)) return false;
    return seconds === 0 || (since !== undefined && Date.parse(since) + seconds * 1000 <= this.test.cluster.now);
  }

  private observe(event: StoreEvent): void {
    if (resourceKey(event.resource) !== 'pods') return;
    const set = this.set;
    const pod = event.object as Pod;
    if (!set || pod.metadata.ownerReferences?.[0]?.uid !== set.metadata.uid) return;
    const old = event.old as Pod | undefined;
    if (event.type === 'ADDED') this.created(set, pod);
    const ends = isTerminating(pod) || event.type === 'DELETED';
    if (ends && old && !isTerminating(old) && set.metadata.deletionTimestamp === undefined) this.ended(set, old);
  }

  private check(holds: boolean, what: string): void {
    if (!holds) this.broken.push(`${what} (at ${this.test.cluster.now})`);
  }

  private created(set: StatefulSet, pod: Pod): void {
    const { name } = pod.metadata;
    const ordinal = ordinalOf(name);
    const start = set.spec.ordinals?.start ?? 0;
    this.check(ordinal >= start && ordinal < start + set.spec.replicas, `${name} was created out of range`);
    this.check(this.seenUids.get(pod.metadata.uid) === undefined, `${name} has a uid that was used before`);
    this.seenUids.set(pod.metadata.uid, name);
    if (set.spec.podManagementPolicy === 'OrderedReady') {
      const siblings = new Map(this.pods(set).map((p) => [ordinalOf(p.metadata.name), p]));
      for (let before = start; before < ordinal; before++) {
        const sibling = siblings.get(before);
        this.check(
          sibling !== undefined && this.isAvailable(set, sibling) && !isTerminating(sibling),
          `${name} was created before ${set.metadata.name}-${before} was available`,
        );
      }
    }
    for (const template of set.spec.volumeClaimTemplates ?? []) {
      const claim = `${template.metadata.name}-${name}`;
      this.check(this.test.claim(claim) !== undefined, `${name} was created before its claim ${claim}`);
      const volume = pod.spec.volumes?.find((v) => v.name === template.metadata.name);
      this.check(volume?.persistentVolumeClaim?.claimName === claim, `${name} does not mount ${claim}`);
    }
    const partition = set.spec.updateStrategy.rollingUpdate?.partition;
    if (set.spec.updateStrategy.type === 'RollingUpdate' && partition !== undefined && ordinal >= start + partition) {
      const newest = this.newestRevision(set);
      this.check(revisionOf(pod) === newest, `${name} was created at ${revisionOf(pod)}, not at ${newest}`);
    }
    if (set.spec.updateStrategy.type === 'RollingUpdate' && partition !== undefined && ordinal < start + partition) {
      const current = set.status.currentRevision || revisionOf(pod);
      this.check(revisionOf(pod) === current, `${name}, below the partition, was created at ${revisionOf(pod)}`);
    }
    this.check(pod.spec.hostname === name, `${name} has the hostname ${pod.spec.hostname}`);
    this.check(pod.spec.subdomain === set.spec.serviceName, `${name} has the subdomain ${pod.spec.subdomain}`);
    this.check(
      pod.metadata.labels?.['statefulset.kubernetes.io/pod-name'] === name &&
        pod.metadata.labels?.['apps.kubernetes.io/pod-index'] === String(ordinal),
      `${name} wears the wrong identity`,
    );
  }

  private newestRevision(set: StatefulSet): string | undefined {
    const revisions = [
      ...this.test.store.dependents(set.metadata.uid, 'controllerrevisions.apps'),
    ] as ControllerRevision[];
    return revisions.sort((a, b) => b.revision - a.revision)[0]?.metadata.name;
  }

  /** The controller began to end a pod: a condemned one, an outdated one, or one that failed. */
  private ended(set: StatefulSet, pod: Pod): void {
    if (this.notByController.has(pod.metadata.uid) || isOver(pod)) return;
    const { name } = pod.metadata;
    const ordinal = ordinalOf(name);
    const start = set.spec.ordinals?.start ?? 0;
    const end = start + set.spec.replicas - 1;
    const siblings = this.pods(set).filter((p) => p.metadata.uid !== pod.metadata.uid);
    const inRange = (p: Pod): boolean => ordinalOf(p.metadata.name) >= start && ordinalOf(p.metadata.name) <= end;
    if (ordinal < start || ordinal > end) {
      if (set.spec.podManagementPolicy !== 'OrderedReady') return;
      const higher = siblings.find((p) => !inRange(p) && ordinalOf(p.metadata.name) > ordinal);
      this.check(higher === undefined, `${name} was condemned before ${higher?.metadata.name}`);
      const healthy = siblings.filter((p) => inRange(p) && this.isAvailable(set, p) && !isTerminating(p)).length;
      this.check(
        healthy === set.spec.replicas,
        `${name} was condemned while only ${healthy} of the rest were available`,
      );
      return;
    }
    const { type, rollingUpdate } = set.spec.updateStrategy;
    this.check(type === 'RollingUpdate', `${name} was updated although the strategy is ${type}`);
    const floor = start + (rollingUpdate?.partition ?? 0);
    this.check(ordinal >= floor, `${name} was updated although the partition is at ${floor}`);
    const newest = this.newestRevision(set);
    this.check(revisionOf(pod) !== newest, `${name} was updated although it is at ${newest}`);
    if (this.test.cluster.config.gates.MaxUnavailableStatefulSet) {
      const unavailable = siblings.filter((p) => inRange(p) && (isTerminating(p) || !this.isAvailable(set, p))).length;
      const value = rollingUpdate?.maxUnavailable ?? 1;
      const allowed =
        typeof value === 'number'
          ? value
          : Math.max(1, Math.floor((Number.parseInt(value, 10) * set.spec.replicas) / 100));
      this.check(unavailable < allowed, `${name} was updated with ${unavailable} of ${allowed} pods down already`);
      return;
    }
    for (const p of siblings) {
      if (!inRange(p) || ordinalOf(p.metadata.name) < ordinal) continue;
      this.check(
        revisionOf(p) === newest && this.isAvailable(set, p) && !isTerminating(p),
        `${name} was updated before ${p.metadata.name} was through`,
      );
    }
  }

  /** To be called when the controllers are at rest. */
  assertAtRest(): void {
    expect(this.broken).toEqual([]);
    const set = this.set;
    if (!set || set.metadata.deletionTimestamp !== undefined) return;
    const pods = this.pods(set);
    this.assertStatus(set, pods);
    this.assertHistory(set, pods);
    for (const pod of pods) this.assertClaims(set, pod);
    if (set.spec.podManagementPolicy === 'OrderedReady') {
      expect(new Set(pods.map((p) => p.metadata.name)).size).toBe(pods.length);
    }
  }

  private assertStatus(set: StatefulSet, pods: readonly Pod[]): void {
    const living = pods.filter((p) => p.status.phase && !isTerminating(p));
    const at = (revision: string | undefined): number => living.filter((p) => revisionOf(p) === revision).length;
    const { status } = set;
    expect({
      observedGeneration: status.observedGeneration,
      replicas: status.replicas,
      readyReplicas: status.readyReplicas ?? 0,
      availableReplicas: status.availableReplicas,
      currentReplicas: status.currentReplicas ?? 0,
      updatedReplicas: status.updatedReplicas ?? 0,
      updateRevision: status.updateRevision,
    }).toEqual({
      observedGeneration: set.metadata.generation,
      replicas: pods.length,
      readyReplicas: pods.filter(isReady).length,
      availableReplicas: pods.filter((p) => this.isAvailable(set, p)).length,
      currentReplicas: at(status.currentRevision),
      updatedReplicas: at(status.updateRevision),
      updateRevision: this.newestRevision(set),
    });
  }

  private assertHistory(set: StatefulSet, pods: readonly Pod[]): void {
    const revisions = [
      ...this.test.store.dependents(set.metadata.uid, 'controllerrevisions.apps'),
    ] as ControllerRevision[];
    const worn = new Set([...pods.map(revisionOf), set.status.currentRevision ?? '', set.status.updateRevision ?? '']);
    const names = new Set(revisions.map((revision) => revision.metadata.name));
    for (const name of worn) expect(names).toContain(name);
    const surplus = revisions.filter((revision) => !worn.has(revision.metadata.name)).length;
    const limit = set.spec.revisionHistoryLimit ?? 10;
    if (limit >= 0) expect(surplus).toBeLessThanOrEqual(limit);
    expect(new Set(revisions.map((revision) => revision.revision)).size).toBe(revisions.length);
  }

  /** The owner references of a ready pod's claims fit the retention policy. */
  private assertClaims(set: StatefulSet, pod: Pod): void {
    if (!isReady(pod) || isTerminating(pod)) return;
    const ordinal = ordinalOf(pod.metadata.name);
    const start = set.spec.ordinals?.start ?? 0;
    if (ordinal < start || ordinal >= start + set.spec.replicas) return;
    const whenDeleted = set.spec.persistentVolumeClaimRetentionPolicy?.whenDeleted ?? 'Retain';
    for (const template of set.spec.volumeClaimTemplates ?? []) {
      const claim = this.test.claim(`${template.metadata.name}-${pod.metadata.name}`) as
        | PersistentVolumeClaim
        | undefined;
      if (!claim) continue;
      const owners = (claim.metadata.ownerReferences ?? []).map((ref) => `${ref.kind} ${ref.uid}`);
      const wanted = whenDeleted === 'Delete' ? [`StatefulSet ${set.metadata.uid}`] : [];
      // Under OrderedReady a claim is only repaired once the pods before are available: the settled state tells.
      if (this.settled) expect(owners).toEqual(wanted);
    }
  }

  /** Set while nothing is under way any more. */
  settled = false;
}
