/** What pods name: ConfigMaps, Secrets with the keys that are asked for, claims, accounts, priorities. */
import type { KubeObject, Pod, PodTemplate, StatefulSet } from '../../api/types';

/** A pod's spec, of a pod or of a template. */
type Spec = Readonly<Record<string, unknown>>;

export interface References {
  readonly configMaps: ReadonlySet<string>;
  /** By name: the keys that are named; a pod that takes all of them names none. */
  readonly secrets: ReadonlyMap<string, ReadonlySet<string>>;
  readonly claims: ReadonlySet<string>;
  readonly accounts: ReadonlySet<string>;
  readonly priorities: ReadonlySet<string>;
}

const fields = (value: unknown): Spec => (typeof value === 'object' && value !== null ? (value as Spec) : {});
const list = (value: unknown): Spec[] => (Array.isArray(value) ? value.map(fields) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

class Found implements References {
  readonly configMaps = new Set<string>();
  readonly secrets = new Map<string, Set<string>>();
  readonly claims = new Set<string>();
  readonly accounts = new Set<string>();
  readonly priorities = new Set<string>();

  take({ volumes, containers, initContainers, ...spec }: Spec): void {
    add(this.accounts, spec.serviceAccountName);
    add(this.priorities, spec.priorityClassName);
    for (const pull of list(spec.imagePullSecrets)) this.secret(pull.name);
    for (const volume of list(volumes)) this.takeVolume(volume);
    for (const container of [...list(initContainers), ...list(containers)]) this.takeEnvironment(container);
  }

  private takeVolume(volume: Spec): void {
    add(this.configMaps, fields(volume.configMap).name);
    add(this.claims, fields(volume.persistentVolumeClaim).claimName);
    const secret = fields(volume.secret);
    this.secret(secret.secretName, keysOf(secret));
    for (const source of list(fields(volume.projected).sources)) {
      add(this.configMaps, fields(source.configMap).name);
      const projected = fields(source.secret);
      this.secret(projected.name, keysOf(projected));
    }
  }

  private takeEnvironment({ env, envFrom }: Spec): void {
    for (const { valueFrom } of list(env)) {
      const { configMapKeyRef, secretKeyRef } = fields(valueFrom);
      add(this.configMaps, fields(configMapKeyRef).name);
      const { name, key } = fields(secretKeyRef);
      this.secret(name, [text(key)]);
    }
    for (const { configMapRef, secretRef } of list(envFrom)) {
      add(this.configMaps, fields(configMapRef).name);
      this.secret(fields(secretRef).name);
    }
  }

  private secret(name: unknown, keys: readonly string[] = []): void {
    if (text(name) === '') return;
    const known = this.secrets.get(text(name)) ?? new Set();
    for (const key of keys) if (key !== '') known.add(key);
    this.secrets.set(text(name), known);
  }
}

function add(names: Set<string>, name: unknown): void {
  if (text(name) !== '') names.add(text(name));
}

const keysOf = ({ items }: Spec): string[] => list(items).map(({ key }) => text(key));

/** What pods, and the templates of StatefulSets, refer to; objects of other kinds are passed over. */
export function referencesOf(objects: Iterable<KubeObject>): References {
  const found = new Found();
  for (const object of objects) {
    if (object.kind === 'Pod') found.take(fields((object as Pod).spec));
    if (object.kind === 'StatefulSet')
      found.take(fields((fields((object as StatefulSet).spec).template as PodTemplate)?.spec));
  }
  return found;
}
