/** Changing containers of a pod, or of whatever carries a pod template: what `set env` and `set resources` share. */
import { patchSchemaFor } from '../api/patch-schema';
import type { Container, KubeObject, Manifest, PodSpec } from '../api/types';
import { createTwoWayStrategic } from '../meta/patch/strategic';
import { matchesWildcard } from '../meta/wildcard';
import type { Info } from './builder';
import { CommandError } from './errors';
import { podSpecPath } from './set-image';

export interface ContainersChange {
  /** The containers that were chosen, as they were: the ordinary ones first, then the init containers. */
  readonly chosen: readonly Container[];
  /** The object with the change done. */
  readonly object: KubeObject | Manifest;
  /** The strategic merge patch that does it; {} when nothing changes. */
  readonly patch: { [key: string]: unknown };
}

/**
 * Gives every container whose name matches `pattern` (`*` stands for any letters) to `edit`.
 * @throws CommandError for an object without containers
 */
export function changeContainers(
  info: Info,
  pattern: string,
  edit: (container: Container) => Container,
): ContainersChange {
  const before = info.object as KubeObject;
  const path = podSpecPath(before);
  const spec = path.reduce<unknown>((value, key) => (isMap(value) ? value[key] : undefined), before);
  if (!isMap(spec) || !Array.isArray(spec.containers))
    throw new CommandError(
      `the object is not a pod or does not have a pod template: *${info.resource.version}.${info.resource.kind}`,
    );
  const { containers, initContainers = [] } = spec as unknown as PodSpec;
  const matches = nameMatcher(pattern);
  const chosen = [...containers, ...initContainers].filter((c) => matches(c.name));
  const changed = (list: readonly Container[]) => list.map((c) => (matches(c.name) ? edit(c) : c));
  const next = {
    ...spec,
    containers: changed(containers),
    ...(initContainers.length > 0 && { initContainers: changed(initContainers) }),
  };
  const object = put(before, path, next) as KubeObject;
  return { chosen, object, patch: createTwoWayStrategic({ ...before }, { ...object }, patchSchemaFor(info.resource)) };
}

/** As selectString: every `*` stands for any letters, the rest for itself. */
const nameMatcher =
  (pattern: string) =>
  (name: string): boolean =>
    matchesWildcard(pattern, name);

const isMap = (value: unknown): value is { [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function put(object: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  const map = isMap(object) ? object : {};
  return { ...map, [key]: rest.length === 0 ? value : put(map[key], rest, value) };
}

/** The object with another pod spec; undefined for an object that has none. */
export function changePodSpec(object: KubeObject, edit: (spec: object) => object): KubeObject | undefined {
  const path = podSpecPath(object);
  const spec = path.reduce<unknown>((value, key) => (isMap(value) ? value[key] : undefined), object);
  if (!isMap(spec) || !Array.isArray(spec.containers)) return undefined;
  return put(object, path, edit(spec)) as KubeObject;
}
