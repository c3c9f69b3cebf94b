/** create, update, patch, delete and deletecollection. */

import { gvOf, resourceForKind } from '../api/resources';
import { type ApiError, badRequest, isNotFound, unregisteredKind } from '../api/status';
import type { KubeObject, Manifest } from '../api/types';
import type { Backend, PatchType, Subresource } from '../client/backend';
import type { ServedBackend } from '../client/served';
import { type Answer, type Call, noKind, type Refusing, unrecognizedAs } from './call';
import { encodeList, encodeObject, encodeText } from './encode';
import { deleteOptions, viewOf, writeOptions } from './parameters';
import { unrecognized, unsupportedMediaType } from './status';
import type { Target } from './target';

const PATCHES: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

export async function answerCreate(backend: ServedBackend, call: Call, target: Target): Promise<Answer> {
  const { resource, namespace } = target;
  const options = writeOptions(call, 'CreateOptions');
  const manifest = manifestOf(await call.body(unrecognizedAs(kindOf(target))), target, call);
  return answered(backend, call, target, 201, (cluster) => cluster.create(resource, namespace, manifest, options));
}

export async function answerUpdate(backend: ServedBackend, call: Call, target: Target): Promise<Answer> {
  const { resource, namespace, name } = target;
  const options = { ...writeOptions(call, 'UpdateOptions'), ...partOf(target) };
  const manifest = manifestOf(await call.body(unrecognizedAs(kindOf(target))), target, call);
  const named = manifest.metadata?.name;
  if (named !== name)
    throw badRequest(`the name of the object (${named ?? ''}) does not match the name on the URL (${name})`);
  return answered(backend, call, target, 200, (cluster) => cluster.update(resource, namespace, manifest, options));
}

export async function answerPatch(backend: ServedBackend, call: Call, target: Target): Promise<Answer> {
  const { resource, namespace, name = '' } = target;
  const type = Object.hasOwn(PATCHES, call.contentType) ? PATCHES[call.contentType] : undefined;
  if (!type) throw unsupportedMediaType(Object.keys(PATCHES));
  const { fieldManager, ...rest } = writeOptions(call, 'PatchOptions');
  // An apply must name its manager itself.
  const manager = type === 'apply' ? (call.query.get('fieldManager') ?? '') : fieldManager;
  const options = { ...rest, ...(manager && { fieldManager: manager }), ...partOf(target) };
  const patch = await call.body(REFUSED[type], [call.contentType]);
  const exists = async (cluster: Backend): Promise<boolean> => {
    try {
      await cluster.get(resource, namespace, name);
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  };
  let code = 200;
  const answer = await answered(backend, call, target, 200, async (cluster) => {
    code = type === 'apply' && !(await exists(cluster)) ? 201 : 200;
    return cluster.patch(resource, namespace, name, type, patch, options);
  });
  return { ...answer, code };
}

export async function answerDelete(backend: ServedBackend, call: Call, target: Target): Promise<Answer> {
  const { resource, namespace, name = '' } = target;
  const view = viewOf(call);
  const options = deleteOptions(call, await call.body());
  const body = await backend.perform(async (cluster) => {
    const object = await cluster.delete(resource, namespace, name, options);
    // What is gone is answered with a word about it, what goes with what it looks like now.
    if (object.metadata.deletionTimestamp === undefined && !options.dryRun) return encodeText(success(target, object));
    return encodeText(encodeObject(resource, object, view, await cluster.now()));
  }, call.warn);
  return { code: 200, body };
}

export async function answerDeleteCollection(backend: ServedBackend, call: Call, target: Target): Promise<Answer> {
  const { resource, namespace } = target;
  const view = viewOf(call);
  const options = deleteOptions(call, await call.body());
  const labelSelector = call.query.get('labelSelector') ?? '';
  const fieldSelector = call.query.get('fieldSelector') ?? '';
  const body = await backend.perform(async (cluster) => {
    const { items, resourceVersion } = await cluster.list(resource, namespace, { labelSelector, fieldSelector });
    for (const { metadata } of items) {
      try {
        await cluster.delete(resource, metadata.namespace, metadata.name, options);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
    return encodeText(encodeList(resource, items, { resourceVersion }, view, await cluster.now()));
  }, call.warn);
  return { code: 200, body };
}

async function answered(
  backend: ServedBackend,
  call: Call,
  { resource }: Target,
  code: number,
  work: (cluster: Backend) => Promise<KubeObject>,
): Promise<Answer> {
  const view = viewOf(call);
  const body = await backend.perform(
    async (cluster) => encodeText(encodeObject(resource, await work(cluster), view, await cluster.now())),
    call.warn,
  );
  return { code, body };
}

const partOf = ({ subresource }: Target) =>
  subresource === undefined ? {} : { subresource: subresource as Subresource };

const kindOf = ({ resource, subresource }: Target): string => (subresource === 'scale' ? 'Scale' : resource.kind);

/** What each kind of patch says of one that can't be read. */
const REFUSED: Readonly<Record<PatchType, Refusing>> = {
  json: (why) => badRequest(`error decoding patch: ${why}`),
  merge: (why) => badRequest(`error decoding patch: ${why}`),
  strategic: (why) => badRequest(why),
  apply: (why) => badRequest(`error decoding YAML: ${why}`),
};

/** What is looked for in every body first. */
const META = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

/** The body as a manifest of the kind that the path names. Throws BadRequest. */
function manifestOf(body: unknown, target: Target, call: Call): Manifest {
  const { resource, namespace, subresource } = target;
  const refused = (why: string): ApiError => unrecognized(kindOf(target), noKind(why), call.sent);
  if (body === undefined || body === null) throw refused('unexpected end of JSON input');
  if (typeof body !== 'object' || Array.isArray(body)) {
    const found = Array.isArray(body) ? 'array' : typeof body === 'boolean' ? 'bool' : typeof body;
    throw refused(`json: cannot unmarshal ${found} into Go value of type ${META}`);
  }
  const { apiVersion, kind, metadata } = body as Partial<Manifest>;
  for (const [name, value] of Object.entries({ apiVersion, kind }))
    if (typeof value === 'object' && value !== null)
      throw badRequest(
        `couldn't get version/kind; json parse error: json: cannot unmarshal ${Array.isArray(value) ? 'array' : 'object'} into Go struct field .${name} of type string`,
      );
  const expected = subresource === 'scale' ? 'autoscaling/v1' : gvOf(resource);
  const manifest = { ...body, apiVersion: apiVersion ?? expected, kind: kind ?? resource.kind } as Manifest;
  if (manifest.apiVersion !== expected)
    throw badRequest(
      `the API version in the data (${manifest.apiVersion}) does not match the expected API version (${expected})`,
    );
  if (subresource !== 'scale' && manifest.kind !== resource.kind && !resourceForKind(expected, manifest.kind))
    throw unregisteredKind(manifest, resource.kind);
  if (subresource !== 'scale' && manifest.kind !== resource.kind)
    throw badRequest(
      `${manifest.kind} in version ${JSON.stringify(resource.version)} cannot be handled as a ${resource.kind}: converting (${manifest.apiVersion}).${manifest.kind} to (${expected}).${resource.kind}: unknown conversion`,
    );
  if (metadata !== undefined && (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)))
    throw badRequest('metadata must be an object');
  if (resource.namespaced && metadata?.namespace === undefined)
    return { ...manifest, metadata: { ...metadata, namespace } } as Manifest;
  return manifest;
}

function success({ resource }: Target, { metadata }: KubeObject): object {
  const { name, uid } = metadata;
  const details = { name, ...(resource.group && { group: resource.group }), kind: resource.plural, uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}
