/** The rules of volumes: one source each, and what each source asks for. */
import { describe, expect, it } from 'vitest';
import { pod } from '../fixtures';
import { create, LABEL, type Row, SUBDOMAIN } from './support';

const V = 'spec.volumes[0]';
const refuse = (rows: readonly Row[]): void =>
  it.each(rows)('refuse %s', (_, manifest, errors) => {
    expect(create(manifest)).toEqual(errors);
  });
const volumes = (...list: object[]) => pod({ volumes: list });
const source = (content: object) => volumes({ name: 'v', ...content });
const projected = (...sources: object[]) => source({ projected: { sources } });

describe('volumes', () => {
  refuse([
    [
      'names',
      volumes({ emptyDir: {} }, { name: 'A', emptyDir: {} }, { name: 'v', emptyDir: {} }, { name: 'v', emptyDir: {} }),
      [
        `${V}.name: Required value`,
        `spec.volumes[1].name: Invalid value: "A": ${LABEL}`,
        'spec.volumes[3].name: Duplicate value: "v"',
      ],
    ],
    [
      'two sources',
      source({ cephfs: { monitors: ['m'] }, emptyDir: {}, downwardAPI: {}, secret: {} }),
      [
        `${V}.secret: Forbidden: may not specify more than 1 volume type`,
        `${V}.cephFS: Forbidden: may not specify more than 1 volume type`,
        `${V}.downwarAPI: Forbidden: may not specify more than 1 volume type`,
      ],
    ],
    [
      'a negative size',
      source({ emptyDir: { sizeLimit: '-1' } }),
      [`${V}.emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity`],
    ],
    [
      'a claim that another volume makes',
      volumes(
        {
          name: 'e',
          ephemeral: {
            volumeClaimTemplate: {
              spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
            },
          },
        },
        { name: 'v', persistentVolumeClaim: { claimName: 'p-e' } },
      ),
      [
        'spec.volumes[1].persistentVolumeClaim.claimName: Invalid value: "p-e": must not reference a PVC that gets created for an ephemeral volume',
      ],
    ],
    [
      'what the metadata of a claim template may not have',
      source({
        ephemeral: {
          volumeClaimTemplate: {
            metadata: { name: 'n', uid: 'u', labels: { a: 'b' } },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        },
      }),
      [
        `${V}.ephemeral.volumeClaimTemplate.metadata.name: Forbidden: cannot be set`,
        `${V}.ephemeral.volumeClaimTemplate.metadata.uID: Forbidden: cannot be set`,
      ],
    ],
    ['no claim template', source({ ephemeral: {} }), [`${V}.ephemeral.volumeClaimTemplate: Required value`]],
    [
      'images',
      source({ image: { pullPolicy: 'Sometimes' } }),
      [
        `${V}.image.reference: Required value`,
        `${V}.image.pullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"`,
      ],
    ],
  ]);
});

describe('files', () => {
  const mode = 'must be a number between 0 and 0777 (octal), both inclusive';
  refuse([
    [
      'keys and paths of a secret',
      source({
        secret: { defaultMode: 512, items: [{}, { key: 'k', path: '/etc' }, { key: 'k', path: 'a/../b', mode: -1 }] },
      }),
      [
        `${V}.secret.secretName: Required value`,
        `${V}.secret.defaultMode: Invalid value: 512: ${mode}`,
        `${V}.secret.items[0].key: Required value`,
        `${V}.secret.items[0].path: Required value`,
        `${V}.secret.items[1].path: Invalid value: "/etc": must be a relative path`,
        `${V}.secret.items[2].path: Invalid value: "a/../b": must not contain '..'`,
        `${V}.secret.items[2].mode: Invalid value: -1: ${mode}`,
      ],
    ],
    [
      'a path that starts with dots',
      source({ configMap: { items: [{ key: 'k', path: '..data' }] } }),
      [
        `${V}.configMap.name: Required value`,
        `${V}.configMap.items[0].path: Invalid value: "..data": must not start with '..'`,
      ],
    ],
    [
      'files about the pod, without their index',
      source({
        downwardAPI: {
          items: [
            { path: 'a' },
            { path: '..', fieldRef: { fieldPath: 'metadata.name' }, resourceFieldRef: { resource: 'limits.cpu' } },
            { path: 'b', fieldRef: { fieldPath: 'spec.nodeName' } },
            { path: 'c', resourceFieldRef: { resource: 'limits.cpu' } },
          ],
        },
      }),
      [
        `${V}.downwardAPI: Required value: one of fieldRef and resourceFieldRef is required`,
        `${V}.downwardAPI.path: Invalid value: "..": must not contain '..'`,
        `${V}.downwardAPI.path: Invalid value: "..": must not start with '..'`,
        `${V}.downwardAPI: Invalid value: "resource": fieldRef and resourceFieldRef can not be specified simultaneously`,
        `${V}.downwardAPI.fieldRef.fieldPath: Unsupported value: "spec.nodeName": supported values: "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"`,
        `${V}.downwardAPI.resourceFieldRef.containerName: Required value`,
      ],
    ],
    [
      'several sources in one, badly',
      projected(
        { secret: {}, configMap: { name: 'c', items: [{ key: 'k', path: 'a' }] } },
        { secret: { name: 's', items: [{ key: 'k', path: 'a' }] } },
        { downwardAPI: { items: [{ path: 'a', fieldRef: { fieldPath: 'metadata.name' } }] } },
        { serviceAccountToken: { path: '', expirationSeconds: 5 } },
      ),
      [
        `${V}.projected.sources[0].secret.name: Required value`,
        `${V}.projected.sources[0]: Forbidden: may not specify more than 1 volume type per source`,
        `${V}.projected: Invalid value: "s": conflicting duplicate paths`,
        `${V}.projected: Invalid value: "a": conflicting duplicate paths`,
        `${V}.projected.sources[3].serviceAccountToken.expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes`,
        `${V}.projected.path: Required value`,
        `${V}.projected.sources[3].serviceAccountToken: Forbidden: must not be specified when serviceAccountName is not set`,
      ],
    ],
  ]);
  it('of a token need a service account', () => {
    const token = { serviceAccountToken: { path: 'token' } };
    expect(create(pod({ volumes: [{ name: 'v', projected: { sources: [token] } }], serviceAccountName: 's' }))).toEqual(
      [],
    );
    expect(create(projected({ secret: { name: 's' } }, token))).toEqual([
      `${V}.projected.sources[1].serviceAccountToken: Forbidden: must not be specified when serviceAccountName is not set`,
    ]);
  });
});

describe('disks and shares', () => {
  refuse([
    [
      'host paths',
      volumes({ name: 'a', hostPath: {} }, { name: 'b', hostPath: { path: '/a/../b', type: 'Folder' } }),
      [
        `${V}.hostPath.path: Required value`,
        `spec.volumes[1].hostPath.path: Invalid value: "/a/../b": must not contain '..'`,
        'spec.volumes[1].hostPath.type: Unsupported value: "Folder": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
      ],
    ],
    [
      'shares',
      volumes(
        { name: 'a', nfs: { path: 'x' } },
        { name: 'b', glusterfs: { endpoints: 'e', path: '' } },
        { name: 'c', cephfs: { monitors: [] } },
        { name: 'd', rbd: { monitors: ['m'], image: '' } },
        { name: 'e', azureFile: { secretName: 's', shareName: '' } },
        { name: 'f', gitRepo: { repository: '', directory: '..' } },
      ),
      [
        `${V}.nfs.server: Required value`,
        `${V}.nfs.path: Invalid value: "x": must be an absolute path`,
        'spec.volumes[1].glusterfs.path: Required value',
        'spec.volumes[2].cephfs.monitors: Required value',
        'spec.volumes[3].rbd.image: Required value',
        'spec.volumes[4].azureFile.shareName: Required value',
        'spec.volumes[5].gitRepo.repository: Required value',
        `spec.volumes[5].gitRepo.directory: Invalid value: "..": must not contain '..'`,
      ],
    ],
    [
      'disks in clouds',
      volumes(
        { name: 'a', gcePersistentDisk: { pdName: '', partition: 256 } },
        { name: 'b', awsElasticBlockStore: { volumeID: 'x', partition: -1 } },
        { name: 'c', cinder: { volumeID: '', secretRef: {} } },
        { name: 'd', vsphereVolume: { volumePath: '' } },
        { name: 'e', photonPersistentDisk: { pdID: '' } },
        { name: 'f', portworxVolume: { volumeID: '' } },
        { name: 'g', scaleIO: { gateway: 'g', system: '', secretRef: { name: 's' }, volumeName: '' } },
      ),
      [
        `${V}.persistentDisk.pdName: Required value`,
        `${V}.persistentDisk.partition: Invalid value: 256: must be between 1 and 255, inclusive`,
        'spec.volumes[1].awsElasticBlockStore.partition: Invalid value: -1: must be between 1 and 255, inclusive',
        'spec.volumes[2].cinder.volumeID: Required value',
        'spec.volumes[2].cinder.secretRef.name: Required value',
        'spec.volumes[3].vsphereVolume.volumePath: Required value',
        'spec.volumes[4].photonPersistentDisk.pdID: Required value',
        'spec.volumes[5].portworxVolume.volumeID: Required value',
        'spec.volumes[6].scaleIO.system: Required value',
        'spec.volumes[6].scaleIO.volumeName: Required value',
      ],
    ],
    [
      'disks of Azure',
      volumes(
        { name: 'a', azureDisk: { diskName: 'd', diskURI: 'https://x', kind: 'Managed', cachingMode: 'All' } },
        { name: 'b', azureDisk: { diskName: 'd', diskURI: '/subscriptions/x' } },
      ),
      [
        `${V}.azureDisk.cachingMode: Unsupported value: "All": supported values: "None", "ReadOnly", "ReadWrite"`,
        `${V}.azureDisk.diskURI: Unsupported value: "https://x": supported values: "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}"`,
        'spec.volumes[1].azureDisk.diskURI: Unsupported value: "/subscriptions/x": supported values: "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"',
      ],
    ],
    [
      'fibre channels',
      volumes(
        { name: 'a', fc: {} },
        { name: 'b', fc: { targetWWNs: ['x'], wwids: ['y'], lun: 256 } },
        { name: 'c', fc: { targetWWNs: ['x'] } },
      ),
      [
        `${V}.fc.targetWWNs: Required value: must specify either targetWWNs or wwids, but not both`,
        'spec.volumes[1].fc.targetWWNs: Invalid value: ["x"]: targetWWNs and wwids can not be specified simultaneously',
        'spec.volumes[1].fc.lun: Invalid value: 256: must be between 0 and 255, inclusive',
        'spec.volumes[2].fc.lun: Required value: lun is required if targetWWNs is specified',
      ],
    ],
    [
      'iSCSI targets',
      volumes(
        { name: 'a', iscsi: { targetPortal: '', iqn: 'abc', lun: 256, chapAuthSession: true } },
        {
          name: 'b',
          iscsi: { targetPortal: 't'.repeat(64), iqn: 'eui.0123456789abcdef', lun: 0, initiatorName: 'iqn.x' },
        },
      ),
      [
        `${V}.iscsi.targetPortal: Required value`,
        `${V}.iscsi.iqn: Invalid value: "abc": must be valid format starting with iqn, eui, or naa`,
        `${V}.iscsi.lun: Invalid value: 256: must be between 0 and 255, inclusive`,
        `${V}.iscsi.secretRef: Required value`,
        'spec.volumes[1].iscsi.initiatorname: Invalid value: "iqn.x": must be valid format',
        'spec.volumes[1].name: Invalid value: "b": Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.',
      ],
    ],
    [
      'storage that nobody has any more',
      volumes(
        { name: 'a', flocker: { datasetName: 'a/b', datasetUUID: 'u' } },
        { name: 'b', flocker: {} },
        { name: 'c', quobyte: { registry: 'host', volume: '' } },
        { name: 'd', quobyte: { registry: 'a:1,[::1]:2', volume: 'v', tenant: 't'.repeat(65) } },
        { name: 'e', storageos: { volumeName: 'A', volumeNamespace: '-', secretRef: {} } },
        { name: 'f', flexVolume: { driver: 'd', options: { 'a.k8s.io/x': 'y', 'k8s.io': 'z', fine: 'w' } } },
      ),
      [
        `${V}.flocker: Invalid value: "resource": datasetName and datasetUUID can not be specified simultaneously`,
        `${V}.flocker.datasetName: Invalid value: "a/b": must not contain '/'`,
        'spec.volumes[1].flocker: Required value: one of datasetName and datasetUUID is required',
        'spec.volumes[2].quobyte.registry: Invalid value: "host": must be a host:port pair or multiple pairs separated by commas',
        'spec.volumes[2].quobyte.volume: Required value',
        'spec.volumes[3].quobyte.tenant: Required value: must be a UUID and may not exceed a length of 64 characters',
        `spec.volumes[4].storageos.volumeName: Invalid value: "A": ${LABEL}`,
        `spec.volumes[4].storageos.volumeNamespace: Invalid value: "-": ${LABEL}`,
        'spec.volumes[4].storageos.secretRef.name: Required value',
        'spec.volumes[5].flexVolume.options[a.k8s.io/x]: Invalid value: "a.k8s.io/x": kubernetes.io and k8s.io namespaces are reserved',
        'spec.volumes[5].flexVolume.options[k8s.io]: Invalid value: "k8s.io": kubernetes.io and k8s.io namespaces are reserved',
      ],
    ],
    [
      'drivers',
      volumes(
        { name: 'a', csi: { driver: '', nodePublishSecretRef: {} } },
        { name: 'b', csi: { driver: 'd'.repeat(64), nodePublishSecretRef: { name: 'A' } } },
      ),
      [
        `${V}.csi.driver: Required value`,
        `${V}.csi.nodePublishSecretRef.name: Required value`,
        'spec.volumes[1].csi.driver: Too long: may not be more than 63 bytes',
        `spec.volumes[1].csi.name: Invalid value: "A": ${SUBDOMAIN}`,
      ],
    ],
  ]);
});
