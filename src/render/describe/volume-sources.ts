/** What kubectl prints of each kind of volume source: its headline, then title, field and how an absent one reads. */
import type { FieldKind } from './volumes';

type Field = readonly [title: string, field: string, kind: FieldKind];
type Source = readonly [name: string, headline: string, fields: readonly Field[]];

/** In the order in which kubectl looks for them (as describeVolumes and describePersistentVolume). */
export function volumeSources(persistent: boolean): readonly Source[] {
  return persistent ? persistentSources() : podSources();
}

const text = (title: string, field: string): Field => [`${title}:`, field, 'text'];
const flag = (title: string, field: string): Field => [`${title}:`, field, 'flag'];
const number = (title: string, field: string): Field => [`${title}:`, field, 'number'];
const fsType = text('FSType', 'fsType');
const readOnly = flag('ReadOnly', 'readOnly');
const secretRef: Field = ['SecretRef:', 'secretRef', 'secret'];

function podSources(): readonly Source[] {
  return [
    hostPath(),
    [
      'emptyDir',
      "EmptyDir (a temporary directory that shares a pod's lifetime)",
      [text('Medium', 'medium'), ['SizeLimit:', 'sizeLimit', 'size']],
    ],
    ...clouds(),
    [
      'gitRepo',
      'GitRepo (a volume that is pulled from git when the pod is created)',
      [text('Repository', 'repository'), text('Revision', 'revision')],
    ],
    [
      'secret',
      'Secret (a volume populated by a Secret)',
      [text('SecretName', 'secretName'), flag('Optional', 'optional')],
    ],
    [
      'configMap',
      'ConfigMap (a volume populated by a ConfigMap)',
      [text('Name', 'name'), flag('Optional', 'optional')],
    ],
    nfs(),
    iscsi(),
    glusterfs([]),
    [
      'persistentVolumeClaim',
      'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
      [text('ClaimName', 'claimName'), readOnly],
    ],
    [
      'ephemeral',
      'EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)',
      [],
    ],
    ...shared(),
    ['downwardAPI', 'DownwardAPI (a volume populated by information about the pod)', []],
    scaleIO([]),
    azureFile([]),
    ['projected', 'Projected (a volume that contains injected data from multiple sources)', []],
    ['csi', CSI, [text('Driver', 'driver'), fsType, readOnly]],
    [
      'image',
      'Image (a container image or OCI artifact)',
      [text('Reference', 'reference'), text('PullPolicy', 'pullPolicy')],
    ],
  ];
}

function persistentSources(): readonly Source[] {
  return [
    hostPath(),
    ...clouds(),
    nfs(),
    iscsi(),
    glusterfs([['EndpointsNamespace:', 'endpointsNamespace', 'or:<unset>']]),
    ...shared(),
    scaleIO([text('SecretName', 'secretRef.name'), text('SecretNamespace', 'secretRef.namespace')]),
    ['local', 'LocalVolume (a persistent volume backed by local storage on a node)', [text('Path', 'path')]],
    azureFile([text('SecretNamespace', 'secretNamespace')]),
    ['csi', CSI, [text('Driver', 'driver'), fsType, text('VolumeHandle', 'volumeHandle'), readOnly]],
  ];
}

const CSI = 'CSI (a Container Storage Interface (CSI) volume source)';

const hostPath = (): Source => [
  'hostPath',
  'HostPath (bare host directory volume)',
  [text('Path', 'path'), ['HostPathType:', 'type', 'or:<none>']],
];

const nfs = (): Source => [
  'nfs',
  'NFS (an NFS mount that lasts the lifetime of a pod)',
  [text('Server', 'server'), text('Path', 'path'), readOnly],
];

const iscsi = (): Source => [
  'iscsi',
  "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)",
  [
    text('TargetPortal', 'targetPortal'),
    text('IQN', 'iqn'),
    number('Lun', 'lun'),
    ['ISCSIInterface', 'iscsiInterface', 'text'],
    fsType,
    readOnly,
    ['Portals:', 'portals', 'list'],
    flag('DiscoveryCHAPAuth', 'chapAuthDiscovery'),
    flag('SessionCHAPAuth', 'chapAuthSession'),
    secretRef,
    ['InitiatorName:', 'initiatorName', 'or:<none>'],
  ],
];

const glusterfs = (extra: readonly Field[]): Source => [
  'glusterfs',
  "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)",
  [text('EndpointsName', 'endpoints'), ...extra, text('Path', 'path'), readOnly],
];

const azureFile = (extra: readonly Field[]): Source => [
  'azureFile',
  'AzureFile (an Azure File Service mount on the host and bind mount to the pod)',
  [text('SecretName', 'secretName'), ...extra, text('ShareName', 'shareName'), readOnly],
];

const scaleIO = (secret: readonly Field[]): Source => [
  'scaleIO',
  'ScaleIO (a persistent volume backed by a block device in ScaleIO)',
  [
    text('Gateway', 'gateway'),
    text('System', 'system'),
    text('Protection Domain', 'protectionDomain'),
    text('Storage Pool', 'storagePool'),
    text('Storage Mode', 'storageMode'),
    text('VolumeName', 'volumeName'),
    ...secret,
    fsType,
    readOnly,
  ],
];

const clouds = (): readonly Source[] => [
  [
    'gcePersistentDisk',
    'GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)',
    [text('PDName', 'pdName'), fsType, number('Partition', 'partition'), readOnly],
  ],
  [
    'awsElasticBlockStore',
    'AWSElasticBlockStore (a Persistent Disk resource in AWS)',
    [text('VolumeID', 'volumeID'), fsType, number('Partition', 'partition'), readOnly],
  ],
];

/** Sources that pods and persistent volumes describe alike. */
const shared = (): readonly Source[] => [
  [
    'rbd',
    "RBD (a Rados Block Device mount on the host that shares a pod's lifetime)",
    [
      ['CephMonitors:', 'monitors', 'list'],
      text('RBDImage', 'image'),
      fsType,
      text('RBDPool', 'pool'),
      text('RadosUser', 'user'),
      text('Keyring', 'keyring'),
      secretRef,
      readOnly,
    ],
  ],
  [
    'quobyte',
    "Quobyte (a Quobyte mount on the host that shares a pod's lifetime)",
    [text('Registry', 'registry'), text('Volume', 'volume'), readOnly],
  ],
  [
    'azureDisk',
    'AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)',
    [
      text('DiskName', 'diskName'),
      text('DiskURI', 'diskURI'),
      ['Kind: ', 'kind', 'text'],
      fsType,
      text('CachingMode', 'cachingMode'),
      readOnly,
    ],
  ],
  [
    'vsphereVolume',
    'vSphereVolume (a Persistent Disk resource in vSphere)',
    [text('VolumePath', 'volumePath'), fsType, text('StoragePolicyName', 'storagePolicyName')],
  ],
  [
    'cinder',
    'Cinder (a Persistent Disk resource in OpenStack)',
    [text('VolumeID', 'volumeID'), fsType, readOnly, secretRef],
  ],
  [
    'photonPersistentDisk',
    'PhotonPersistentDisk (a Persistent Disk resource in photon platform)',
    [text('PdID', 'pdID'), fsType],
  ],
  ['portworxVolume', 'PortworxVolume (a Portworx Volume resource)', [text('VolumeID', 'volumeID')]],
  [
    'cephfs',
    "CephFS (a CephFS mount on the host that shares a pod's lifetime)",
    [
      ['Monitors:', 'monitors', 'list'],
      text('Path', 'path'),
      text('User', 'user'),
      text('SecretFile', 'secretFile'),
      secretRef,
      readOnly,
    ],
  ],
  [
    'storageos',
    'StorageOS (a StorageOS Persistent Disk resource)',
    [text('VolumeName', 'volumeName'), text('VolumeNamespace', 'volumeNamespace'), fsType, readOnly],
  ],
  [
    'fc',
    'FC (a Fibre Channel disk)',
    [['TargetWWNs:', 'targetWWNs', 'comma'], ['LUN:', 'lun', 'or:<none>'], fsType, readOnly],
  ],
  [
    'flexVolume',
    'FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)',
    [text('Driver', 'driver'), fsType, secretRef, readOnly, ['Options:', 'options', 'map']],
  ],
  [
    'flocker',
    'Flocker (a Flocker volume mounted by the Flocker agent)',
    [text('DatasetName', 'datasetName'), text('DatasetUUID', 'datasetUUID')],
  ],
];
