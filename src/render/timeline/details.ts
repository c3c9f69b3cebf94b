/** What is said of a part of the picture when one points at it: lines of text. */
import { plain } from './plain';
import { elapsed, instantText } from './ticks';
import type { ClaimLine, ClaimPhase, Group, Note, PodLine, PodSpan, Revision, Span } from './types';

const PHASES: Readonly<Record<PodSpan['phase'], string>> = {
  creating: 'creating',
  unready: 'running, not ready',
  ready: 'ready',
  terminating: 'terminating',
  ended: 'ended',
};

const CLAIMS: Readonly<Record<ClaimPhase, string>> = {
  pending: 'pending',
  bound: 'bound',
  lost: 'lost',
  terminating: 'terminating',
  released: 'deleted; its volume is kept, released',
};

/** `absent` is between two pods of one name. */
export const phaseWords = (phase: PodSpan['phase'] | 'absent'): string =>
  phase === 'absent' ? 'no pod' : PHASES[phase];

export const podDetails = ({ pod }: PodLine, span: PodSpan, group: Group): string[] => [
  `${plain(group.namespace)}/${plain(pod)}: ${PHASES[span.phase]}`,
  during(span),
  ...revisionDetails(group.revisions[span.revision]),
];

export const claimDetails = ({ name }: ClaimLine, span: Span<ClaimPhase>): string[] => [
  `claim ${plain(name)}: ${CLAIMS[span.phase]}`,
  during(span),
];

export function revisionDetails(revision: Revision | undefined): string[] {
  if (!revision) return [];
  const { letter, name, number, images, cause } = revision;
  return [
    `revision ${letter}: ${plain(name)}${number === undefined ? ', no longer kept' : `, number ${number}`}`,
    ...(images.length > 0 ? [images.map(plain).join(', ')] : []),
    ...(cause === undefined ? [] : [plain(cause)]),
  ];
}

export function noteDetails({ at, last, reason, message, count, source, warning }: Note, subject: string): string[] {
  const times = count > 1 ? ` (${count} times until ${instantText(last)})` : '';
  return [
    `${warning ? 'Warning: ' : ''}${plain(reason)}, ${plain(subject)}`,
    `${instantText(at)}${times}${source === '' ? '' : `, ${plain(source)}`}`,
    plain(message),
  ];
}

const during = ({ from, to, open }: Span<string>): string =>
  open
    ? `since ${instantText(from)}, ${elapsed(to - from)} so far`
    : `${instantText(from)} to ${instantText(to)}, ${elapsed(to - from)}`;
