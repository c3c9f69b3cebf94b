/** The OpenAPI v3 document of one group and version: its kinds' schemas, and what may be done under which path. */
import { gvOf, type ResourceInfo } from '../../api/resources';
import type { KubeObject } from '../../api/types';
import { verbsOf } from '../../api/verbs';
import { kindKey, type Schema, schemaName, type Types } from './types';

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const PATCHES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

/** `definitions` are the CustomResourceDefinitions of the cluster. */
export function openApiDocument(
  kinds: readonly ResourceInfo[],
  types: Types,
  definitions: readonly KubeObject[],
  gitVersion: string,
): object {
  const schemas: Record<string, Schema> = {};
  const paths: Record<string, object> = {};
  for (const kind of kinds) {
    const { group, version, kind: name } = kind;
    const identity = [{ group, kind: name, version }];
    const key = kindKey(kind);
    let schema: string;
    if (types.has(key) && !isCustom(kind, definitions)) {
      types.add(key, schemas);
      schema = schemaName(key);
    } else {
      types.add('V1ObjectMeta', schemas);
      schema = `${group.split('.').reverse().join('.')}.${version}.${name}`;
      schemas[schema] = customSchema(kind, definitions, types);
    }
    schemas[schema] = { ...schemas[schema], 'x-kubernetes-group-version-kind': identity };
    const custom = isCustom(kind, definitions);
    for (const [path, item] of pathsOf(kind, schema, custom)) paths[path] = item;
  }
  return { openapi: '3.0.0', info: { title: 'Kubernetes', version: gitVersion }, paths, components: { schemas } };
}

interface Definition extends KubeObject {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema?: { readonly openAPIV3Schema?: Schema } }[];
  };
}

const definitionOf = ({ group, kind }: ResourceInfo, definitions: readonly KubeObject[]): Definition | undefined =>
  (definitions as readonly Definition[]).find(({ spec }) => spec.group === group && spec.names.kind === kind);

const isCustom = (kind: ResourceInfo, definitions: readonly KubeObject[]): boolean =>
  definitionOf(kind, definitions) !== undefined;

/** What the definition says of its objects, with what every object has. */
function customSchema(kind: ResourceInfo, definitions: readonly KubeObject[], types: Types): Schema {
  const version = definitionOf(kind, definitions)?.spec.versions.find(({ name }) => name === kind.version);
  const given = version?.schema?.openAPIV3Schema ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    ...given,
    properties: {
      ...types.common(),
      ...(given.properties as Schema | undefined),
      ...(given.properties && 'metadata' in (given.properties as Schema) ? { metadata: types.common().metadata } : {}),
    },
  };
}

function pathsOf(kind: ResourceInfo, schema: string, custom: boolean): [string, object][] {
  const base = kind.group ? `/apis/${gvOf(kind)}` : '/api/v1';
  const inside = kind.namespaced ? `${base}/namespaces/{namespace}/${kind.plural}` : `${base}/${kind.plural}`;
  const identity: GroupVersionKind = { group: kind.group, kind: kind.kind, version: kind.version };
  const verbs = verbsOf(kind);
  const content = { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } };
  const operation = (verb: string, action: string, types: readonly string[] = []): object => ({
    ...(types.length > 0 && {
      requestBody: { content: Object.fromEntries(types.map((type) => [type, { schema: { type: 'object' } }])) },
    }),
    ...(types.length > 0 && {
      parameters: ['dryRun', 'fieldManager', 'fieldValidation', ...more(verb)].map(parameter),
    }),
    responses: { '200': { description: 'OK', content } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': identity,
  });
  const one = (verb: string, method: string, action: string, types?: readonly string[]): [string, object][] =>
    verbs.includes(verb) ? [[method, operation(verb, action, types)]] : [];
  const patches = custom ? PATCHES.filter((type) => !type.includes('strategic')) : PATCHES;
  const collection = Object.fromEntries([
    ...one('list', 'get', 'list'),
    ...one('create', 'post', 'post', ['application/json']),
    ...one('deletecollection', 'delete', 'deletecollection'),
  ]);
  const item = Object.fromEntries([
    ...one('get', 'get', 'get'),
    ...one('update', 'put', 'put', ['application/json']),
    ...one('patch', 'patch', 'patch', patches),
    ...one('delete', 'delete', 'delete'),
  ]);
  const everywhere: [string, object][] =
    kind.namespaced && verbs.includes('list') ? [[`${base}/${kind.plural}`, { get: operation('list', 'list') }]] : [];
  return [...everywhere, [inside, collection], [`${inside}/{name}`, item]];
}

const more = (verb: string): readonly string[] => (verb === 'patch' ? ['force'] : []);

const parameter = (name: string): object => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } });
