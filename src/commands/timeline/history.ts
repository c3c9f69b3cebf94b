/** Everything that a timeline is drawn from: what the simulation noted, and what is there now. */
import { findResources, type ResourceInfo } from '../../core/api/resources';
import type { ControllerRevision, Event, KubeObject, PersistentVolumeClaim } from '../../core/api/types';
import type { History } from '../../render/timeline/types';
import { simulation } from '../sim';
import type { Context } from '../verb';

/** @throws CommandError on a real cluster */
export async function readHistory(context: Context, namespace: string | undefined): Promise<History> {
  const sim = await simulation(context);
  const list = async (type: string): Promise<readonly KubeObject[]> =>
    (await (await context.backend()).list(findResources(type) as ResourceInfo, namespace)).items;
  const [transitions, marks, claims, revisions, events] = [
    await sim.timeline(),
    await sim.timelineMarks(),
    (await list('persistentvolumeclaims')) as readonly PersistentVolumeClaim[],
    (await list('controllerrevisions')) as readonly ControllerRevision[],
    (await list('events')) as readonly Event[],
  ];
  const isShown = (row: { readonly namespace: string }): boolean =>
    namespace === undefined || row.namespace === namespace;
  return {
    now: (await sim.clock()).now,
    transitions: namespace === undefined ? transitions : transitions.filter(isShown),
    // Marks count the transitions before them: they are sorted out with their pods.
    marks: namespace === undefined ? marks : shifted(marks, transitions, isShown),
    claims: claims.map(claimRow),
    revisions: revisions.map(revisionRow),
    events: [
      ...marks
        .filter(({ kind }) => kind === 'event')
        .filter(isShown)
        .map(expiredRow),
      ...events.map(eventRow),
    ],
  };
}

function shifted(
  marks: History['marks'],
  transitions: History['transitions'],
  isShown: (row: { readonly namespace: string }) => boolean,
): History['marks'] {
  const before = [0];
  for (const row of transitions) before.push(before[before.length - 1] + (isShown(row) ? 1 : 0));
  return marks
    .filter(isShown)
    .map((mark) => (mark.after === undefined ? mark : { ...mark, after: before[mark.after] ?? mark.after }));
}

const claimRow = ({ metadata, status }: PersistentVolumeClaim): History['claims'][number] => ({
  namespace: metadata.namespace ?? '',
  name: metadata.name,
  created: metadata.creationTimestamp ?? '',
  phase: status?.phase ?? 'Pending',
  ...(metadata.deletionTimestamp && { terminating: metadata.deletionTimestamp }),
});

function revisionRow({ metadata, revision, data }: ControllerRevision): History['revisions'][number] {
  const cause = metadata.annotations?.['kubernetes.io/change-cause'];
  const containers = data?.spec?.template?.spec?.containers ?? [];
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    number: revision,
    created: metadata.creationTimestamp ?? '',
    images: [...new Set(containers.map(({ image }) => image ?? ''))].filter((image) => image !== ''),
    ...(cause && { cause }),
  };
}

/** Of a warning whose Event is gone. */
const expiredRow = (mark: History['marks'][number]): History['events'][number] => ({
  namespace: mark.namespace,
  kind: mark.object ?? '',
  name: mark.name,
  type: 'Warning',
  reason: mark.reason ?? '',
  message: mark.message ?? '',
  count: mark.count ?? 1,
  first: mark.since || mark.time,
  last: mark.time,
  source: mark.source ?? '',
});

function eventRow(event: Event): History['events'][number] {
  const { involvedObject, metadata } = event;
  const first = event.firstTimestamp || event.eventTime || metadata.creationTimestamp || '';
  return {
    namespace: metadata.namespace ?? '',
    kind: involvedObject.kind ?? '',
    name: involvedObject.name ?? '',
    type: event.type,
    reason: event.reason,
    message: event.message,
    count: event.count ?? 1,
    first,
    last: event.lastTimestamp || first,
    source: event.source?.component || event.reportingComponent || '',
  };
}
