/** The lines of one client's watch: each change as this client sees it, in the form that it wants, made when they are asked for. */
import { shownIn, storedAs } from '../api/other-versions';
import { gvOf, resourceKey } from '../api/resources';
import type { KubeObject } from '../api/types';
import type { Change, ServedBackend } from '../client/served';
import { stringifyJson } from '../meta/json';
import type { Call } from './call';
import { encodeBookmark, encodeEvent, type View } from './encode';
import { viewOf } from './parameters';
import type { Target } from './target';

/** Lines that were made for one watch serve the others. */
const lines = new WeakMap<Change, Map<string, string>>();

export class WatchLines {
  private readonly key: string;
  private readonly selects: (object: KubeObject) => boolean;
  private readonly view: View;
  private sentColumns = false;

  /** Throws BadRequest for selectors that a list refuses. */
  constructor(
    private readonly backend: ServedBackend,
    call: Call,
    private readonly target: Target,
  ) {
    const { query } = call;
    const { resource, name } = target;
    this.key = resourceKey(storedAs(resource));
    const selects = backend.selects(resource, {
      labelSelector: query.get('labelSelector') ?? '',
      fieldSelector: query.get('fieldSelector') ?? '',
    });
    this.selects = name === undefined ? selects : (object) => object.metadata.name === name && selects(object);
    this.view = viewOf(call);
  }

  /** What there is. */
  *added(items: readonly KubeObject[]): Iterable<string> {
    for (const object of items) {
      if (!this.selects(object)) continue;
      yield this.line('ADDED', object);
      this.sentColumns = true;
    }
  }

  /** Whether a change is one of the objects that are watched, whatever the selectors say. */
  concerns(resource: Change['resource'], { metadata }: KubeObject): boolean {
    const { namespace } = this.target;
    return resourceKey(resource) === this.key && (namespace === undefined || metadata.namespace === namespace);
  }

  *told(changes: readonly Change[]): Iterable<string> {
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

  bookmark(version: number, annotations?: Readonly<Record<string, string>>): string {
    const object = encodeBookmark(this.target.resource, version, this.view, annotations);
    return `${JSON.stringify({ type: 'BOOKMARK', object })}\n`;
  }
}

/** What is gone carries the version at which it went, so that a watch can go on from there. */
const atVersion = (object: KubeObject, version: number): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(version) },
});
