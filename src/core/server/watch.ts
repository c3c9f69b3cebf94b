/**
 * One client's watch: changes as lines of JSON, from the version that the client names or from what there is, with
 * bookmarks, until the time that the client gave it is over.
 */

import type { ServerResponse } from 'node:http';
import { gvOf, resourceKey, shownIn } from '../api/resources';
import type { ApiError } from '../api/status';
import type { KubeObject } from '../api/types';
import type { Change, ServedBackend } from '../client/served';
import { stringifyJson } from '../meta/json';
import type { Call } from './call';
import { encodeBookmark, encodeEvent, type View } from './encode';
import { Outbox } from './outbox';
import { checkListOptions, numberIn, versionIn, viewOf } from './parameters';
import type { ServerHost, ServerLimits } from './port';
import { expired, statusOf, tooLargeVersion } from './status';
import type { Target } from './target';

const BOOKMARK_MS = 60_000;
/** How long a watch lasts that names no end, at least; up to twice as long (as --min-request-timeout). */
const TIMEOUT_S = 1800;

/** Lines that were made for one watch serve the others. */
const lines = new WeakMap<Change, Map<string, string>>();

export class Watch {
  private readonly key: string;
  private readonly selects: (object: KubeObject) => boolean;
  private readonly view: View;
  private readonly bookmarks: boolean;
  /** ms */
  private readonly lasts: number;
  private readonly outbox: Outbox;
  private sentColumns = false;
  private stops: (() => void)[] = [];
  private isOpen = false;
  private isEnding = false;
  /** Set once nothing more is taken in. */
  private ended = false;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;

  /** Throws what a list with these selectors throws. */
  constructor(
    private readonly backend: ServedBackend,
    private readonly host: ServerHost,
    limits: ServerLimits,
    private readonly call: Call,
    private readonly target: Target,
    private readonly response: ServerResponse,
  ) {
    const { query } = call;
    const { resource, name } = target;
    this.closed = new Promise((resolve) => {
      response.on('close', resolve);
    });
    this.outbox = new Outbox(response, host, limits);
    checkListOptions(query, true);
    this.key = resourceKey(resource);
    const selects = backend.selects(resource, {
      labelSelector: query.get('labelSelector') ?? '',
      fieldSelector: query.get('fieldSelector') ?? '',
    });
    this.selects = name === undefined ? selects : (object) => object.metadata.name === name && selects(object);
    this.view = viewOf(call);
    this.bookmarks = call.flag('allowWatchBookmarks');
    this.lasts = (numberIn(query, 'timeoutSeconds') || TIMEOUT_S * (1 + (host.now() % 1000) / 1000)) * 1000;
  }

  /** Answers until the watch ends. Throws what a list throws while nothing was sent yet. */
  async run(): Promise<void> {
    const from = versionIn(this.call.query);
    const held: Change[] = [];
    let hold: Change[] | undefined = held;
    let anew = false;
    // Nothing that happens while the present state is read may be missed.
    const heard = (changes: readonly Change[] | 'restarted'): void => {
      if (changes === 'restarted') {
        anew = true;
        if (!hold) this.gone();
      } else if (hold) hold.push(...changes);
      else this.tell(changes);
    };
    this.stops.push(this.backend.onChanges(heard, () => this.outbox.isBehind));
    try {
      const start = await this.begin(from);
      hold = undefined;
      if (anew) return this.gone();
      this.tell(held.filter((change) => change.resourceVersion > start));
    } catch (error) {
      this.stop();
      throw error;
    }
    if (this.isEnding) this.end();
    else this.schedule();
  }

  /**
   * Ends the watch in an orderly way, once all that happened is sent: the client can go on from the last bookmark. One that
   * has not begun yet begins and ends.
   */
  end(): void {
    this.isEnding = true;
    if (this.ended || !this.isOpen) return;
    if (this.bookmarks) this.bookmark(this.backend.latestVersion);
    this.stop();
    this.outbox.end();
  }

  private open(): void {
    for (const warning of this.call.warningHeaders()) this.response.appendHeader('Warning', warning);
    this.response.writeHead(200, {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-cache, private',
      Connection: 'close',
    });
    this.response.flushHeaders();
    this.isOpen = true;
    this.call.begun(200);
    this.response.on('close', () => this.stop());
  }

  /**
   * Sends what there is, or what happened since a version (as the watch cache's getAllEventsSinceLocked chooses). Returns the
   * version up to which all is sent.
   */
  private async begin(from: number | undefined): Promise<number> {
    const wish = this.call.query.get('sendInitialEvents');
    if (wish !== null && this.call.flag('sendInitialEvents')) return this.present(from, true);
    if (from) return this.resume(from);
    return wish === null ? this.present(undefined, false) : this.resume(this.backend.latestVersion);
  }

  /** Sends what there is, at a version at least. Throws Timeout where that is not known yet. */
  private async present(atLeast: number | undefined, marksEnd: boolean): Promise<number> {
    const { resource, namespace } = this.target;
    const { items, version } = await this.backend.perform(async (cluster) => {
      const { items, resourceVersion } = await cluster.list(resource, namespace);
      return { items, version: Number(resourceVersion) };
    }, this.call.warn);
    if (atLeast && atLeast > version) throw tooLargeVersion(atLeast, version);
    this.open();
    this.outbox.add(this.added(items), 0);
    if (marksEnd && this.bookmarks) this.bookmark(version, { 'k8s.io/initial-events-end': 'true' });
    return version;
  }

  private *added(items: readonly KubeObject[]): Iterable<string> {
    for (const object of items) {
      if (!this.selects(object)) continue;
      yield this.line('ADDED', object);
      this.sentColumns = true;
    }
  }

  /**
   * Sends what happened since a version; that it is too old is an event as well (as the watch cache's newErrWatcher has it).
   * Returns the version up to which.
   */
  private resume(from: number): number {
    const { latestVersion, oldestVersion } = this.backend;
    const missed = from > latestVersion ? undefined : this.backend.changesAfter(from);
    this.open();
    if (missed) this.outbox.add(this.told(missed), 0);
    else this.fail(expired(`too old resource version: ${from} (${oldestVersion})`));
    return latestVersion;
  }

  private tell(changes: readonly Change[]): void {
    const mine = changes.filter(({ resource, object }) => this.concerns(resource, object));
    if (!this.ended && mine.length > 0) this.outbox.add(this.told(mine), mine.length);
  }

  private concerns(resource: Change['resource'], { metadata }: KubeObject): boolean {
    const { namespace } = this.target;
    return resourceKey(resource) === this.key && (namespace === undefined || metadata.namespace === namespace);
  }

  private *told(changes: readonly Change[]): Iterable<string> {
    for (const change of changes) {
      const line = this.concerns(change.resource, change.object) ? this.translated(change) : undefined;
      if (line !== undefined) yield line;
    }
  }

  /** A change as this client sees it: an object that begins to match is new, one that stops is gone. */
  private translated(change: Change): string | undefined {
    const { object, old } = change;
    const before = old !== undefined && this.selects(old);
    const after = change.type !== 'DELETED' && this.selects(object);
    if (after) return this.shared(change, before ? 'MODIFIED' : 'ADDED', object);
    if (change.type === 'DELETED' ? !before && !this.selects(object) : !before) return undefined;
    const last = change.type === 'DELETED' ? object : (old as KubeObject);
    return this.shared(change, 'DELETED', atVersion(last, change.resourceVersion));
  }

  private shared(change: Change, type: string, object: KubeObject): string {
    const { form, includeObject } = this.view;
    const variant = `${type} ${form} ${includeObject} ${gvOf(this.target.resource)} ${this.sentColumns}`;
    const known = lines.get(change) ?? new Map<string, string>();
    lines.set(change, known);
    const line = known.get(variant) ?? this.line(type, object);
    known.set(variant, line);
    this.sentColumns = true;
    return line;
  }

  private line(type: string, object: KubeObject): string {
    const { resource } = this.target;
    const encoded = encodeEvent(resource, shownIn(resource, object), this.view, this.backend.now, !this.sentColumns);
    return `${stringifyJson({ type, object: encoded })}\n`;
  }

  private bookmark(version: number, annotations?: Readonly<Record<string, string>>): void {
    const object = encodeBookmark(this.target.resource, version, this.view, annotations);
    this.outbox.add([`${JSON.stringify({ type: 'BOOKMARK', object })}\n`], 0);
  }

  /** Another cluster took the place of this one: what the client knows says nothing of it. */
  private gone(): void {
    this.fail(expired('the cluster was replaced by another: list it anew'));
  }

  private fail(error: ApiError): void {
    if (this.ended) return;
    this.outbox.add([`${JSON.stringify({ type: 'ERROR', object: statusOf(error) })}\n`], 0);
    this.stop();
    this.outbox.end();
  }

  private schedule(): void {
    if (this.ended) return;
    this.stops.push(this.host.after(this.lasts, () => this.end()));
    if (!this.bookmarks) return;
    const again = (): void => {
      this.bookmark(this.backend.latestVersion);
      this.stops.push(this.host.after(BOOKMARK_MS, again));
    };
    this.stops.push(this.host.after(BOOKMARK_MS, again));
  }

  private stop(): void {
    this.ended = true;
    for (const stop of this.stops) stop();
    this.stops = [];
  }
}

/** What is gone carries the version at which it went, so that a watch can go on from there. */
const atVersion = (object: KubeObject, version: number): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(version) },
});
