/** A pod's volumes as a container mounts them (as the kubelet's volume plugins fill them). */
import { containerResource, podField } from '../api/downward';
import type { ConfigMap, Container, PersistentVolumeClaim, Pod, Secret, Volume, VolumeMount } from '../api/types';
import type { ContainerMount, MountSource, ProvidedFile } from '../apiserver/container-runtime';
import { allocatableOf, fromBase64, type Sources } from './environment';
import { expand } from './expansion';

/** Why a volume can't be mounted: the FailedMount event's message. */
export class MountError extends Error {
  override readonly name = 'MountError';
  constructor(volume: string, reason: string) {
    super(`MountVolume.SetUp failed for volume "${volume}" : ${reason}`);
  }
}

const DEFAULT_MODE = 0o644;

interface Item {
  readonly key: string;
  readonly path: string;
  readonly mode?: number;
}

interface Provided {
  readonly name?: string;
  readonly secretName?: string;
  readonly items?: readonly (Item & DownwardItem)[];
  readonly optional?: boolean;
  readonly defaultMode?: number;
}

interface DownwardItem {
  readonly path: string;
  readonly mode?: number;
  readonly fieldRef?: { readonly fieldPath: string };
  readonly resourceFieldRef?: { readonly containerName?: string; readonly resource: string; readonly divisor?: string };
}

/** Reports a MountError for what is missing. */
export function mountsOf(
  from: Sources,
  pod: Pod,
  container: Container,
  env: Readonly<Record<string, string>>,
): readonly ContainerMount[] {
  const volumes = new Map((pod.spec.volumes ?? []).map((volume) => [volume.name, volume]));
  return (container.volumeMounts ?? []).map((mount) => {
    const volume = volumes.get(mount.name);
    const source = volume ? sourceOf(from, pod, volume) : ephemeral(mount.name);
    const subPath = subPathOf(mount, env);
    return {
      path: mount.mountPath.startsWith('/') ? mount.mountPath.replace(/(.)\/+$/, '$1') : `/${mount.mountPath}`,
      source,
      ...(subPath !== undefined && { subPath }),
      readOnly:
        mount.readOnly === true || source.kind === 'provided' || volume?.persistentVolumeClaim?.readOnly === true,
    };
  });
}

function subPathOf(mount: VolumeMount, env: Readonly<Record<string, string>>): string | undefined {
  const { subPath, subPathExpr } = mount as { readonly subPath?: string; readonly subPathExpr?: string };
  if (subPathExpr) return expand(subPathExpr, (name) => env[name]);
  return subPath || undefined;
}

const ephemeral = (volume: string): MountSource => ({ kind: 'ephemeral', volume });
const provided = (files: readonly ProvidedFile[]): MountSource => ({ kind: 'provided', files });

function sourceOf(from: Sources, pod: Pod, volume: Volume): MountSource {
  const { persistentVolumeClaim, configMap, secret, downwardAPI, projected } = volume;
  if (persistentVolumeClaim) return claimed(from, pod, volume.name, persistentVolumeClaim.claimName);
  if (volume.ephemeral) return claimed(from, pod, volume.name, `${pod.metadata.name}-${volume.name}`);
  if (configMap) return provided(ofConfigMap(from, pod, volume.name, configMap as Provided));
  if (secret) return provided(ofSecret(from, pod, volume.name, secret as Provided));
  if (downwardAPI) return provided(ofPod(from, pod, downwardAPI as Provided));
  if (projected) return provided(ofSources(from, pod, volume.name, projected as Projected));
  // Other media are folders of the pod: nothing else of them can be seen from inside.
  return ephemeral(volume.name);
}

function claimed(from: Sources, pod: Pod, volume: string, claimName: string): MountSource {
  const claim = from.store.get<PersistentVolumeClaim>(
    'persistentvolumeclaims',
    pod.metadata.namespace ?? '',
    claimName,
  );
  const name = claim?.spec.volumeName;
  if (!name) {
    from.report(new MountError(volume, `persistentvolumeclaim "${claimName}" not found`));
    return ephemeral(volume);
  }
  return { kind: 'persistent', volume: name };
}

function ofConfigMap(from: Sources, pod: Pod, volume: string, source: Provided): ProvidedFile[] {
  const name = source.name ?? '';
  const object = from.store.get<ConfigMap>('configmaps', pod.metadata.namespace ?? '', name);
  if (!object && !source.optional) from.report(new MountError(volume, `configmap "${name}" not found`));
  const contents = new Map<string, string | Uint8Array>(Object.entries(object?.data ?? {}));
  for (const [key, value] of Object.entries(object?.binaryData ?? {})) contents.set(key, fromBase64(value));
  return choose(
    from,
    contents,
    source,
    (key) => new MountError(volume, `configmap references non-existent config key: ${key}`),
  );
}

function ofSecret(from: Sources, pod: Pod, volume: string, source: Provided): ProvidedFile[] {
  const name = source.secretName ?? source.name ?? '';
  const object = from.store.get<Secret>('secrets', pod.metadata.namespace ?? '', name);
  if (!object && !source.optional) from.report(new MountError(volume, `secret "${name}" not found`));
  const contents = new Map(Object.entries(object?.data ?? {}).map(([key, value]) => [key, fromBase64(value)]));
  return choose(from, contents, source, (key) => new MountError(volume, `references non-existent secret key: ${key}`));
}

/** All keys, or the ones that `items` names, under the paths that it gives them. */
function choose(
  from: Sources,
  contents: ReadonlyMap<string, string | Uint8Array>,
  { items, optional, defaultMode = DEFAULT_MODE }: Provided,
  missing: (key: string) => Error,
): ProvidedFile[] {
  if (!items) return [...contents].map(([path, content]) => ({ path, content, mode: defaultMode }));
  const files: ProvidedFile[] = [];
  for (const { key, path, mode } of items) {
    const content = contents.get(key);
    if (content === undefined && !optional) from.report(missing(key));
    if (content !== undefined) files.push({ path, content, mode: mode ?? defaultMode });
  }
  return files;
}

function ofPod(from: Sources, pod: Pod, { items = [], defaultMode = DEFAULT_MODE }: Provided): ProvidedFile[] {
  return items.map(({ path, mode, fieldRef, resourceFieldRef }) => {
    const container = pod.spec.containers.find(({ name }) => name === resourceFieldRef?.containerName);
    const content = fieldRef
      ? (podField(pod, fieldRef.fieldPath) ?? '')
      : container && resourceFieldRef
        ? containerResource(container, resourceFieldRef, allocatableOf(from.store, pod))
        : '';
    return { path, content, mode: mode ?? defaultMode };
  });
}

interface Projected {
  readonly defaultMode?: number;
  readonly sources?: readonly {
    readonly configMap?: Provided;
    readonly secret?: Provided;
    readonly downwardAPI?: Provided;
    readonly serviceAccountToken?: { readonly path: string };
  }[];
}

function ofSources(
  from: Sources,
  pod: Pod,
  volume: string,
  { sources = [], defaultMode = DEFAULT_MODE }: Projected,
): ProvidedFile[] {
  return sources.flatMap(({ configMap, secret, downwardAPI, serviceAccountToken }) => {
    if (configMap) return ofConfigMap(from, pod, volume, { defaultMode, ...configMap });
    if (secret) return ofSecret(from, pod, volume, { defaultMode, ...secret });
    if (downwardAPI) return ofPod(from, pod, { defaultMode, ...downwardAPI });
    if (serviceAccountToken) return [{ path: serviceAccountToken.path, content: 'not-a-real-token', mode: 0o600 }];
    return [];
  });
}
