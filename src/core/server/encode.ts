/** Objects as the API writes them: single, in lists, as rows of a table, or with nothing but their metadata. */
import { gvOf, type ResourceInfo, resourceForKind } from '../api/resources';
import type { TableColumn } from '../api/table';
import type { KubeObject } from '../api/types';
import { tableFor } from '../apiserver/tables';
import { typedJson } from '../meta/typed-json';
import type { Form } from './accept';

/** What each row of a table carries of its object. */
export type IncludeObject = 'Metadata' | 'Object' | 'None';

export interface View {
  readonly form: Form;
  readonly includeObject: IncludeObject;
}

export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

const META = 'meta.k8s.io/v1';

/** The body of an answer, a line. */
export const encodeText = (value: object): string => `${typedJson(value)}\n`;

/** What is printed is named first, as Go's structs do. */
export const ordered = ({ kind, apiVersion, metadata, ...rest }: KubeObject): object => ({
  kind,
  apiVersion,
  metadata,
  ...rest,
});

const partial = ({ metadata }: KubeObject): object => ({ kind: 'PartialObjectMetadata', apiVersion: META, metadata });

const isScale = ({ kind, apiVersion }: KubeObject): boolean => kind === 'Scale' && apiVersion === 'autoscaling/v1';
const SCALES = { group: 'autoscaling', plural: 'scales' };

function rowsOf(resource: ResourceInfo, objects: readonly KubeObject[], { includeObject }: View, now: number) {
  const { columns, rows } = tableFor(objects[0] && isScale(objects[0]) ? SCALES : resource, objects, now);
  const inside = (object: KubeObject): object | null =>
    includeObject === 'None' ? null : includeObject === 'Object' ? ordered(object) : partial(object);
  return { columns, rows: rows.map(({ cells, object }) => ({ cells, object: inside(object) })) };
}

const definition = ({ name, type, format = '', description = '', priority }: TableColumn): object => ({
  name,
  type,
  format,
  description,
  priority,
});

/** `now` is the cluster's time in ms. */
export function encodeObject(resource: ResourceInfo, object: KubeObject, view: View, now: number): object {
  if (view.form === 'partial') return partial(object);
  if (view.form === 'object') return ordered(object);
  const { resourceVersion } = object.metadata;
  return encodeTable(resource, [object], { resourceVersion }, view, now);
}

export function encodeList(
  resource: ResourceInfo,
  objects: readonly KubeObject[],
  metadata: ListMeta,
  view: View,
  now: number,
): object {
  if (view.form === 'table') return encodeTable(resource, objects, metadata, view, now);
  if (view.form === 'partial')
    return { kind: 'PartialObjectMetadataList', apiVersion: META, metadata, items: objects.map(partial) };
  return { kind: `${resource.kind}List`, apiVersion: gvOf(resource), metadata, items: objects.map(itemOf(resource)) };
}

/** The items of a typed list don't repeat what they are; those of a custom kind do. */
const itemOf = (resource: ResourceInfo) => {
  if (!resourceForKind(gvOf(resource), resource.kind)) return ordered;
  return ({ apiVersion: _, kind: __, ...object }: KubeObject): object => object;
};

function encodeTable(
  resource: ResourceInfo,
  objects: readonly KubeObject[],
  metadata: ListMeta,
  view: View,
  now: number,
): object {
  const { columns, rows } = rowsOf(resource, objects, view, now);
  return { kind: 'Table', apiVersion: META, metadata, columnDefinitions: columns.map(definition), rows };
}

/** The object of a bookmark: a version, and nothing else. */
export function encodeBookmark(
  resource: ResourceInfo,
  version: number,
  { form }: View,
  annotations?: Readonly<Record<string, string>>,
): object {
  const resourceVersion = String(version);
  const metadata = { resourceVersion, creationTimestamp: null, ...(annotations && { annotations }) };
  if (form === 'object') return { kind: resource.kind, apiVersion: gvOf(resource), metadata };
  const partial = { kind: 'PartialObjectMetadata', apiVersion: META, metadata };
  if (form === 'partial') return partial;
  const rows = [{ cells: [], object: partial }];
  return { kind: 'Table', apiVersion: META, metadata: { resourceVersion }, columnDefinitions: null, rows };
}

/** The object of a watch event. Tables name their columns in the first event only. */
export function encodeEvent(
  resource: ResourceInfo,
  object: KubeObject,
  view: View,
  now: number,
  withColumns: boolean,
): object {
  if (view.form !== 'table') return encodeObject(resource, object, view, now);
  const { columns, rows } = rowsOf(resource, [object], view, now);
  const { resourceVersion } = object.metadata;
  const columnDefinitions = withColumns ? columns.map(definition) : null;
  return { kind: 'Table', apiVersion: META, metadata: { resourceVersion }, columnDefinitions, rows };
}
