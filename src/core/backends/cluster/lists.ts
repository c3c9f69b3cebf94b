/** Lists in pages, put together to one (as client-go's pager): a list that took too long for its version is read anew, whole. */
import type { ResourceInfo } from '../../api/resources';
import type { TableColumn, TableRow } from '../../api/table';
import type { KubeObject } from '../../api/types';
import type { ListResult, WatchOptions } from '../../client/backend';
import { type Client, isExpired } from './client';
import { aboutOf, pathOf, query, selection } from './paths';
import { AS_TABLE, columnsIn, isTable, plainTable, rowsIn, typed } from './tables';

/** Objects a page, as kubectl asks. */
const PAGE = 500;

interface Page {
  readonly items: readonly KubeObject[];
  readonly table?: { readonly columns: readonly TableColumn[]; readonly rows: readonly TableRow[] };
  readonly resourceVersion: string;
  readonly next: string;
}

export interface Listing {
  readonly client: Client;
  readonly resource: ResourceInfo;
  readonly namespace: string | undefined;
  /** As of the list, or of the watch that it is for. */
  readonly options: WatchOptions;
  /** ms since 1970: for the ages in tables that the server leaves to us. */
  readonly now: number;
}

export async function listAll(listing: Listing): Promise<ListResult> {
  const pages: Page[] = [];
  let next = '';
  do {
    try {
      const page = await readPage(listing, PAGE, next);
      pages.push(page);
      next = page.next;
    } catch (e) {
      if (next === '' || !isExpired(e)) throw e;
      pages.length = 0;
      pages.push(await readPage(listing, 0, ''));
      next = '';
    }
  } while (next !== '');
  const [first] = pages;
  const items = pages.flatMap((page) => page.items);
  return {
    items,
    resourceVersion: first?.resourceVersion ?? '',
    ...(listing.options.table && {
      table: {
        columns: first?.table?.columns ?? [],
        rows: pages.flatMap((page) => page.table?.rows ?? []),
      },
    }),
  };
}

/** The version of now, and no more of the objects than can't be helped. */
export async function versionNow(listing: Listing): Promise<string> {
  return (await readPage(listing, 1, '')).resourceVersion;
}

async function readPage(listing: Listing, limit: number, next: string): Promise<Page> {
  const { client, resource, namespace, options, now } = listing;
  const wantsTable = options.table === true;
  const parameters = {
    ...selection(options),
    limit: limit || undefined,
    continue: next,
    includeObject: wantsTable ? 'Object' : undefined,
  };
  const answer = await client.json({
    method: 'GET',
    path: `${pathOf(resource, namespace)}${query(parameters)}`,
    about: aboutOf(resource),
    ...(wantsTable && { accept: AS_TABLE }),
  });
  if (isTable(answer)) {
    const rows = rowsIn(answer, resource);
    const { resourceVersion = '', continue: more = '' } = answer.metadata ?? {};
    return {
      items: rows.map(({ object }) => object),
      table: { columns: columnsIn(answer), rows },
      resourceVersion,
      next: more,
    };
  }
  const { items: sent, metadata } = answer as {
    items?: readonly unknown[] | null;
    metadata?: { resourceVersion?: string; continue?: string };
  };
  const items = (sent ?? []).map((item) => typed(item, resource));
  return {
    items,
    ...(wantsTable && { table: plainTable(items, now) }),
    resourceVersion: metadata?.resourceVersion ?? '',
    next: metadata?.continue ?? '',
  };
}
