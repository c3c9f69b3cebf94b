/** A container's environment: literal values, and where the others come from (as describeContainerEnvVars). */

import type { Container, KubeObject } from '../../core/api/types';
import { goQuote } from '../../core/meta/gofmt';
import { Quantity } from '../../core/meta/quantity';
import { compareText } from '../../core/meta/text';
import { asMap, asMaps, asText, at, type Json } from './json';
import type { DetailWriter } from './writer';

/** `pod` answers references to fields; a template has none to ask. */
export function writeEnvironment(w: DetailWriter, container: Container, pod: KubeObject | undefined): void {
  writeSources(w, asMaps(container.envFrom));
  const variables = asMaps(container.env);
  w.line(2, `Environment:${variables.length === 0 ? '\t<none>' : ''}`);
  for (const variable of variables) {
    const from = asMap(variable.valueFrom);
    if (from) writeReference(w, asText(variable.name), from, container, pod);
    else {
      const [first, ...rest] = asText(variable.value).split('\n');
      w.field(3, asText(variable.name), first);
      for (const line of rest) w.line(3, `\t${line}`);
    }
  }
}

function writeSources(w: DetailWriter, sources: readonly Json[]): void {
  if (sources.length === 0) return;
  w.line(2, 'Environment Variables from:');
  for (const source of sources) {
    const configMap = asMap(source.configMapRef);
    const reference = configMap ?? asMap(source.secretRef);
    const kind = configMap ? 'ConfigMap' : reference ? 'Secret' : '';
    const prefix = asText(source.prefix);
    w.line(
      3,
      `${asText(reference?.name)}\t${kind}${prefix ? ` with prefix '${prefix}'` : ''}\tOptional: ${reference?.optional === true}`,
    );
  }
}

/** kubectl says nothing of a variable that comes from a file. */
function writeReference(
  w: DetailWriter,
  name: string,
  from: Json,
  container: Container,
  pod: KubeObject | undefined,
): void {
  const field = asMap(from.fieldRef);
  const resource = asMap(from.resourceFieldRef);
  const secret = asMap(from.secretKeyRef);
  const configMap = asMap(from.configMapKeyRef);
  if (field) {
    const value = pod ? fieldValue(pod, asText(field.fieldPath)) : '';
    w.field(3, name, `${value} (${asText(field.apiVersion)}:${asText(field.fieldPath)})`);
  } else if (resource) {
    w.field(3, name, `${resourceValue(container, resource)} (${asText(resource.resource)})`);
  } else if (secret) {
    w.field(
      3,
      name,
      `<set to the key '${asText(secret.key)}' in secret '${asText(secret.name)}'>\t${optional(secret)}`,
    );
  } else if (configMap) {
    w.field(
      3,
      name,
      `<set to the key '${asText(configMap.key)}' of config map '${asText(configMap.name)}'>\t${optional(configMap)}`,
    );
  }
}

const optional = (reference: Json): string => `Optional: ${reference.optional === true}`;

/** Only what a pod's metadata holds is looked up (as ExtractFieldPathAsString); anything else reads as empty. */
function fieldValue(pod: KubeObject, path: string): string {
  const match = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (match) return asText(at(pod, 'metadata', match[1], match[2]));
  switch (path) {
    case 'metadata.name':
    case 'metadata.namespace':
    case 'metadata.uid':
      return asText(at(pod, ...path.split('.')));
    case 'metadata.labels':
    case 'metadata.annotations':
      return mapLines(asMap(at(pod, ...path.split('.'))) ?? {});
    default:
      return '';
  }
}

const mapLines = (map: Json): string =>
  Object.keys(map)
    .sort(compareText)
    .map((key) => `${key}=${goQuote(asText(map[key]))}`)
    .join('\n');

/** The container's own limit or request in units of the divisor, rounded up; the node's where it has no limit. */
function resourceValue(container: Container, reference: Json): string {
  const [list, ...rest] = asText(reference.resource).split('.');
  const name = rest.join('.');
  const known = name === 'cpu' || name === 'memory' || name === 'ephemeral-storage' || name.startsWith('hugepages-');
  if (!known || (list !== 'limits' && list !== 'requests')) return '';
  const quantity = Quantity.parse(asText(at(container.resources, list, name)) || '0');
  const given = Quantity.parse(asText(reference.divisor) || '0');
  const divisor = given.isZero() ? Quantity.parse('1') : given;
  const value =
    name === 'cpu'
      ? divideUp(quantity.milliValue(), divisor.milliValue())
      : divideUp(quantity.value(), divisor.value());
  return value === 0n && list === 'limits' && (name === 'cpu' || name === 'memory')
    ? 'node allocatable'
    : String(value);
}

const divideUp = (a: bigint, b: bigint): bigint => (b === 0n ? 0n : (a + b - 1n) / b);
