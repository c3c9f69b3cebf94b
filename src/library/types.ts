/** The options of the library's calls. */
import type { KubeObject } from '../core/api/types';
import type { FieldValidation, PatchType, Propagation } from '../core/client/backend';

/** A length of time: milliseconds, or Go's words for it, as `90s` and `1h30m`. */
export type Duration = number | string;

/** How the simulated world behaves. */
export interface Settings {
  /** From scheduling to running containers; a second unless given. */
  readonly start?: Duration;
  /** From SIGTERM to the end of containers; a second unless given. */
  readonly stop?: Duration;
  /** How long an init container runs; a second unless given. */
  readonly init?: Duration;
  /** `lenient` (unless given) makes up storage classes that claims name, `strict` leaves such claims Pending. */
  readonly storage?: 'lenient' | 'strict';
  /** How many nodes there are; one unless given. */
  readonly nodes?: number;
}

export interface ClusterOptions {
  /** When the cluster begins; the first of January 2026 unless given. */
  readonly now?: Date | string | number;
  /** What names, uids and addresses follow from: 0 unless given. Two clusters that live the same life are alike to the byte. */
  readonly seed?: number;
  /** Where objects are that name no namespace; `default` unless given. */
  readonly namespace?: string;
  /** Feature gates that differ from the defaults of the version. */
  readonly gates?: Readonly<Record<string, boolean>>;
  readonly settings?: Settings;
  /** Called with what the API server warns of, each text once. */
  onWarning?(text: string): void;
}

/** Where an object is. */
export interface InNamespace {
  /** The cluster's own (ClusterOptions) unless given; it has no meaning for kinds without namespaces. */
  readonly namespace?: string;
}

export interface ListOptions {
  /** `*` for all; the cluster's own unless given. */
  readonly namespace?: string;
  /** kubectl's form: `app in (a,b),tier!=x`. */
  readonly labels?: string;
  /** `metadata.name=x,status.phase!=Running`. */
  readonly fields?: string;
}

export interface WriteOptions extends InNamespace {
  /** Who writes: what owns the fields (metadata.managedFields). `stsctl` unless given. */
  readonly fieldManager?: string;
  /** What becomes of fields that a kind doesn't have: they are refused unless given. */
  readonly fieldValidation?: FieldValidation;
  /** Everything is checked, nothing is changed. */
  readonly dryRun?: boolean;
}

export interface ApplyOptions extends WriteOptions {
  /** Whether fields that others own are taken from them; true unless given, false refuses with Conflict. */
  readonly force?: boolean;
}

export interface PatchOptions extends WriteOptions {
  /** `strategic` for built-in kinds and `merge` for custom ones unless given. */
  readonly type?: Exclude<PatchType, 'apply'>;
  readonly subresource?: 'status' | 'scale';
}

export interface DeleteOptions extends InNamespace {
  readonly gracePeriodSeconds?: number;
  /** `Background` unless given. */
  readonly propagationPolicy?: Propagation;
}

export interface Within {
  /** How much time may pass at most, of the cluster's. */
  readonly within?: Duration;
}

/** A change of one object. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
  /** The object before; absent for ADDED. */
  readonly old?: KubeObject;
  /** The cluster's time. */
  readonly at: Date;
}
