/** Defaults of volumes and claim specs (as SetDefaults_Volume and its sources in core/v1). */
import { asObject, type Json, mapField, mapList, withAbsent } from '../json';
import { pullPolicy } from './images';

const MODE = 0o644;

export function volumeDefaults(volume: Json): Json {
  const sources = Object.keys(volume).filter((key) => key !== 'name' && volume[key] !== undefined);
  if (sources.length === 0) return { ...volume, emptyDir: {} };
  let v = volume;
  for (const source of ['secret', 'configMap']) v = mapField(v, source, (s) => withAbsent(s, { defaultMode: MODE }));
  v = mapField(v, 'downwardAPI', (s) => downwardItems(withAbsent(s, { defaultMode: MODE })));
  v = mapField(v, 'projected', (s) => mapList(withAbsent(s, { defaultMode: MODE }), 'sources', projectionDefaults));
  v = mapField(v, 'ephemeral', (s) =>
    mapField(s, 'volumeClaimTemplate', (t) => {
      const template = withAbsent(t, { metadata: {}, spec: {} });
      return mapField(template, 'spec', claimSpecDefaults);
    }),
  );
  v = mapField(v, 'image', (s) => withAbsent(s, { pullPolicy: pullPolicy(s.reference) }));
  return storageSourceDefaults(v);
}

/** The sources that pods and PersistentVolumes share. */
export function storageSourceDefaults(holder: Json): Json {
  let v = mapField(holder, 'hostPath', (s) => withAbsent(s, { type: '' }));
  v = mapField(v, 'iscsi', (s) => withAbsent(s, { iscsiInterface: 'default' }));
  v = mapField(v, 'rbd', (s) => withAbsent(s, { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' }));
  v = mapField(v, 'scaleIO', (s) => withAbsent(s, { storageMode: 'ThinProvisioned', fsType: 'xfs' }));
  return mapField(v, 'azureDisk', (s) =>
    withAbsent(s, { cachingMode: 'ReadWrite', kind: 'Shared', fsType: 'ext4', readOnly: false }),
  );
}

const claimSpecDefaults = (spec: Json): Json => withAbsent(spec, { resources: {}, volumeMode: 'Filesystem' });

/** A claim as it stands in a StatefulSet's volumeClaimTemplates, or by itself. */
export function claimDefaults(claim: Json): Json {
  const c = withAbsent(claim, { metadata: {}, spec: {}, status: {} });
  return mapField(mapField(c, 'spec', claimSpecDefaults), 'status', (s) => withAbsent(s, { phase: 'Pending' }));
}

function projectionDefaults(source: Json): Json {
  const s = mapField(source, 'serviceAccountToken', (token) => withAbsent(token, { expirationSeconds: 3600 }));
  return mapField(s, 'downwardAPI', downwardItems);
}

const downwardItems = (source: Json): Json =>
  mapList(source, 'items', (item) => {
    const withField = mapField(item, 'fieldRef', (ref) => withAbsent(ref, { apiVersion: 'v1' }));
    return mapField(withField, 'resourceFieldRef', (ref) => withAbsent(asObject(ref), { divisor: '0' }));
  });
