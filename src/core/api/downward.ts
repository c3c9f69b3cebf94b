/** The downward API: what a pod may know of itself (as fieldpath.ExtractFieldPathAsString and resource.ExtractContainerResourceValue). */
import { goQuote } from '../meta/gofmt';
import { Quantity } from '../meta/quantity';
import { compareText } from '../meta/text';
import type { Container, Labels, Manifest, Pod } from './types';

/** What any object tells of itself; undefined for a path that is not of its metadata (as ExtractFieldPathAsString). */
export function metadataField({ metadata }: Manifest, path: string): string | undefined {
  const subscript = /^metadata\.(labels|annotations)\['([^']*)'\]$/.exec(path);
  if (subscript)
    return (subscript[1] === 'labels' ? metadata.labels : metadata.annotations)?.[subscript[2] ?? ''] ?? '';
  switch (path) {
    case 'metadata.name':
      return metadata.name ?? '';
    case 'metadata.namespace':
      return metadata.namespace ?? '';
    case 'metadata.uid':
      return metadata.uid ?? '';
    case 'metadata.labels':
      return formatMap(metadata.labels);
    case 'metadata.annotations':
      return formatMap(metadata.annotations);
    default:
      return undefined;
  }
}

/** What a pod tells its containers; undefined for a path that the downward API does not know. */
export function podField(pod: Pod, path: string): string | undefined {
  const { spec, status } = pod;
  switch (path) {
    case 'spec.nodeName':
      return spec.nodeName ?? '';
    case 'spec.serviceAccountName':
      return String(spec.serviceAccountName ?? '');
    case 'spec.restartPolicy':
      return spec.restartPolicy ?? '';
    case 'status.phase':
      return status.phase ?? '';
    case 'status.hostIP':
      return status.hostIP ?? '';
    case 'status.hostIPs':
      return status.hostIP ?? '';
    case 'status.podIP':
      return status.podIP ?? '';
    case 'status.podIPs':
      return (status.podIPs ?? []).map(({ ip }) => ip).join(',');
    default:
      return metadataField(pod, path);
  }
}

/** Sorted, a line a key, values quoted. */
const formatMap = (map: Labels | undefined): string =>
  Object.entries(map ?? {})
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, value]) => `${key}=${goQuote(value)}`)
    .join('\n');

export interface ResourceReference {
  readonly resource: string;
  readonly divisor?: string | number;
}

/**
 * A limit or request in units of the divisor, rounded up. A limit that is not set is what the node can give, which `allocatable`
 * tells by resource name.
 */
export function containerResource(
  container: Container,
  { resource, divisor }: ResourceReference,
  allocatable: Readonly<Record<string, string>> = {},
): string {
  const [list, ...rest] = resource.split('.');
  const name = rest.join('.');
  const own = list === 'limits' ? container.resources?.limits?.[name] : container.resources?.requests?.[name];
  const isUnlimited = list === 'limits' && own === undefined;
  const quantity = Quantity.parse(String(own ?? (isUnlimited ? (allocatable[name] ?? '0') : '0')));
  const given = Quantity.parse(String(divisor ?? '0'));
  const unit = given.isZero() ? Quantity.parse('1') : given;
  const [amount, per] = name === 'cpu' ? [quantity.milliValue(), unit.milliValue()] : [quantity.value(), unit.value()];
  return per === 0n ? '0' : String((amount + per - 1n) / per);
}
