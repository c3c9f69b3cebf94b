/**
 * One client's watch: changes as lines of JSON, from the version that the client names or from what there is, with
 * bookmarks, until the time that the client gave it is over.
 */

import type { ServerResponse } from 'node:http';
import type { ApiError } from '../api/status';
import type { Change, ServedBackend } from '../client/served';
import type { Call } from './call';
import { Outbox } from './outbox';
import { checkListOptions, numberIn, versionIn } from './parameters';
import type { ServerHost, ServerLimits } from './port';
import { expired, statusOf, tooLargeVersion } from './status';
import type { Target } from './target';
import { WatchLines } from './watch-lines';

const BOOKMARK_MS = 60_000;
/** How long a watch lasts that names no end, at least; up to twice as long (as --min-request-timeout). */
const TIMEOUT_S = 1800;

export class Watch {
  private readonly lines: WatchLines;
  private readonly bookmarks: boolean;
  /** ms */
  private readonly lasts: number;
  private readonly outbox: Outbox;
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
    this.closed = new Promise((resolve) => {
      response.on('close', resolve);
    });
    this.outbox = new Outbox(response, host, limits);
    checkListOptions(query, true);
    this.lines = new WatchLines(backend, call, target);
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
    this.outbox.add(this.lines.added(items), 0);
    if (marksEnd && this.bookmarks) this.bookmark(version, { 'k8s.io/initial-events-end': 'true' });
    return version;
  }

  /**
   * Sends what happened since a version; that it is too old is an event as well (as the watch cache's newErrWatcher has it).
   * Returns the version up to which.
   */
  private resume(from: number): number {
    const { latestVersion, oldestVersion } = this.backend;
    const missed = from > latestVersion ? undefined : this.backend.changesAfter(from);
    this.open();
    if (missed) this.outbox.add(this.lines.told(missed), 0);
    else this.fail(expired(`too old resource version: ${from} (${oldestVersion})`));
    return latestVersion;
  }

  private tell(changes: readonly Change[]): void {
    const mine = changes.filter(({ resource, object }) => this.lines.concerns(resource, object));
    if (!this.ended && mine.length > 0) this.outbox.add(this.lines.told(mine), mine.length);
  }

  private bookmark(version: number, annotations?: Readonly<Record<string, string>>): void {
    this.outbox.add([this.lines.bookmark(version, annotations)], 0);
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
