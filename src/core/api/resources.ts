/** The kinds that the API serves: names, short names, scope, subresources, and whether the engine plays them. */

export interface ResourceInfo {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** `statefulsets` */
  readonly plural: string;
  /** `statefulset` */
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  /** `all` among them for what `get all` lists. */
  readonly categories: readonly string[];
  readonly subresources: readonly (
    | 'status'
    | 'scale'
    | 'eviction'
    | 'finalize'
    | 'token'
    | 'ephemeralcontainers'
    | 'resize'
  )[];
  /** False: accepted, stored and listed, with a warning that nothing acts on it. */
  readonly simulated: boolean;
  /** The columns that the definition of a custom resource asks for. */
  readonly printerColumns?: readonly PrinterColumn[];
  /** Versions that are served beside the preferred one. */
  readonly otherVersions?: readonly string[];
  /** What is said to whoever uses a version of a custom resource, by version. */
  readonly deprecations?: Readonly<Record<string, string>>;
  /** Where a custom resource keeps what its scale shows. */
  readonly scalePaths?: ScalePaths;
}

/** The paths that the scale subresource of a definition names: `.spec.replicas`. */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

/** One of a definition's additionalPrinterColumns. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  readonly format?: string;
  readonly priority?: number;
}

/**
 * One kind a line, in the order of `kubectl api-resources`: plural, kind, scope (n: namespaced, c: cluster), then any of
 * `short=a,b`, `in=category`, `sub=status,scale`, `also=v1` (other versions), `sim` (the engine plays it). `# group/version` opens a group.
 */
const TABLE = `# v1
bindings Binding n
componentstatuses ComponentStatus c short=cs
configmaps ConfigMap n short=cm sim
endpoints Endpoints n short=ep sim
events Event n short=ev sim
limitranges LimitRange n short=limits sim
namespaces Namespace c short=ns sub=finalize,status sim
nodes Node c short=no sub=status sim
persistentvolumeclaims PersistentVolumeClaim n short=pvc sub=status sim
persistentvolumes PersistentVolume c short=pv sub=status sim
pods Pod n short=po in=all sub=status,eviction,ephemeralcontainers,resize sim
podtemplates PodTemplate n
replicationcontrollers ReplicationController n short=rc in=all sub=status,scale
resourcequotas ResourceQuota n short=quota sub=status sim
secrets Secret n sim
serviceaccounts ServiceAccount n short=sa sub=token sim
services Service n short=svc in=all sub=status sim
# admissionregistration.k8s.io/v1
mutatingadmissionpolicies MutatingAdmissionPolicy c in=api-extensions
mutatingadmissionpolicybindings MutatingAdmissionPolicyBinding c in=api-extensions
mutatingwebhookconfigurations MutatingWebhookConfiguration c in=api-extensions
validatingadmissionpolicies ValidatingAdmissionPolicy c in=api-extensions sub=status
validatingadmissionpolicybindings ValidatingAdmissionPolicyBinding c in=api-extensions
validatingwebhookconfigurations ValidatingWebhookConfiguration c in=api-extensions
# apiextensions.k8s.io/v1
customresourcedefinitions CustomResourceDefinition c short=crd,crds in=api-extensions sub=status
# apiregistration.k8s.io/v1
apiservices APIService c in=api-extensions sub=status
# apps/v1
controllerrevisions ControllerRevision n sim
daemonsets DaemonSet n short=ds in=all sub=status
deployments Deployment n short=deploy in=all sub=status,scale
replicasets ReplicaSet n short=rs in=all sub=status,scale
statefulsets StatefulSet n short=sts in=all sub=status,scale sim
# authentication.k8s.io/v1
selfsubjectreviews SelfSubjectReview c
tokenreviews TokenReview c
# authorization.k8s.io/v1
localsubjectaccessreviews LocalSubjectAccessReview n
selfsubjectaccessreviews SelfSubjectAccessReview c
selfsubjectrulesreviews SelfSubjectRulesReview c
subjectaccessreviews SubjectAccessReview c
# autoscaling/v2
horizontalpodautoscalers HorizontalPodAutoscaler n short=hpa in=all sub=status also=v1
# batch/v1
cronjobs CronJob n short=cj in=all sub=status
jobs Job n in=all sub=status
# certificates.k8s.io/v1
certificatesigningrequests CertificateSigningRequest c short=csr sub=status
# coordination.k8s.io/v1
leases Lease n
# discovery.k8s.io/v1
endpointslices EndpointSlice n sim
# events.k8s.io/v1
events Event n short=ev sim
# flowcontrol.apiserver.k8s.io/v1
flowschemas FlowSchema c sub=status
prioritylevelconfigurations PriorityLevelConfiguration c sub=status
# networking.k8s.io/v1
ingressclasses IngressClass c
ingresses Ingress n short=ing sub=status
ipaddresses IPAddress c short=ip
networkpolicies NetworkPolicy n short=netpol
servicecidrs ServiceCIDR c sub=status
# node.k8s.io/v1
runtimeclasses RuntimeClass c
# policy/v1
poddisruptionbudgets PodDisruptionBudget n short=pdb sub=status sim
# rbac.authorization.k8s.io/v1
clusterrolebindings ClusterRoleBinding c
clusterroles ClusterRole c
rolebindings RoleBinding n
roles Role n
# resource.k8s.io/v1
deviceclasses DeviceClass c
resourceclaims ResourceClaim n sub=status
resourceclaimtemplates ResourceClaimTemplate n
resourceslices ResourceSlice c
# scheduling.k8s.io/v1
priorityclasses PriorityClass c short=pc sim
# storage.k8s.io/v1
csidrivers CSIDriver c
csinodes CSINode c
csistoragecapacities CSIStorageCapacity n
storageclasses StorageClass c short=sc sim
volumeattachments VolumeAttachment c sub=status
volumeattributesclasses VolumeAttributesClass c short=vac`;

/** Versions that an older cluster served and that `toStorageVersion` turns into the one of the table. */
const OLDER_VERSIONS: Readonly<Record<string, { readonly version: string; readonly kinds: readonly string[] }>> = {
  'apps/v1beta1': { version: 'apps/v1', kinds: ['ControllerRevision', 'Deployment', 'StatefulSet'] },
  'apps/v1beta2': {
    version: 'apps/v1',
    kinds: ['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
  },
  'policy/v1beta1': { version: 'policy/v1', kinds: ['PodDisruptionBudget'] },
  'storage.k8s.io/v1beta1': { version: 'storage.k8s.io/v1', kinds: ['StorageClass'] },
  'batch/v1beta1': { version: 'batch/v1', kinds: ['CronJob'] },
  'rbac.authorization.k8s.io/v1beta1': {
    version: 'rbac.authorization.k8s.io/v1',
    kinds: ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  },
  'scheduling.k8s.io/v1beta1': { version: 'scheduling.k8s.io/v1', kinds: ['PriorityClass'] },
  'autoscaling/v1': { version: 'autoscaling/v2', kinds: ['HorizontalPodAutoscaler'] },
};

function parseTable(): ResourceInfo[] {
  const resources: ResourceInfo[] = [];
  let group = '';
  let version = '';
  for (const line of TABLE.split('\n')) {
    if (line.startsWith('# ')) {
      [group, version] = splitApiVersion(line.slice(2));
      continue;
    }
    const [plural, kind, scope, ...rest] = line.split(' ');
    // At every start, before anything in here is compiled: each word is looked at once.
    const lists: Record<string, string[]> = {};
    for (const word of rest) {
      const equals = word.indexOf('=');
      if (equals > 0) lists[word.slice(0, equals)] = word.slice(equals + 1).split(',');
    }
    const { short = [], in: categories = [], sub = [], also } = lists;
    resources.push({
      group,
      version,
      kind: kind!,
      plural: plural!,
      singular: kind!.toLowerCase(),
      shortNames: short,
      namespaced: scope === 'n',
      categories,
      subresources: sub as ResourceInfo['subresources'],
      simulated: rest.includes('sim'),
      ...(also && { otherVersions: also }),
    });
  }
  return resources;
}

let resources: readonly ResourceInfo[] | undefined;
let byKind: ReadonlyMap<string, ResourceInfo> | undefined;

/** Every built-in kind of Kubernetes 1.36 that is on by default, in its preferred version, in `api-resources` order. */
export function allResources(): readonly ResourceInfo[] {
  resources ??= parseTable();
  return resources;
}

/** `["apps", "v1"]`; the core group is empty. */
export function splitApiVersion(apiVersion: string): [group: string, version: string] {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
}

/**
 * The built-in kind that a manifest's apiVersion and kind name, both compared exactly. An older version that we convert
 * (`apps/v1beta1`) answers with the version it is stored in.
 */
export function resourceForKind(apiVersion: string, kind: string): ResourceInfo | undefined {
  byKind ??= new Map(allResources().map((resource) => [`${gvOf(resource)} ${resource.kind}`, resource]));
  const current = storageVersionOf(apiVersion, kind) ?? apiVersion;
  return byKind.get(`${current} ${kind}`);
}

/** The apiVersion that an older one is stored in; undefined where nothing is to be converted. */
export function storageVersionOf(apiVersion: string, kind: string): string | undefined {
  if (!Object.hasOwn(OLDER_VERSIONS, apiVersion)) return undefined;
  const older = OLDER_VERSIONS[apiVersion]!;
  return older.kinds.includes(kind) ? older.version : undefined;
}

/**
 * The kind that a command-line word names: plural or singular in any case, or short name in lower case, alone or followed by
 * `.group` or `.version.group`; a group may be cut short (`ingresses.networking`), as RESTMapper matches prefixes when
 * nothing matches exactly. Built-in kinds come before `extra`.
 */
export function findResources(name: string, extra: readonly ResourceInfo[] = []): ResourceInfo | undefined {
  return findAmong(name, extra.length ? [...allResources(), ...extra] : allResources());
}

/** As `findResources`, among these kinds alone: what a real cluster serves. */
export function findAmong(name: string, candidates: readonly ResourceInfo[]): ResourceInfo | undefined {
  const word = name.toLowerCase();
  const [head, second, ...tail] = word.split('.');
  const short = name.split('.')[0]!;
  const named = candidates.filter((r) => r.plural === head || r.singular === head || r.shortNames.includes(short));
  if (second === undefined) return named[0];
  if (tail.length > 0) {
    const group = tail.join('.');
    const exact = named.find((r) => r.group === group && isServed(r, second));
    if (exact) return inVersion(exact, second);
  }
  const group = word.slice(head!.length + 1);
  return named.find((r) => r.group === group) ?? named.find((r) => r.group.startsWith(group));
}

/** Whether the kind can be asked for in that version, `v1beta1`. */
export const isServed = (resource: Pick<ResourceInfo, 'version' | 'otherVersions'>, version: string): boolean =>
  resource.version === version || resource.otherVersions?.includes(version) === true;

/** The kind as it is served in another of its versions. */
export function inVersion(resource: ResourceInfo, version: string): ResourceInfo {
  const { otherVersions } = resource;
  if (resource.version === version || !otherVersions) return resource;
  return { ...resource, version, otherVersions: [resource.version, ...otherVersions].filter((v) => v !== version) };
}

/** `apps/v1`, or `v1` for the core group. */
export const gvOf = (resource: { readonly group: string; readonly version: string }): string =>
  resource.group ? `${resource.group}/${resource.version}` : resource.version;

/** `statefulset.apps`, as in `statefulset.apps/web created`. */
export const kindName = (resource: { readonly group: string; readonly kind: string }): string =>
  resource.group ? `${resource.kind.toLowerCase()}.${resource.group}` : resource.kind.toLowerCase();

/** What names a kind inside the engine: `pods`, `statefulsets.apps`. */
export function resourceKey(resource: { readonly group: string; readonly plural: string }): string {
  if (!resource.group) return resource.plural;
  let key = keys.get(resource);
  if (key === undefined) {
    key = `${resource.plural}.${resource.group}`;
    keys.set(resource, key);
  }
  return key;
}

/** Every controller asks for the key of every event. */
const keys = new WeakMap<object, string>();
