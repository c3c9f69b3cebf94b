/**
 * In which order Go's structs of the workload kinds name their fields: one list does for all, as they hardly disagree. (A pod's
 * conditions have observedGeneration elsewhere, between type and status.)
 */

const FIELDS = [
  'kind apiVersion metadata spec volumes initContainers containers ephemeralContainers name namespace generateName uid',
  // Containers and what is in them.
  'image command args workingDir key operator value valueFrom prefix configMapRef secretRef readOnly recursiveReadOnly mountPath subPath',
  'mountPropagation subPathExpr devicePath hostPort containerPort protocol appProtocol port targetPort nodePort hostIP',
  // Services.
  'ports envFrom env observedGeneration replicas accessModes minAvailable selector clusterIP clusterIPs type status',
  'rollingUpdate partition externalIPs sessionAffinity',
  'loadBalancerIP loadBalancerSourceRanges externalName externalTrafficPolicy healthCheckNodePort',
  'publishNotReadyAddresses sessionAffinityConfig ipFamilies ipFamilyPolicy allocateLoadBalancerNodePorts',
  'loadBalancerClass internalTrafficPolicy loadBalancer',
  // Stateful sets and claims.
  'resources volumeName storageClassName volumeMode template volumeClaimTemplates serviceName podManagementPolicy',
  'updateStrategy revisionHistoryLimit minReadySeconds persistentVolumeClaimRetentionPolicy ordinals whenDeleted whenScaled',
  'readyReplicas currentReplicas updatedReplicas currentRevision updateRevision collisionCount',
  // The rest of containers and of pods.
  'resizePolicy restartPolicy volumeMounts volumeDevices livenessProbe readinessProbe startupProbe lifecycle',
  'terminationMessagePath terminationMessagePolicy imagePullPolicy terminationGracePeriodSeconds activeDeadlineSeconds',
  'dnsPolicy nodeSelector serviceAccountName serviceAccount automountServiceAccountToken nodeName hostNetwork hostPID',
  'hostIPC shareProcessNamespace securityContext imagePullSecrets hostname subdomain affinity schedulerName tolerations',
  'hostAliases priorityClassName priority dnsConfig readinessGates runtimeClassName enableServiceLinks preemptionPolicy',
  'overhead topologySpreadConstraints setHostnameAsFQDN os',
  // Probes.
  'exec httpGet tcpSocket grpc path host scheme initialDelaySeconds timeoutSeconds periodSeconds successThreshold',
  'failureThreshold',
  // Nodes and disruption budgets.
  'podCIDR podCIDRs providerID unschedulable taints effect tolerationSeconds timeAdded capacity allocatable',
  'phase maxUnavailable unhealthyPodEvictionPolicy disruptedPods disruptionsAllowed currentHealthy',
  'desiredHealthy expectedPods conditions lastProbeTime lastHeartbeatTime lastTransitionTime reason message',
  'availableReplicas addresses address daemonEndpoints nodeInfo machineID systemUUID bootID kernelVersion osImage',
  'containerRuntimeVersion kubeletVersion kubeProxyVersion operatingSystem architecture',
];

let places: ReadonlyMap<string, number> | undefined;

/** Sorts the fields of one struct. Fields that the list does not know stay behind the others, as they are. */
export function inStructOrder<T>(entries: readonly (readonly [string, T])[]): (readonly [string, T])[] {
  places ??= new Map(
    FIELDS.join(' ')
      .split(' ')
      .map((field, i) => [field, i]),
  );
  const place = ([field]: readonly [string, T]): number => places?.get(field) ?? Number.MAX_SAFE_INTEGER;
  return [...entries].sort((a, b) => Math.sign(place(a) - place(b)));
}
