/** The revisions of a set in the order of their making, each with a letter. */
import type { Identity } from './pods';
import type { History, Revision } from './types';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

interface Draft {
  name: string;
  made: number;
  number?: number;
  images: readonly string[];
  cause?: string;
}

/** Those that pods wear or wore, and those that are there; `members` are the set's pods. */
export function revisionsOf(
  namespace: string,
  set: string,
  members: readonly Identity[],
  { revisions, marks }: History,
): Revision[] {
  const found = new Map<string, Draft>();
  const see = (name: string, at: number): void => {
    const known = found.get(name);
    if (known) known.made = Math.min(known.made, at);
    else found.set(name, { name, made: at, images: [] });
  };
  const isOurs = (revision: { namespace: string; name: string }): boolean =>
    revision.namespace === namespace && revision.name.slice(0, revision.name.lastIndexOf('-')) === set;
  for (const { spans } of members) for (const { revision, from } of spans) if (revision !== '') see(revision, from);
  for (const mark of marks)
    if (mark.kind === 'revision' && isOurs(mark)) see(mark.name, Date.parse(mark.since || mark.time));
  for (const revision of revisions) {
    if (!isOurs(revision)) continue;
    see(revision.name, Date.parse(revision.created));
    const { number, images, cause } = revision;
    Object.assign(found.get(revision.name) as Draft, { number, images, ...(cause !== undefined && { cause }) });
  }
  const drafts = [...found.values()].sort((a, b) => a.made - b.made || (a.number ?? 0) - (b.number ?? 0));
  return drafts.map((draft, i) => ({ letter: LETTERS[i] ?? '*', ...draft }));
}
