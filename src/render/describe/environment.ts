/** A container's environment: literal values, and where the others come from (as describeContainerEnvVars). */

import { containerResource, metadataField } from '../../core/api/downward';
import type { Container, KubeObject } from '../../core/api/types';
import { asMap, asMaps, asText, type Json } from './json';
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
    // Only what a pod's metadata holds is looked up; anything else reads as empty.
    const value = (pod && metadataField(pod, asText(field.fieldPath))) ?? '';
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

/** The container's own limit or request; the node's where it has no limit. */
function resourceValue(container: Container, reference: Json): string {
  const resource = asText(reference.resource);
  const [, list, name = ''] = /^(limits|requests)\.(.*)$/.exec(resource) ?? [];
  const known = name === 'cpu' || name === 'memory' || name === 'ephemeral-storage' || name.startsWith('hugepages-');
  if (!known) return '';
  const value = containerResource(container, { resource, divisor: asText(reference.divisor) || '0' });
  return value === '0' && list === 'limits' && (name === 'cpu' || name === 'memory') ? 'node allocatable' : value;
}
