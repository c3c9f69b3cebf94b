/** What may stand at a place of the command line: fixed words, and names that the cluster knows. */
import type { KubeObject } from '../../core/api/types';
import { verbsOf } from '../../core/api/verbs';
import type { Backend } from '../../core/client/backend';
import { findResource } from '../../core/client/builder';

export interface Candidate {
  readonly value: string;
  readonly description?: string;
}

export const words = (text: string): Candidate[] => text.split(' ').map((value) => ({ value }));

/** The kinds that can be shown, with their short names. */
export async function kinds(backend: Backend): Promise<Candidate[]> {
  const found = new Map<string, Candidate>();
  for (const resource of await backend.resources()) {
    if (!verbsOf(resource).includes('get') || found.has(resource.plural)) continue;
    const description = [resource.kind, ...resource.shortNames].join(', ');
    found.set(resource.plural, { value: resource.plural, description });
  }
  return [...found.values()];
}

/** The names of the objects of a kind, as the word names it; none for a word that names no kind. */
export async function names(backend: Backend, word: string, namespace: string): Promise<Candidate[]> {
  const resource = await findResource(backend, word);
  if (!resource) return [];
  const { items } = await backend.list(resource, resource.namespaced ? namespace : undefined);
  return items.map(({ metadata }) => ({ value: metadata.name }));
}

/** The namespaces of the cluster. */
export const namespaces = (backend: Backend): Promise<Candidate[]> => names(backend, 'namespaces', '');

/** The containers of an object that is a pod or carries a pod template: `web-0`, `pod/web-0`, `sts/web`. */
export async function containers(backend: Backend, target: string, namespace: string): Promise<Candidate[]> {
  const [type, name] = target.includes('/') ? target.split('/', 2) : ['pods', target];
  const resource = await findResource(backend, type ?? '');
  if (!resource || !name) return [];
  const object = await backend.get(resource, resource.namespaced ? namespace : undefined, name);
  const spec = podSpecOf(object);
  return [...listOf(spec, 'containers'), ...listOf(spec, 'initContainers')].map((value) => ({ value }));
}

function podSpecOf(object: KubeObject): unknown {
  const spec = at(object, 'spec');
  return at(at(spec, 'template'), 'spec') ?? spec;
}

function listOf(spec: unknown, field: string): string[] {
  const list = at(spec, field);
  return Array.isArray(list) ? list.map((one: unknown) => String(at(one, 'name'))) : [];
}

const at = (value: unknown, field: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[field] : undefined;
