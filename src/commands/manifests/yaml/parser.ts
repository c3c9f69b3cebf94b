/** js-yaml's events to a tree of nodes, with a look at each scalar and name by the rules of YAML 1.1. */
import {
  COLLECTION_STYLE,
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
} from 'js-yaml';
import { checkedName, checkKeyBegins, checkNestedMap, checkScalar, fullTag } from './dialect';
import { decodeError } from './errors';
import { readEvents } from './events';
import type { MapNode, Node } from './nodes';

/** The first document of a text, undefined where there is none; what follows it is not looked at. @throws YamlError */
export function parseNodes(text: string, maxDepth: number): Node | undefined {
  const { source, events } = readEvents(text, maxDepth);
  return events.length === 0 ? undefined : new Builder(source, events).node();
}

/** Where an anchor or tag stands, which every node but an alias may have. */
type Properties = Pick<ScalarEvent, 'anchorStart' | 'anchorEnd' | 'tagStart' | 'tagEnd'>;

class Builder {
  private readonly anchors = new Map<string, Node>();
  /** Behind the first event, which opens the document. */
  private index = 1;
  /** Where the last scalar or alias ended. */
  private end = 0;

  constructor(
    private readonly source: string,
    private readonly events: readonly Event[],
  ) {}

  /** `around`: the closing bracket of the collection that it stands in, if that has brackets. */
  node(around: ']' | '}' | '' = ''): Node {
    const event = this.events[this.index++];
    switch (event.type) {
      case EVENT_ID.SEQUENCE: {
        const items: Node[] = [];
        const inner = event.style === COLLECTION_STYLE.FLOW ? ']' : '';
        // A node is known by its anchor before what it holds, so that a loop can be told from a name that is not there.
        const node = this.keep(event, { kind: 'list', items });
        while (!this.closes()) items.push(this.node(inner));
        return node;
      }
      case EVENT_ID.MAPPING:
        return this.map(event);
      case EVENT_ID.SCALAR:
        return this.scalar(event, around);
      case EVENT_ID.ALIAS:
        return this.alias(event.anchorStart, event.anchorEnd);
      default:
        throw new Error(`js-yaml: an event of type ${event.type} begins no node`);
    }
  }

  private map(event: MappingEvent): Node {
    const entries: MapNode['entries'][number][] = [];
    const block = event.style === COLLECTION_STYLE.BLOCK;
    const node = this.keep(event, { kind: 'map', entries });
    while (!this.closes()) {
      const first = this.events[this.index];
      if (block && entries.length > 0 && first.type === EVENT_ID.SCALAR) checkKeyBegins(this.source, first);
      const key = this.node(block ? '' : '}');
      const next = this.events[this.index];
      if (block && next.type === EVENT_ID.MAPPING && next.style === COLLECTION_STYLE.BLOCK)
        checkNestedMap(this.source, this.end, next.start);
      entries.push([key, this.node(block ? '' : '}')]);
    }
    return node;
  }

  /** Over the end of the innermost collection, if it is next. */
  private closes(): boolean {
    if (this.events[this.index].type !== EVENT_ID.POP) return false;
    this.index++;
    return true;
  }

  private scalar(event: ScalarEvent, around: ']' | '}' | ''): Node {
    checkScalar(this.source, event, around);
    this.end = Math.max(this.end, event.valueEnd);
    const tag = event.tagStart < 0 ? undefined : fullTag(this.source, event.tagStart, event.tagEnd);
    return this.keep(event, {
      kind: 'scalar',
      value: getScalarValue(this.source, event),
      plain: event.style === SCALAR_STYLE.PLAIN && tag === undefined,
      // A lone exclamation mark says that the text is text.
      tag: tag === undefined || tag === '!' ? '' : tag,
    });
  }

  private alias(start: number, end: number): Node {
    this.end = end;
    const name = checkedName(this.source, start, end);
    const target = this.anchors.get(name);
    if (!target) throw decodeError(`unknown anchor '${name}' referenced`);
    return { kind: 'alias', name, target };
  }

  private keep<T extends Node>({ anchorStart, anchorEnd }: Properties, node: T): T {
    if (anchorStart >= 0) this.anchors.set(checkedName(this.source, anchorStart, anchorEnd), node);
    return node;
  }
}
