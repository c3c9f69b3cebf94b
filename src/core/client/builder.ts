/**
 * Turns what the user named (types, names, selectors, files) into targets, and targets into objects, with kubectl's
 * complaints about combinations that make no sense (as cli-runtime's resource.Builder).
 */
import {
  findAmong,
  findResources,
  inVersion,
  isServed,
  type ResourceInfo,
  resourceForKind,
  resourceKey,
  splitApiVersion,
} from '../api/resources';
import type { KubeObject, Manifest } from '../api/types';
import { matches, parseSelector } from '../meta/labels';
import { normalizeArgs, splitTuple, splitTypes } from './arguments';
import type { Backend } from './backend';
import { CommandError, isExpected, PlainError } from './errors';

/** One thing that a command works on. */
export interface Info {
  readonly resource: ResourceInfo;
  /** Undefined for cluster-scoped kinds. */
  readonly namespace: string | undefined;
  readonly name: string;
  /** The file it came from; absent for objects of the cluster. */
  readonly source?: string;
  /** As read from the cluster, or as the file has it. */
  readonly object?: KubeObject | Manifest;
}

export type Target =
  | { readonly kind: 'named'; readonly info: Info }
  | {
      readonly kind: 'list';
      readonly resource: ResourceInfo;
      readonly namespace: string | undefined;
      readonly labelSelector?: string;
      readonly fieldSelector?: string;
    }
  | { readonly kind: 'error'; readonly error: Error };

/** A file's object or its error, as the manifest reader hands it over. */
export type FileObject =
  /** `listed`: one of a list's items. */
  | { readonly source: string; readonly manifest: Manifest; readonly listed?: boolean }
  | { readonly source: string; readonly error: Error };

export interface Plan {
  readonly targets: readonly Target[];
  /** Exactly one object was meant: structured output prints it bare, not in a List. */
  readonly singleItem: boolean;
}

export interface BuildOptions {
  readonly backend: Backend;
  readonly namespace: string;
  readonly explicitNamespace?: boolean;
  readonly allNamespaces?: boolean;
  readonly args?: readonly string[];
  readonly files?: { readonly items: readonly FileObject[]; readonly single: boolean };
  readonly selector?: string;
  readonly fieldSelector?: string;
  readonly all?: boolean;
  /** A type without a name means everything of that type. */
  readonly allowEmptySelector?: boolean;
  /** Nothing is asked of the cluster: files keep the namespace that they say, if any. */
  readonly local?: boolean;
  /** Only objects with a name can have a subresource. */
  readonly subresource?: string;
}

const MISSING_RESOURCE =
  'You must provide one or more resources by argument or filename.\n' +
  'Example resource specifications include:\n' +
  "   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'";

const MIXED_FORMS =
  'there is no need to specify a resource type as a separate argument when passing arguments in resource/name form ' +
  "(e.g. 'stsctl get resource/<resource_name>' instead of 'stsctl get resource resource/<resource_name>'";

/** Finds the targets without looking at any object. @throws CommandError */
export async function plan(options: BuildOptions): Promise<Plan> {
  let selector = options.selector?.trim() || undefined;
  const fieldSelector = options.fieldSelector?.trim() || undefined;
  if (options.all && (selector !== undefined || fieldSelector !== undefined))
    throw new CommandError("setting 'all' parameter but found a non empty selector. ");
  const words = normalizeArgs(options.args ?? []);
  const tuples: { type: string; name: string }[] = [];
  let types: string[] = [];
  let names: readonly string[] = [];
  const slashes = words.filter((w) => w.includes('/')).length;
  if (slashes > 0) {
    if (slashes !== words.length) throw new CommandError(MIXED_FORMS);
    tuples.push(...words.map(splitTuple));
  } else if (words.length > 0) {
    types = await expandCategories(options.backend, splitTypes(words[0]));
    names = words.slice(1);
    if (words.length === 1 && selector === undefined && options.allowEmptySelector) selector = '';
  }
  if (options.all) selector = '';

  if (options.files) {
    if (types.length > 0 || tuples.length > 0)
      throw new CommandError(
        'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well',
      );
    return planFiles(options, selector);
  }
  if (selector !== undefined || fieldSelector !== undefined) {
    if (names.length > 0) throw new CommandError('name cannot be provided when a selector is specified');
    if (tuples.length > 0)
      throw new CommandError('selectors and the all flag cannot be used when passing resource/name arguments');
    if (types.length === 0) throw new CommandError('at least one resource must be specified to use a selector');
    if (options.subresource) throw new CommandError('subresource cannot be used when bulk resources are specified');
    const resources = await mapAll(options.backend, types);
    return {
      singleItem: false,
      targets: resources.map((resource) => ({
        kind: 'list',
        resource,
        namespace: resource.namespaced && !options.allNamespaces ? options.namespace : undefined,
        ...(selector && { labelSelector: selector }),
        ...(fieldSelector && { fieldSelector }),
      })),
    };
  }
  if (tuples.length > 0) {
    const resources = await mapAll(
      options.backend,
      tuples.map((t) => t.type),
    );
    return named(
      options,
      tuples.map((t, i) => ({ resource: resources[i], name: t.name })),
    );
  }
  if (names.length > 0) {
    const resources = await mapAll(options.backend, types);
    if (resources.length > 1) throw new CommandError('you must specify only one resource');
    return named(
      options,
      names.map((name) => ({ resource: resources[0], name })),
    );
  }
  if (types.length > 0) {
    await mapAll(options.backend, types);
    throw new CommandError('resource(s) were provided, but no name was specified');
  }
  throw new CommandError(MISSING_RESOURCE);
}

function named(options: BuildOptions, items: readonly { resource: ResourceInfo; name: string }[]): Plan {
  const targets = items.map(({ resource, name }): Target => {
    if (resource.namespaced && options.allNamespaces)
      throw new CommandError('a resource cannot be retrieved by name across all namespaces');
    return { kind: 'named', info: { resource, name, namespace: resource.namespaced ? options.namespace : undefined } };
  });
  return { targets, singleItem: targets.length === 1 };
}

async function planFiles(options: BuildOptions, selector: string | undefined): Promise<Plan> {
  const targets: Target[] = [];
  const requirements = selector ? parseLabels(selector) : undefined;
  for (const item of options.files?.items ?? []) {
    if ('error' in item) {
      targets.push({ kind: 'error', error: item.error });
      continue;
    }
    try {
      const info = await fileInfo(options, item.source, item.manifest, item.listed === true);
      if (requirements && !matches(requirements, info.object?.metadata.labels)) continue;
      targets.push({ kind: 'named', info });
    } catch (e) {
      if (!isExpected(e)) throw e;
      targets.push({ kind: 'error', error: e });
    }
  }
  return { targets, singleItem: (options.files?.single ?? false) && targets.length === 1 };
}

/** Finds the kind of a file's object and fills in its namespace (as SetNamespace and RequireNamespace). */
async function fileInfo(options: BuildOptions, source: string, manifest: Manifest, listed: boolean): Promise<Info> {
  const resource = await resourceOf(options.backend, manifest);
  const { name = '', namespace = '' } = manifest.metadata;
  if (!resource) {
    const why = `no matches for kind ${JSON.stringify(manifest.kind)} in version ${JSON.stringify(manifest.apiVersion)}`;
    // A list's items are looked at where nobody knows the file any more.
    if (listed) throw new PlainError(`unable to recognize ${why}`);
    throw new CommandError(
      `resource mapping not found for name: ${JSON.stringify(name)} namespace: ${JSON.stringify(namespace)} from ` +
        `${JSON.stringify(source)}: ${why}\nensure CRDs are installed first`,
    );
  }
  if (!resource.namespaced) return { resource, namespace: undefined, name, source, object: manifest };
  if (namespace && options.explicitNamespace && namespace !== options.namespace)
    throw new CommandError(
      `the namespace from the provided object ${JSON.stringify(namespace)} does not match the namespace ` +
        `${JSON.stringify(options.namespace)}. You must pass '--namespace=${namespace}' to perform this operation.`,
    );
  if (options.local) return { resource, namespace: namespace || undefined, name, source, object: manifest };
  const target = namespace || options.namespace;
  return {
    resource,
    namespace: target,
    name,
    source,
    object: namespace ? manifest : { ...manifest, metadata: { ...manifest.metadata, namespace: target } },
  };
}

/**
 * The kind a manifest is of; custom resources included. A kind in small letters is found as well, as kubectl finds it: whether
 * it will do is the server's business.
 */
export async function resourceOf(backend: Backend, manifest: Manifest): Promise<ResourceInfo | undefined> {
  const builtIn = backend.remote ? undefined : resourceForKind(manifest.apiVersion, manifest.kind);
  if (builtIn) return builtIn;
  const [group, version] = splitApiVersion(manifest.apiVersion);
  const served = (await backend.resources()).filter((r) => r.group === group && isServed(r, version));
  const found =
    served.find((r) => r.kind === manifest.kind) ?? served.find((r) => r.kind.toLowerCase() === manifest.kind);
  return found && inVersion(found, version);
}

/** `statefulsets/web`: how warnings name an object (as Info.ObjectName). */
export const objectName = (info: Info): string => `${info.resource.plural}/${info.name}`;

/** The kind that a word names, if any: of a real cluster, only what it serves. */
export async function findResource(backend: Backend, word: string): Promise<ResourceInfo | undefined> {
  if (backend.remote) return findAmong(word, await backend.resources());
  return findResources(word) ?? findResources(word, await backend.resources());
}

/** The kind that a word names. @throws CommandError in kubectl's words */
export async function mapResource(backend: Backend, word: string): Promise<ResourceInfo> {
  const found = await findResource(backend, word);
  if (found) return found;
  throw new CommandError(`the server doesn't have a resource type ${JSON.stringify(word.split('.')[0])}`);
}

async function mapAll(backend: Backend, types: readonly string[]): Promise<ResourceInfo[]> {
  const resources: ResourceInfo[] = [];
  for (const type of types) resources.push(await mapResource(backend, type));
  return resources;
}

/** Replaces categories, such as `all`, by the kinds in them (as SmartCategoryExpander). */
async function expandCategories(backend: Backend, types: readonly string[]): Promise<string[]> {
  const expanded: string[] = [];
  for (const type of types) {
    const kinds = (await isKind(backend, type))
      ? []
      : (await backend.resources()).filter((r) => r.categories.includes(type));
    expanded.push(...(kinds.length > 0 ? kinds.map(resourceKey) : [type]));
  }
  return [...new Set(expanded)];
}

const isKind = async (backend: Backend, type: string): Promise<boolean> =>
  (backend.remote ? await findResource(backend, type) : findResources(type)) !== undefined;

function parseLabels(selector: string) {
  try {
    return parseSelector(selector);
  } catch (e) {
    throw e instanceof Error ? new CommandError(e.message) : e;
  }
}
