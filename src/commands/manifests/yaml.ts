/** One YAML document to plain JSON, as kubectl converts it (sigs.k8s.io/yaml), and its complaints about what it cannot. */
import {
  binaryTag,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  FAILSAFE_SCHEMA,
  loadAll,
  mergeTag,
  NOT_RESOLVED,
  type Schema,
  YAMLException,
} from 'js-yaml';
import { CommandError } from '../../core/client/errors';
import { MAX_DEPTH, MergeKey, toPlain } from './plain';
import { classify } from './scalars';

/** A document that is no YAML, or whose content has no JSON form. The message begins behind `error parsing FILE: `. */
export class YamlError extends CommandError {}

/** The document as JSON; undefined for one without content. @throws YamlError */
export function parseYaml(text: string): unknown {
  try {
    schema ??= makeSchema();
    const documents = loadAll(text, { schema, json: true, maxDepth: MAX_DEPTH });
    return documents.length === 0 ? undefined : toPlain(documents[0]);
  } catch (e) {
    if (e instanceof YAMLException) throw new YamlError(`error converting YAML to JSON: yaml: ${words(e)}`);
    if (e instanceof RangeError) throw new YamlError('error converting YAML to JSON: yaml: exceeded max depth');
    throw e;
  }
}

let schema: Schema | undefined;

function makeSchema(): Schema {
  const identify = (): boolean => false;
  const scalar = (name: string, kinds: readonly string[], implicit: boolean) =>
    defineScalarTag<unknown>(`tag:yaml.org,2002:${name}`, {
      implicit,
      identify,
      resolve: (source) => {
        const found = classify(source);
        if (!kinds.includes(found.kind)) return NOT_RESOLVED;
        if (!('value' in found)) return found.kind === 'null' ? null : source;
        return name === 'float' ? Number(found.value) : found.value;
      },
    });
  return FAILSAFE_SCHEMA.withTags(
    scalar('null', ['null'], true),
    scalar('bool', ['bool'], true),
    scalar('int', ['int'], true),
    scalar('float', ['int', 'float'], true),
    scalar('timestamp', ['null', 'bool', 'int', 'float', 'str'], false),
    defineScalarTag<unknown>('tag:yaml.org,2002:binary', {
      identify,
      resolve: (source, isExplicit, tagName) => {
        const bytes = binaryTag.resolve(source, isExplicit, tagName);
        return bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : NOT_RESOLVED;
      },
    }),
    // Ahead of js-yaml's own, which lets the keys that were there before win; its is left for an explicit `!!merge`.
    defineScalarTag<unknown>('tag:yaml.org,2002:merge-in-place', {
      implicit: true,
      identify,
      resolve: (source) => (source === '<<' ? new MergeKey() : NOT_RESOLVED),
    }),
    mergeTag,
    defineMappingTag<Map<unknown, unknown>>('tag:yaml.org,2002:map', mapping()),
    // Tags of the user's own say nothing to kubectl: the value counts as if it had none.
    defineScalarTag<unknown>('!', { matchByTagPrefix: true, identify, resolve: (source) => source }),
    defineSequenceTag<unknown[]>('!', {
      matchByTagPrefix: true,
      identify,
      create: () => [],
      addItem: (items, item) => {
        items.push(item);
      },
    }),
    defineMappingTag<Map<unknown, unknown>>('!', { ...mapping(), matchByTagPrefix: true }),
    defineMappingTag<Map<unknown, unknown>>('tag:yaml.org,2002:set', mapping()),
  );
}

const mapping = () => ({
  identify: (): boolean => false,
  create: (): Map<unknown, unknown> => new Map(),
  addPair: (map: Map<unknown, unknown>, key: unknown, value: unknown): string => {
    // A repeated key moves to the end, so that it also comes behind a merge that stood between.
    map.delete(key);
    map.set(key, value);
    return '';
  },
  has: (map: Map<unknown, unknown>, key: unknown): boolean => map.has(key),
  keys: (map: Map<unknown, unknown>): Iterable<unknown> => map.keys(),
  get: (map: Map<unknown, unknown>, key: unknown): unknown => map.get(key),
});

/** libyaml's words where there are some, js-yaml's otherwise; the line as go-yaml counts it (none for the first). */
function words(e: YAMLException): string {
  const line = e.mark && e.mark.line > 0 ? `line ${e.mark.line + 1}: ` : '';
  if (/non-printable|control character|null byte/i.test(e.reason)) return 'control characters are not allowed';
  const anchor = /unidentified alias "(.*)"/.exec(e.reason);
  if (anchor) return `unknown anchor '${anchor[1]}' referenced`;
  if (/tab characters?/i.test(e.reason)) return `${line}found a tab character that violates indentation`;
  return line + e.reason;
}
