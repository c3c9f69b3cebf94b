/**
 * One client's watch: changes as lines of JSON, from the version that the client names or from what there is, with
 * bookmarks, until the time that the client gave it is over. A client that does not read is dropped.
 */

import type { ServerResponse } from 'node:http';
import { gvOf, resourceKey, shownIn } from '../api/resources';
import type { KubeObject } from '../api/types';
import type { Change, ServedBackend } from '../client/served';
import { stringifyJson } from '../meta/json';
import type { Call } from './call';
import { encodeEvent, type View } from './encode';
import { checkListOptions, numberIn, versionIn, viewOf } from './parameters';
import type { ServerHost, ServerLimits } from './port';
import { expired, statusOf } from './status';
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
  private sentColumns = false;
  private stops: (() => void)[] = [];
  private ended = false;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;

  /** Throws what a list with these selectors throws. */
  constructor(
    private readonly backend: ServedBackend,
    private readonly host: ServerHost,
    private readonly limits: ServerLimits,
    private readonly call: Call,
    private readonly target: Target,
    private readonly response: ServerResponse,
  ) {
    const { query } = call;
    const { resource, name } = target;
    this.closed = new Promise((resolve) => {
      response.on('close', resolve);
    });
    checkListOptions(query, true);
    this.key = resourceKey(resource);
    const selects = backend.selects(resource, {
      labelSelector: query.get('labelSelector') ?? '',
      fieldSelector: query.get('fieldSelector') ?? '',
    });
    this.selects = name === undefined ? selects : (object) => object.metadata.name === name && selects(object);
    this.view = viewOf(call);
    this.bookmarks = call.flag('allowWatchBookmarks');
  }

  /** Answers until the watch ends. Throws Expired while nothing was sent yet. */
  async run(): Promise<void> {
    const from = versionIn(this.call.query);
    const held: Change[] = [];
    let hold: Change[] | undefined = held;
    let anew = false;
    // Nothing that happens while the present state is read may be missed.
    this.stops.push(
      this.backend.onChanges((changes) => {
        if (changes === 'restarted') {
          anew = true;
          if (!hold) this.gone();
        } else if (hold) hold.push(...changes);
        else this.tell(changes);
      }),
    );
    const initial = !from || this.call.flag('sendInitialEvents');
    try {
      const start = initial ? await this.begin() : this.resume(from);
      hold = undefined;
      if (anew) return this.gone();
      this.tell(held.filter((change) => change.resourceVersion > start));
    } catch (error) {
      this.stop();
      throw error;
    }
    this.schedule();
  }

  /** Ends the watch in an orderly way: the client can go on from the last bookmark. */
  end(): void {
    if (this.ended) return;
    if (this.bookmarks) this.bookmark(this.backend.latestVersion);
    this.stop();
    this.response.end();
  }

  private open(): void {
    for (const warning of this.call.warningHeaders()) this.response.appendHeader('Warning', warning);
    this.response.writeHead(200, {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-cache, private',
      Connection: 'close',
    });
    this.response.flushHeaders();
    this.call.begun(200);
    this.response.on('close', () => this.stop());
  }

  /** Sends what there is. Returns its version. */
  private async begin(): Promise<number> {
    const { resource, namespace } = this.target;
    const { items, version } = await this.backend.perform(async (cluster) => {
      const { items, resourceVersion } = await cluster.list(resource, namespace);
      return { items, version: Number(resourceVersion) };
    }, this.call.warn);
    this.open();
    for (const object of items) if (this.selects(object)) this.send('ADDED', object);
    if (this.call.flag('sendInitialEvents') && this.bookmarks)
      this.bookmark(version, { annotations: { 'k8s.io/initial-events-end': 'true' } });
    return version;
  }

  /** Sends what happened since a version. Returns the version up to which. */
  private resume(from: number): number {
    const { latestVersion, oldestVersion } = this.backend;
    const missed = from > latestVersion ? undefined : this.backend.changesAfter(from);
    if (!missed) throw expired(`too old resource version: ${from} (${oldestVersion})`);
    this.open();
    this.tell(missed);
    return latestVersion;
  }

  private tell(changes: readonly Change[]): void {
    for (const change of changes) {
      if (this.ended) return;
      if (resourceKey(change.resource) !== this.key) continue;
      const { namespace } = this.target;
      if (namespace !== undefined && change.object.metadata.namespace !== namespace) continue;
      this.translate(change);
    }
  }

  /** A change as this client sees it: an object that begins to match is new, one that stops is gone. */
  private translate(change: Change): void {
    const { object, old } = change;
    const before = old !== undefined && this.selects(old);
    const after = change.type !== 'DELETED' && this.selects(object);
    if (after) this.pass(change, before ? 'MODIFIED' : 'ADDED', object);
    else if (change.type === 'DELETED' ? before || this.selects(object) : before) {
      const last = change.type === 'DELETED' ? object : (old as KubeObject);
      this.pass(change, 'DELETED', atVersion(last, change.resourceVersion));
    }
  }

  private pass(change: Change, type: string, object: KubeObject): void {
    const { form, includeObject } = this.view;
    const variant = `${type} ${form} ${includeObject} ${gvOf(this.target.resource)} ${this.sentColumns}`;
    const known = lines.get(change) ?? new Map<string, string>();
    lines.set(change, known);
    const line = known.get(variant) ?? this.line(type, object);
    known.set(variant, line);
    this.sentColumns = true;
    this.write(line);
  }

  private send(type: string, object: KubeObject): void {
    this.write(this.line(type, object));
    this.sentColumns = true;
  }

  private line(type: string, object: KubeObject): string {
    const { resource } = this.target;
    const encoded = encodeEvent(resource, shownIn(resource, object), this.view, this.backend.now, !this.sentColumns);
    return `${stringifyJson({ type, object: encoded })}\n`;
  }

  private bookmark(version: number, metadata: object = {}): void {
    const { resource } = this.target;
    const meta = { resourceVersion: String(version), creationTimestamp: null, ...metadata };
    const plain = { kind: resource.kind, apiVersion: gvOf(resource), metadata: meta };
    const partial = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: meta };
    const table = {
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: String(version) },
      columnDefinitions: null,
      rows: [{ cells: [], object: partial }],
    };
    const object = this.view.form === 'table' ? table : this.view.form === 'partial' ? partial : plain;
    this.write(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
  }

  /** Another cluster took the place of this one: what the client knows says nothing of it. */
  private gone(): void {
    if (this.ended) return;
    const { status } = expired('the cluster was replaced by another: list it anew');
    this.write(`${JSON.stringify({ type: 'ERROR', object: statusOf(expired(status.message)) })}\n`);
    this.stop();
    this.response.end();
  }

  private write(line: string): void {
    if (this.ended || this.response.destroyed) return;
    this.response.write(line);
    if (this.response.writableLength <= this.limits.unreadBytes) return;
    this.stop();
    this.response.destroy();
  }

  private schedule(): void {
    if (this.ended) return;
    const seconds = numberIn(this.call.query, 'timeoutSeconds') || TIMEOUT_S * (1 + (this.host.now() % 1000) / 1000);
    this.stops.push(this.host.after(seconds * 1000, () => this.end()));
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
