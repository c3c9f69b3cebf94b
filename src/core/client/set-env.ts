/** Environment variables as `set env` reads, changes and shows them (as kubectl's set/env). */
import { containerResource, metadataField } from '../api/downward';
import type { Container, KubeObject } from '../api/types';
import { isEnvVarName } from '../meta/names';
import type { Backend } from './backend';
import { mapResource } from './builder';
import { CommandError } from './errors';

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly [source: string]: { readonly [field: string]: unknown } | undefined };
}

export interface EnvEdit {
  readonly set: readonly EnvVar[];
  readonly remove: readonly string[];
}

/** Splits `sts/web A=1 B-` into resources and variables. @throws CommandError when a resource follows a variable */
export function splitEnv(args: readonly string[]): { resources: string[]; pairs: string[] } {
  const isPair = (word: string): boolean => word.indexOf('=', 1) > 0 || word.endsWith('-');
  const first = args.findIndex(isPair);
  const resources = first < 0 ? [...args] : args.slice(0, first);
  const pairs = first < 0 ? [] : args.slice(first);
  if (!pairs.every(isPair))
    throw new CommandError(`all resources must be specified before environment changes: ${args.join(' ')}`);
  return { resources, pairs };
}

/** Reads `KEY=VALUE`, `KEY-` and `-`, which stands for the lines of standard input. @throws CommandError */
export async function parseEnv(specs: readonly string[], readStdin: () => Promise<string>): Promise<EnvEdit> {
  const set: EnvVar[] = [];
  const remove: string[] = [];
  const named = new Set<string>();
  for (const spec of specs) {
    const equals = spec.indexOf('=');
    if (spec === '-') set.push(...envLines(await readStdin()));
    else if (equals > 0) {
      const name = spec.slice(0, equals);
      const wrong = isEnvVarName(name);
      if (wrong.length > 0)
        throw new CommandError(`${JSON.stringify(name)} is not a valid key name: ${wrong.join(';')}`);
      named.add(name);
      set.push({ name, value: spec.slice(equals + 1) });
    } else if (spec.endsWith('-')) remove.push(spec.slice(0, -1));
    else if (equals < 0) throw new CommandError(`unknown environment variable: ${spec}`);
  }
  if (remove.some((name) => named.has(name)))
    throw new CommandError('can not both modify and remove the same environment variable in the same command');
  return { set, remove };
}

/** A comment ends a line; lines without an equals sign are passed over. */
const envLines = (text: string): EnvVar[] =>
  text.split(/\r?\n/).flatMap((line) => {
    const [spec] = line.split('#');
    const equals = spec.indexOf('=');
    return equals < 0 ? [] : [{ name: spec.slice(0, equals), value: spec.slice(equals + 1) }];
  });

/** Variables that take their values from the keys of a ConfigMap or a Secret. @throws CommandError for another kind */
export function envFrom(object: KubeObject, keys: readonly string[]): EnvVar[] {
  const source =
    object.kind === 'Secret' ? 'secretKeyRef' : object.kind === 'ConfigMap' ? 'configMapKeyRef' : undefined;
  if (!source) throw new CommandError('unsupported resource specified in --from');
  return Object.keys(dataOf(object))
    .sort()
    .filter((key) => keys.length === 0 || keys.includes(key))
    .map((key) => ({
      name: variableOf(key),
      valueFrom: { [source]: { name: object.metadata.name, key } },
    }));
}

/** The name of the variable that holds a key's value. */
const variableOf = (key: string): string => key.replace(/[^a-zA-Z0-9_]/g, '_').toUpperCase();

/** The container with the edit done. @throws CommandError where a value would be overwritten and may not */
export function editedEnv(container: Container, edit: EnvEdit, overwrite: boolean): Container {
  const existing = envOf(container);
  if (!overwrite) {
    for (const { name, value } of edit.set) {
      const current = existing.find((e) => e.name === name);
      if (current && (current.value ?? '') !== (value ?? ''))
        throw new CommandError(`'${name}' already has a value (${current.value ?? ''}), and --overwrite is false`);
    }
  }
  const covered = new Set(edit.remove);
  const env: EnvVar[] = [];
  const take = (variable: EnvVar): void => {
    if (covered.has(variable.name)) return;
    const wanted = edit.set.find((e) => e.name === variable.name);
    if (wanted) covered.add(variable.name);
    env.push(wanted ?? variable);
  };
  for (const variable of [...existing, ...edit.set]) take(variable);
  const { env: _, ...rest } = container;
  return env.length === 0 ? rest : { ...rest, env };
}

export const envOf = (container: Container): readonly EnvVar[] =>
  Array.isArray(container.env) ? (container.env as readonly EnvVar[]) : [];

/** Where a variable takes its value from, as GetEnvVarRefString words it. */
export function referenceText(from: NonNullable<EnvVar['valueFrom']>): string {
  if (from.configMapKeyRef) return `configmap ${from.configMapKeyRef.name}, key ${from.configMapKeyRef.key}`;
  if (from.secretKeyRef) return `secret ${from.secretKeyRef.name}, key ${from.secretKeyRef.key}`;
  if (from.fieldRef) return `field path ${from.fieldRef.fieldPath}`;
  const field = from.resourceFieldRef;
  if (field) return `resource field ${field.containerName ? `${field.containerName}/` : ''}${field.resource}`;
  return 'invalid valueFrom';
}

/** The value that a variable takes from elsewhere. @throws ApiError or CommandError when it cannot be told */
export async function resolveReference(
  backend: Backend,
  namespace: string,
  from: NonNullable<EnvVar['valueFrom']>,
  object: KubeObject,
  container: Container,
): Promise<string> {
  if (from.secretKeyRef) return keyOf(backend, namespace, 'secrets', from.secretKeyRef);
  if (from.configMapKeyRef) return keyOf(backend, namespace, 'configmaps', from.configMapKeyRef);
  if (from.fieldRef) return fieldOf(object, String(from.fieldRef.fieldPath));
  if (from.resourceFieldRef) return resourceOf(container, from.resourceFieldRef);
  throw new CommandError('invalid valueFrom');
}

async function keyOf(
  backend: Backend,
  namespace: string,
  type: 'secrets' | 'configmaps',
  { name, key }: { readonly [field: string]: unknown },
): Promise<string> {
  const object = await backend.get(await mapResource(backend, type), namespace, String(name));
  const value = dataOf(object)[String(key)];
  if (value === undefined)
    throw new CommandError(`key ${key} not found in ${type === 'secrets' ? 'secret' : 'config map'} ${name}`);
  return type === 'secrets' ? new TextDecoder().decode(Uint8Array.from(atob(value), (c) => c.charCodeAt(0))) : value;
}

const dataOf = (object: KubeObject): { readonly [key: string]: string } =>
  typeof object.data === 'object' && object.data !== null ? (object.data as { readonly [key: string]: string }) : {};

function fieldOf(object: KubeObject, path: string): string {
  const value = metadataField(object, path);
  if (value === undefined) throw new CommandError(`unsupported fieldPath: ${path}`);
  return value;
}

function resourceOf(container: Container, { resource, divisor }: { readonly [field: string]: unknown }): string {
  const asked = String(resource);
  if (!/^(limits|requests)\../.test(asked)) throw new CommandError(`Unsupported container resource : ${asked}`);
  return containerResource(container, { resource: asked, ...(typeof divisor === 'string' && { divisor }) });
}
