/** Volumes that work no more or soon, and files of one volume that get into each other's way. */
import { goQuote } from '../../meta/gofmt';
import { asList, asObject, asString, isSet, type Json } from '../json';
import { claimSpecWarnings } from './claim-warnings';

/** Sources in upstream's order, with the name that the warning gives them where it is another one. */
const DEPRECATED: readonly (readonly [source: string, text: string, shown?: string])[] = [
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+', 'storageOS'],
  ['quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['ephemeral', ''],
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
];

export function volumeWarnings(volumes: readonly Json[], path: string): string[] {
  const warnings: string[] = [];
  for (const [i, volume] of volumes.entries()) {
    for (const [source, text, shown = source] of DEPRECATED) {
      if (!isSet(volume[source])) continue;
      if (text) warnings.push(`${path}[${i}].${shown}: ${text}`);
      else {
        const { spec } = asObject(asObject(volume.ephemeral).volumeClaimTemplate);
        warnings.push(...claimSpecWarnings(asObject(spec), `${path}[${i}].ephemeral.volumeClaimTemplate.spec`));
      }
    }
  }
  return [...warnings, ...volumes.flatMap(overlaps)];
}

const pathsOf = (source: unknown): string[] => asList(asObject(source).items).map((item) => asString(item.path));

function overlaps(volume: Json): string[] {
  const { configMap, secret, downwardAPI, projected } = volume;
  const name = goQuote(asString(volume.name));
  if (isSet(configMap)) {
    const source = goQuote(asString(asObject(configMap).name));
    return collisions(pathsOf(configMap), `volume ${name} (ConfigMap ${source}): overlapping paths`);
  }
  if (isSet(secret)) {
    const source = goQuote(asString(asObject(secret).secretName));
    return collisions(pathsOf(secret), `volume ${name} (Secret ${source}): overlapping paths`);
  }
  if (isSet(downwardAPI)) return collisions(pathsOf(downwardAPI), `volume ${name} (DownwardAPI): overlapping paths`);
  return isSet(projected) ? projectedOverlaps(asList(asObject(projected).sources), `volume ${name} (Projected`) : [];
}

function projectedOverlaps(sources: readonly Json[], prefix: string): string[] {
  const warnings: string[] = [];
  const all = new Set<string>();
  for (const source of sources) {
    if (Object.values(source).every((value) => !isSet(value))) {
      warnings.push(`${prefix}) has no sources provided`);
      continue;
    }
    const [what, paths] = contentOf(source);
    if (paths.length === 0) continue;
    const message = `${prefix} ${what}): overlapping paths`;
    warnings.push(...collisions(paths, message));
    const own = [...new Set(paths)];
    warnings.push(...collisions([...own, ...all].sort(), message));
    for (const path of own) all.add(path);
  }
  return warnings;
}

function contentOf({ configMap, secret, downwardAPI, serviceAccountToken }: Json): [what: string, paths: string[]] {
  if (isSet(asObject(configMap).items)) {
    return [`ConfigMap ${goQuote(asString(asObject(configMap).name))}`, pathsOf(configMap)];
  }
  if (isSet(asObject(secret).items)) return [`Secret ${goQuote(asString(asObject(secret).name))}`, pathsOf(secret)];
  if (isSet(asObject(downwardAPI).items)) return ['DownwardAPI', pathsOf(downwardAPI)];
  if (!isSet(serviceAccountToken)) return ['', []];
  return ['ServiceAccountToken', [asString(asObject(serviceAccountToken).path)]];
}

/** Each path that is another's, or lies below another, with the first one that it meets. */
function collisions(paths: readonly string[], message: string): string[] {
  if (paths.length < 2) return [];
  const seen: string[] = [];
  return paths.flatMap((given) => {
    const path = given.replace(/\/+$/, '');
    const other = seen.find((s) => s !== '' && (s === path || s.startsWith(`${path}/`) || path.startsWith(`${s}/`)));
    if (!seen.includes(path)) seen.push(path);
    return other === undefined || path === '' ? [] : [`${message}: ${goQuote(path)} with ${goQuote(other)}`];
  });
}
