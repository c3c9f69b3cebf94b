/** The strategic merge patch that gives containers other images, in a pod or in whatever carries a pod template. */
import type { Container, KubeObject, PodSpec } from '../api/types';
import { CommandError } from './errors';

export interface ImageChange {
  readonly patch: { [key: string]: unknown };
  /** The object with the change done, for a dry run. */
  readonly object: KubeObject;
  readonly changed: boolean;
  /** Names for which there is no container. */
  readonly missing: readonly string[];
}

/** `images` by container name; `*` names all. @throws CommandError for an object without containers */
export function imagePatch(object: KubeObject, images: Readonly<Record<string, string>>, version = 'v1'): ImageChange {
  const path = podSpecPath(object);
  const spec = path.reduce<unknown>((value, key) => (isMap(value) ? value[key] : undefined), object) as
    | PodSpec
    | undefined;
  if (!spec || !Array.isArray(spec.containers))
    throw new CommandError(`the object is not a pod or does not have a pod template: *${version}.${object.kind}`);
  const missing: string[] = [];
  const patch: Record<string, { name: string; image: string }[]> = {};
  const next: Record<string, readonly Container[]> = {};
  for (const field of ['initContainers', 'containers'] as const) {
    const list = spec[field];
    if (!list) continue;
    const wanted = list.map((c) => ({ ...c, image: images[c.name] ?? images['*'] ?? c.image }));
    const changes = wanted.filter((c, i) => c.image !== list[i].image);
    if (changes.length > 0) patch[field] = changes.map((c) => ({ name: c.name, image: c.image ?? '' }));
    next[field] = wanted;
  }
  const names = new Set([...spec.containers, ...(spec.initContainers ?? [])].map((c) => c.name));
  for (const name of Object.keys(images)) if (name !== '*' && !names.has(name)) missing.push(name);
  return {
    patch: nest(path, patch),
    object: put(object, path, { ...spec, ...next }) as KubeObject,
    changed: Object.keys(patch).length > 0,
    missing,
  };
}

/** Where an object keeps its pod spec (as UpdatePodSpecForObject). */
export function podSpecPath(object: KubeObject): string[] {
  if (object.kind === 'Pod') return ['spec'];
  if (object.kind === 'CronJob') return ['spec', 'jobTemplate', 'spec', 'template', 'spec'];
  return ['spec', 'template', 'spec'];
}

const isMap = (value: unknown): value is { [key: string]: unknown } => typeof value === 'object' && value !== null;

const nest = (path: readonly string[], value: object): { [key: string]: unknown } =>
  path.reduceRight<{ [key: string]: unknown }>((inner, key) => ({ [key]: inner }), { ...value });

function put(object: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  const map = isMap(object) ? object : {};
  return { ...map, [key]: rest.length === 0 ? value : put(map[key], rest, value) };
}
