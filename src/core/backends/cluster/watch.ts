/**
 * Watches that go on through whatever ends a connection (as client-go's reflector): from the last version that was heard of,
 * which bookmarks keep fresh; where that is too old, from a new list and what must have happened meanwhile.
 */
import type { ResourceInfo } from '../../api/resources';
import { ApiError, failure, type Status } from '../../api/status';
import type { TableColumn } from '../../api/table';
import type { KubeObject } from '../../api/types';
import type { WatchEvent, WatchOptions } from '../../client/backend';
import { parseJson } from '../../meta/json';
import { type Client, isExpired } from './client';
import type { ClusterHost } from './host';
import type { Known } from './known';
import { listAll, versionNow } from './lists';
import { aboutOf, pathOf, query, selection } from './paths';
import { asStatus, Unreachable } from './refusals';
import { AS_TABLE, columnsIn, isTable, PLAIN_COLUMNS, plainRow, rowsIn, typed } from './tables';
import type { Reply } from './transport';

export interface Watching {
  readonly client: Client;
  readonly host: ClusterHost;
  readonly resource: ResourceInfo;
  readonly namespace: string | undefined;
  readonly options: WatchOptions;
  readonly known: Known;
}

/** How often in a row a server that can't be reached is asked again: for about two minutes. */
const TRIES = 10;
/** ms, doubled each time up to a limit */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 20_000;
/** A connection that ends sooner than this is no sign that all is well, ms. */
const STEADY_MS = 5_000;

/** Ends when `timeoutMs` is over, or the consumer leaves. @throws ApiError as the server refuses, Unreachable after many tries */
export async function* watchCluster(watching: Watching): AsyncIterable<WatchEvent> {
  const { host, options } = watching;
  const life = new Life(host, options.timeoutMs);
  let version = options.resourceVersion || (await versionNow(listingOf(watching)));
  let failures = 0;
  try {
    while (!life.isOver) {
      const begun = host.now();
      try {
        for await (const event of connection(watching, version, life)) {
          if ('bookmark' in event) version = event.bookmark;
          else {
            version = event.object.metadata.resourceVersion ?? version;
            if (watching.known.take(event)) yield event;
          }
          failures = 0;
        }
        if (life.isOver) return;
        if (host.now() - begun >= STEADY_MS) failures = 0;
      } catch (e) {
        if (life.isOver) return;
        if (isExpired(e)) {
          const list = await listAll(listingOf(watching));
          yield* watching.known.catchUp(list, version);
          version = list.resourceVersion;
          failures = 0;
          continue;
        }
        if (!mayPass(e) || failures >= TRIES) throw e;
      }
      failures += 1;
      // A server that ends each connection at once is not asked again at once.
      if (failures > 1) await life.sleep(Math.min(FIRST_WAIT * 2 ** (failures - 2), LONGEST_WAIT));
    }
  } finally {
    life.end();
  }
}

/** What may be better in a moment. */
const mayPass = (e: unknown): boolean =>
  e instanceof Unreachable || (e instanceof ApiError && (e.status.code === 429 || e.status.code >= 500));

const listingOf = ({ client, host, resource, namespace, options }: Watching) => ({
  client,
  resource,
  namespace,
  options,
  now: host.now(),
});

type Heard = WatchEvent | { readonly bookmark: string };

/** One connection, until the server ends it. */
async function* connection(watching: Watching, version: string, life: Life): AsyncIterable<Heard> {
  const { client, resource, namespace, options } = watching;
  const parameters = {
    ...selection(options),
    watch: true,
    allowWatchBookmarks: true,
    resourceVersion: version,
    includeObject: options.table ? 'Object' : undefined,
  };
  const reply = await client.send({
    method: 'GET',
    path: `${pathOf(resource, namespace)}${query(parameters)}`,
    about: aboutOf(resource),
    isStream: true,
    ...(options.table && { accept: AS_TABLE }),
  });
  life.ends(reply);
  let columns: readonly TableColumn[] | undefined;
  try {
    for await (const line of linesOf(reply)) {
      const { type, object } = parseJson(line) as { readonly type: string; readonly object: unknown };
      if (type === 'ERROR') throw new ApiError(asStatus(object) ?? unknownEnd());
      if (isTable(object) && object.columnDefinitions?.length) columns = columnsIn(object);
      const heard = readEvent(watching, type, object, columns);
      if (heard) yield heard;
    }
  } finally {
    reply.close();
  }
}

const unknownEnd = (): Status => failure('', 500, 'the watch ended with an unknown error');

function readEvent(
  { host, options, resource }: Watching,
  type: string,
  sent: unknown,
  columns: readonly TableColumn[] | undefined,
): Heard | undefined {
  if (isTable(sent)) {
    const [row] = rowsIn(sent, resource);
    if (type === 'BOOKMARK') return bookmark(row?.object.metadata?.resourceVersion ?? sent.metadata?.resourceVersion);
    return row && isChange(type) ? { type, object: row.object, row, ...(columns && { columns }) } : undefined;
  }
  const object: KubeObject = typed(sent, resource);
  if (type === 'BOOKMARK') return bookmark(object.metadata.resourceVersion);
  if (!isChange(type)) return undefined;
  return { type, object, ...(options.table && { row: plainRow(object, host.now()), columns: PLAIN_COLUMNS }) };
}

const bookmark = (version: string | undefined): Heard | undefined => (version ? { bookmark: version } : undefined);

const isChange = (type: string): type is WatchEvent['type'] =>
  type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED';

/** Whole lines of a stream, without their ends. A last one that broke off is not told. */
async function* linesOf(reply: Reply): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of reply.chunks()) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield line;
  }
  if (rest.trim() !== '') yield rest;
}

/** How long a watch may take; when that is over, the connection of the moment ends, or the wait for the next. */
class Life {
  isOver = false;
  private current: Reply | undefined;
  private wake: (() => void) | undefined;
  private readonly stop: (() => void) | undefined;

  constructor(
    private readonly host: ClusterHost,
    timeoutMs: number | undefined,
  ) {
    if (timeoutMs !== undefined) this.stop = host.after(Math.max(0, timeoutMs), () => this.over());
  }

  ends(reply: Reply): void {
    this.current = reply;
    if (this.isOver) reply.close();
  }

  async sleep(ms: number): Promise<void> {
    if (this.isOver) return;
    const over = new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    await Promise.race([this.host.sleep(ms), over]);
  }

  end(): void {
    this.stop?.();
  }

  private over(): void {
    this.isOver = true;
    this.current?.close();
    this.wake?.();
  }
}
