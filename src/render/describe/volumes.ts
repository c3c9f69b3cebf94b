/** Volumes of pods and sources of persistent volumes, line for line as kubectl knows each kind of storage. */
import { goValue } from '../../core/meta/gofmt';
import { Quantity } from '../../core/meta/quantity';
import { compareText } from '../../core/meta/text';
import { writeClaim } from './claim';
import { asMap, asMaps, asNumber, asStringMap, asStrings, asText, at, goList, type Json } from './json';
import { shorten } from './parts';
import { volumeSources } from './volume-sources';
import type { DetailWriter } from './writer';

/** `Volumes:` of a pod, or of a template when `space` is not empty (as describeVolumes). */
export function writeVolumes(w: DetailWriter, volumes: readonly Json[], space: string, now: number): void {
  if (volumes.length === 0) {
    w.line(0, `${space}Volumes:\t<none>`);
    return;
  }
  w.line(0, `${space}Volumes:`);
  for (const volume of volumes) {
    w.line(1, `${space ? ' ' : ''}${asText(volume.name)}:`);
    writeSource(w, volume, false, now);
  }
}

/** The lines of whichever source is set; `persistent` for a PersistentVolume's. */
export function writeSource(w: DetailWriter, holder: Json, persistent: boolean, now: number): void {
  const source = volumeSources(persistent).find(([name]) => asMap(holder[name]));
  if (!source) {
    w.line(1, '<unknown>');
    return;
  }
  const [name, headline, fields] = source;
  const value = asMap(holder[name]) ?? {};
  w.field(2, 'Type', headline);
  for (const [title, field, kind] of fields)
    w.line(2, `${title}\t${fieldText(at(value, ...field.split('.')), kind, persistent)}`);
  if (name === 'projected') writeProjected(w, asMaps(value.sources));
  else if (name === 'downwardAPI') writeItems(w, asMaps(value.items));
  else if (name === 'csi') writeAttributes(w, asStringMap(value.volumeAttributes));
  else if (name === 'ephemeral') {
    const template = asMap(value.volumeClaimTemplate);
    if (template) w.nested(2, () => writeClaim(w, template, { whole: false, now }));
  }
}

/** How an absent or structured field is written. */
export type FieldKind = 'text' | 'number' | 'flag' | 'list' | 'comma' | 'map' | 'size' | 'secret' | `or:${string}`;

function fieldText(value: unknown, kind: FieldKind, persistent: boolean): string {
  switch (kind) {
    case 'text':
      return asText(value);
    case 'number':
      return String(asNumber(value));
    case 'flag':
      return String(value === true);
    case 'list':
      return goList(value);
    case 'comma':
      return asStrings(value).join(', ');
    case 'map':
      return goValue(asMap(value) ?? {});
    case 'size':
      return value !== undefined && Quantity.parse(asText(value)).sign() > 0 ? asText(value) : '<unset>';
    case 'secret':
      return secretText(asMap(value), persistent);
    default:
      return value === undefined ? kind.slice(3) : asText(value);
  }
}

/** A pod's secret is one of its namespace; a persistent volume's tells its namespace. */
function secretText(reference: Json | undefined, persistent: boolean): string {
  if (!reference) return 'nil';
  const name = asText(reference.name);
  return persistent
    ? `&SecretReference{Name:${name},Namespace:${asText(reference.namespace)},}`
    : `&LocalObjectReference{Name:${name},}`;
}

function writeProjected(w: DetailWriter, sources: readonly Json[]): void {
  for (const source of sources) {
    const secret = asMap(source.secret);
    const configMap = asMap(source.configMap);
    const token = asMap(source.serviceAccountToken);
    if (secret) {
      w.field(2, 'SecretName', asText(secret.name));
      w.field(2, 'Optional', secret.optional === true);
    } else if (source.downwardAPI) {
      w.field(2, 'DownwardAPI', 'true');
    } else if (configMap) {
      w.field(2, 'ConfigMapName', asText(configMap.name));
      w.field(2, 'Optional', configMap.optional === true);
    } else if (token) {
      w.field(2, 'TokenExpirationSeconds', asNumber(token.expirationSeconds ?? 3600));
    }
  }
}

function writeItems(w: DetailWriter, items: readonly Json[]): void {
  w.line(2, 'Items:');
  for (const item of items) {
    const from = at(item, 'fieldRef', 'fieldPath') ?? at(item, 'resourceFieldRef', 'resource');
    if (from !== undefined) w.line(3, `${asText(from)} -> ${asText(item.path)}`);
  }
}

function writeAttributes(w: DetailWriter, attributes: Readonly<Record<string, string>>): void {
  w.write(2, 'VolumeAttributes:\t');
  const keys = Object.keys(attributes).sort(compareText);
  if (keys.length === 0) w.line(0, '<none>');
  keys.forEach((key, i) => {
    if (i > 0) w.write(2, '    \t');
    w.line(2, shorten(`${key}=${attributes[key]}`, 140));
  });
}
