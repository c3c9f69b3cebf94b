/**
 * The messages that typed clients send, as the API's protobuf definitions number their fields: `number:name:type`. Types are
 * s (string), i (integer), b (bool), y (bytes), q (quantity), t (time), u (time with
 * microseconds), x (integer or string), or another message; `[]` makes a
 * list, `{}` a map, and `^` puts a message's fields in the place of its own. What is not here is not taken.
 */
const MESSAGES = `
TypeMeta 1:apiVersion:s 2:kind:s
ObjectMeta 1:name:s 2:generateName:s 3:namespace:s 4:selfLink:s 5:uid:s 6:resourceVersion:s 7:generation:i 8:creationTimestamp:t 9:deletionTimestamp:t 10:deletionGracePeriodSeconds:i 11:labels:{}s 12:annotations:{}s 13:ownerReferences:[]OwnerReference 14:finalizers:[]s
OwnerReference 1:kind:s 3:name:s 4:uid:s 5:apiVersion:s 6:controller:b 7:blockOwnerDeletion:b
LabelSelector 1:matchLabels:{}s 2:matchExpressions:[]LabelSelectorRequirement
LabelSelectorRequirement 1:key:s 2:operator:s 3:values:[]s
DeleteOptions 1:gracePeriodSeconds:i 2:preconditions:Preconditions 3:orphanDependents:b 4:propagationPolicy:s 5:dryRun:[]s
Preconditions 1:uid:s 2:resourceVersion:s
LocalObjectReference 1:name:s
ObjectReference 1:kind:s 2:namespace:s 3:name:s 4:uid:s 5:apiVersion:s 6:resourceVersion:s 7:fieldPath:s
Namespace 1:metadata:ObjectMeta 2:spec:NamespaceSpec 3:status:NamespaceStatus
NamespaceSpec 1:finalizers:[]s
NamespaceStatus 1:phase:s
ConfigMap 1:metadata:ObjectMeta 2:data:{}s 3:binaryData:{}y 4:immutable:b
Secret 1:metadata:ObjectMeta 2:data:{}y 3:type:s 4:stringData:{}s 5:immutable:b
ServiceAccount 1:metadata:ObjectMeta 2:secrets:[]ObjectReference 3:imagePullSecrets:[]LocalObjectReference 4:automountServiceAccountToken:b
ResourceQuota 1:metadata:ObjectMeta 2:spec:ResourceQuotaSpec 3:status:ResourceQuotaStatus
ResourceQuotaSpec 1:hard:{}q 2:scopes:[]s
ResourceQuotaStatus 1:hard:{}q 2:used:{}q
Service 1:metadata:ObjectMeta 2:spec:ServiceSpec 3:status:ServiceStatus
ServiceSpec 1:ports:[]ServicePort 2:selector:{}s 3:clusterIP:s 4:type:s 5:externalIPs:[]s 7:sessionAffinity:s 8:loadBalancerIP:s 9:loadBalancerSourceRanges:[]s 10:externalName:s 11:externalTrafficPolicy:s 12:healthCheckNodePort:i 13:publishNotReadyAddresses:b 16:ipFamily:s 17:ipFamilyPolicy:s 18:clusterIPs:[]s 19:ipFamilies:[]s 20:allocateLoadBalancerNodePorts:b 21:loadBalancerClass:s 22:internalTrafficPolicy:s
ServicePort 1:name:s 2:protocol:s 3:port:i 4:targetPort:x 5:nodePort:i 6:appProtocol:s
ServiceStatus 1:loadBalancer:LoadBalancerStatus
LoadBalancerStatus
PodTemplateSpec 1:metadata:ObjectMeta 2:spec:PodSpec
PodSpec 1:volumes:[]Volume 2:containers:[]Container 3:restartPolicy:s 4:terminationGracePeriodSeconds:i 5:activeDeadlineSeconds:i 6:dnsPolicy:s 7:nodeSelector:{}s 8:serviceAccountName:s 9:serviceAccount:s 10:nodeName:s 11:hostNetwork:b 12:hostPID:b 13:hostIPC:b 14:securityContext:PodSecurityContext 15:imagePullSecrets:[]LocalObjectReference 16:hostname:s 17:subdomain:s 19:schedulerName:s 20:initContainers:[]Container 21:automountServiceAccountToken:b 22:tolerations:[]Toleration 24:priorityClassName:s 25:priority:i 27:shareProcessNamespace:b 30:enableServiceLinks:b 31:preemptionPolicy:s
PodSecurityContext 2:runAsUser:i 3:runAsNonRoot:b 5:fsGroup:i 6:runAsGroup:i 4:supplementalGroups:[]i
Pod 1:metadata:ObjectMeta 2:spec:PodSpec 3:status:PodStatus
PodStatus 1:phase:s 3:message:s 4:reason:s 5:hostIP:s 6:podIP:s 9:qosClass:s 11:nominatedNodeName:s 14:resize:s 17:observedGeneration:i
Toleration 1:key:s 2:operator:s 3:value:s 4:effect:s 5:tolerationSeconds:i
Volume 1:name:s 2:^:VolumeSource
VolumeSource 1:hostPath:HostPathVolumeSource 2:emptyDir:EmptyDirVolumeSource 6:secret:SecretVolumeSource 10:persistentVolumeClaim:PersistentVolumeClaimVolumeSource 19:configMap:ConfigMapVolumeSource 26:projected:ProjectedVolumeSource
HostPathVolumeSource 1:path:s 2:type:s
EmptyDirVolumeSource 1:medium:s 2:sizeLimit:q
SecretVolumeSource 1:secretName:s 2:items:[]KeyToPath 3:defaultMode:i 4:optional:b
KeyToPath 1:key:s 2:path:s 3:mode:i
PersistentVolumeClaimVolumeSource 1:claimName:s 2:readOnly:b
ConfigMapVolumeSource 1:^:LocalObjectReference 2:items:[]KeyToPath 3:defaultMode:i 4:optional:b
ProjectedVolumeSource 1:sources:[]VolumeProjection 2:defaultMode:i
VolumeProjection 1:secret:SecretProjection 2:downwardAPI:DownwardAPIProjection 3:configMap:ConfigMapProjection 4:serviceAccountToken:ServiceAccountTokenProjection
SecretProjection 1:^:LocalObjectReference 2:items:[]KeyToPath 4:optional:b
ConfigMapProjection 1:^:LocalObjectReference 2:items:[]KeyToPath 4:optional:b
DownwardAPIProjection 1:items:[]DownwardAPIVolumeFile
DownwardAPIVolumeFile 1:path:s 2:fieldRef:ObjectFieldSelector 4:mode:i
ObjectFieldSelector 1:apiVersion:s 2:fieldPath:s
ServiceAccountTokenProjection 1:audience:s 2:expirationSeconds:i 3:path:s
SecurityContext 1:capabilities:Capabilities 2:privileged:b 4:runAsUser:i 5:runAsNonRoot:b 6:readOnlyRootFilesystem:b 7:allowPrivilegeEscalation:b 8:runAsGroup:i 11:seccompProfile:SeccompProfile
Capabilities 1:add:[]s 2:drop:[]s
SeccompProfile 1:type:s 2:localhostProfile:s
Probe 1:^:ProbeHandler 2:initialDelaySeconds:i 3:timeoutSeconds:i 4:periodSeconds:i 5:successThreshold:i 6:failureThreshold:i 7:terminationGracePeriodSeconds:i
ProbeHandler 1:exec:ExecAction 2:httpGet:HTTPGetAction 3:tcpSocket:TCPSocketAction 4:grpc:GRPCAction
ExecAction 1:command:[]s
HTTPGetAction 1:path:s 2:port:x 3:host:s 4:scheme:s 5:httpHeaders:[]HTTPHeader
HTTPHeader 1:name:s 2:value:s
TCPSocketAction 1:port:x 2:host:s
GRPCAction 1:port:i 2:service:s
Lifecycle 1:postStart:LifecycleHandler 2:preStop:LifecycleHandler 3:stopSignal:s
LifecycleHandler 1:exec:ExecAction 2:httpGet:HTTPGetAction 3:tcpSocket:TCPSocketAction
EnvVarSource 1:fieldRef:ObjectFieldSelector 3:configMapKeyRef:KeySelector 4:secretKeyRef:KeySelector
KeySelector 1:^:LocalObjectReference 2:key:s 3:optional:b
Container 1:name:s 2:image:s 3:command:[]s 4:args:[]s 5:workingDir:s 6:ports:[]ContainerPort 7:env:[]EnvVar 8:resources:ResourceRequirements 9:volumeMounts:[]VolumeMount 10:livenessProbe:Probe 11:readinessProbe:Probe 12:lifecycle:Lifecycle 13:terminationMessagePath:s 14:imagePullPolicy:s 15:securityContext:SecurityContext 16:stdin:b 17:stdinOnce:b 18:tty:b 20:terminationMessagePolicy:s 22:startupProbe:Probe 24:restartPolicy:s
ContainerPort 1:name:s 2:hostPort:i 3:containerPort:i 4:protocol:s 5:hostIP:s
EnvVar 1:name:s 2:value:s 3:valueFrom:EnvVarSource
ResourceRequirements 1:limits:{}q 2:requests:{}q
VolumeMount 1:name:s 2:readOnly:b 3:mountPath:s 4:subPath:s 6:subPathExpr:s 7:recursiveReadOnly:s
Deployment 1:metadata:ObjectMeta 2:spec:DeploymentSpec 3:status:DeploymentStatus
DeploymentSpec 1:replicas:i 2:selector:LabelSelector 3:template:PodTemplateSpec 4:strategy:DeploymentStrategy 5:minReadySeconds:i 6:revisionHistoryLimit:i 7:paused:b 9:progressDeadlineSeconds:i
DeploymentStrategy 1:type:s 2:rollingUpdate:RollingUpdateDeployment
RollingUpdateDeployment 1:maxUnavailable:x 2:maxSurge:x
DeploymentStatus 1:observedGeneration:i 2:replicas:i 3:updatedReplicas:i 4:availableReplicas:i 5:unavailableReplicas:i 7:readyReplicas:i 8:collisionCount:i
Job 1:metadata:ObjectMeta 2:spec:JobSpec 3:status:JobStatus
JobSpec 1:parallelism:i 2:completions:i 3:activeDeadlineSeconds:i 4:selector:LabelSelector 5:manualSelector:b 6:template:PodTemplateSpec 7:backoffLimit:i 8:ttlSecondsAfterFinished:i 9:completionMode:s 10:suspend:b
JobStatus 4:active:i 5:succeeded:i 6:failed:i 7:completedIndexes:s
CronJob 1:metadata:ObjectMeta 2:spec:CronJobSpec 3:status:CronJobStatus
CronJobSpec 1:schedule:s 2:startingDeadlineSeconds:i 3:concurrencyPolicy:s 4:suspend:b 5:jobTemplate:JobTemplateSpec 6:successfulJobsHistoryLimit:i 7:failedJobsHistoryLimit:i 8:timeZone:s
JobTemplateSpec 1:metadata:ObjectMeta 2:spec:JobSpec
CronJobStatus
PodDisruptionBudget 1:metadata:ObjectMeta 2:spec:PodDisruptionBudgetSpec 3:status:PodDisruptionBudgetStatus
PodDisruptionBudgetSpec 1:minAvailable:x 2:selector:LabelSelector 3:maxUnavailable:x 4:unhealthyPodEvictionPolicy:s
PodDisruptionBudgetStatus 1:observedGeneration:i 2:disruptedPods:{}t 3:disruptionsAllowed:i 4:currentHealthy:i 5:desiredHealthy:i 6:expectedPods:i
Eviction 1:metadata:ObjectMeta 2:deleteOptions:DeleteOptions
Ingress 1:metadata:ObjectMeta 2:spec:IngressSpec 3:status:IngressStatus
IngressSpec 1:defaultBackend:IngressBackend 2:tls:[]IngressTLS 3:rules:[]IngressRule 4:ingressClassName:s
IngressTLS 1:hosts:[]s 2:secretName:s
IngressRule 1:host:s 2:^:IngressRuleValue
IngressRuleValue 1:http:HTTPIngressRuleValue
HTTPIngressRuleValue 1:paths:[]HTTPIngressPath
HTTPIngressPath 1:path:s 2:backend:IngressBackend 3:pathType:s
IngressBackend 4:service:IngressServiceBackend
IngressServiceBackend 1:name:s 2:port:ServiceBackendPort
ServiceBackendPort 1:name:s 2:number:i
IngressStatus 1:loadBalancer:LoadBalancerStatus
Role 1:metadata:ObjectMeta 2:rules:[]PolicyRule
ClusterRole 1:metadata:ObjectMeta 2:rules:[]PolicyRule 3:aggregationRule:AggregationRule
AggregationRule 1:clusterRoleSelectors:[]LabelSelector
PolicyRule 1:verbs:[]s 2:apiGroups:[]s 3:resources:[]s 4:resourceNames:[]s 5:nonResourceURLs:[]s
RoleBinding 1:metadata:ObjectMeta 2:subjects:[]Subject 3:roleRef:RoleRef
ClusterRoleBinding 1:metadata:ObjectMeta 2:subjects:[]Subject 3:roleRef:RoleRef
Subject 1:kind:s 2:apiGroup:s 3:name:s 4:namespace:s
RoleRef 1:apiGroup:s 2:kind:s 3:name:s
PriorityClass 1:metadata:ObjectMeta 2:value:i 3:globalDefault:b 4:description:s 5:preemptionPolicy:s
SelfSubjectReview 1:metadata:ObjectMeta 2:status:SelfSubjectReviewStatus
SelfSubjectReviewStatus 1:userInfo:UserInfo
UserInfo 1:username:s 2:uid:s 3:groups:[]s
SelfSubjectAccessReview 1:metadata:ObjectMeta 2:spec:SelfSubjectAccessReviewSpec 3:status:SubjectAccessReviewStatus
SelfSubjectAccessReviewSpec 1:resourceAttributes:ResourceAttributes 2:nonResourceAttributes:NonResourceAttributes
ResourceAttributes 1:namespace:s 2:verb:s 3:group:s 4:version:s 5:resource:s 6:subresource:s 7:name:s
NonResourceAttributes 1:path:s 2:verb:s
SubjectAccessReviewStatus 1:allowed:b 2:reason:s 3:evaluationError:s 4:denied:b
SelfSubjectRulesReview 1:metadata:ObjectMeta 2:spec:SelfSubjectRulesReviewSpec 3:status:SubjectRulesReviewStatus
SelfSubjectRulesReviewSpec 1:namespace:s
SubjectRulesReviewStatus 3:incomplete:b 4:evaluationError:s
TokenRequest 1:metadata:ObjectMeta 2:spec:TokenRequestSpec 3:status:TokenRequestStatus
TokenRequestSpec 1:audiences:[]s 3:boundObjectRef:BoundObjectReference 4:expirationSeconds:i
BoundObjectReference 1:kind:s 2:apiVersion:s 3:name:s 4:uid:s
TokenRequestStatus 1:token:s 2:expirationTimestamp:t
TokenReview 1:metadata:ObjectMeta 2:spec:TokenReviewSpec 3:status:TokenReviewStatus
TokenReviewSpec 1:token:s 2:audiences:[]s
TokenReviewStatus 1:authenticated:b 2:user:UserInfo 3:error:s 4:audiences:[]s
CrossVersionObjectReference 1:kind:s 2:name:s 3:apiVersion:s
autoscaling/v1.HorizontalPodAutoscaler 1:metadata:ObjectMeta 2:spec:OldAutoscalerSpec 3:status:OldAutoscalerStatus
OldAutoscalerSpec 1:scaleTargetRef:CrossVersionObjectReference 2:minReplicas:i 3:maxReplicas:i 4:targetCPUUtilizationPercentage:i
OldAutoscalerStatus 1:observedGeneration:i 2:lastScaleTime:t 3:currentReplicas:i 4:desiredReplicas:i 5:currentCPUUtilizationPercentage:i
HorizontalPodAutoscaler 1:metadata:ObjectMeta 2:spec:HorizontalPodAutoscalerSpec 3:status:HorizontalPodAutoscalerStatus
HorizontalPodAutoscalerSpec 1:scaleTargetRef:CrossVersionObjectReference 2:minReplicas:i 3:maxReplicas:i 4:metrics:[]MetricSpec
HorizontalPodAutoscalerStatus 1:observedGeneration:i 2:lastScaleTime:t 3:currentReplicas:i 4:desiredReplicas:i
MetricSpec 1:type:s 4:resource:ResourceMetricSource 7:containerResource:ContainerResourceMetricSource
ResourceMetricSource 1:name:s 2:target:MetricTarget
ContainerResourceMetricSource 1:name:s 2:target:MetricTarget 3:container:s
MetricTarget 1:type:s 2:value:q 3:averageValue:q 4:averageUtilization:i
Event 1:metadata:ObjectMeta 2:involvedObject:ObjectReference 3:reason:s 4:message:s 5:source:EventSource 6:firstTimestamp:t 7:lastTimestamp:t 8:count:i 9:type:s 10:eventTime:u 11:series:EventSeries 12:action:s 13:related:ObjectReference 14:reportingComponent:s 15:reportingInstance:s
EventSource 1:component:s 2:host:s
EventSeries 1:count:i 2:lastObservedTime:u
events.k8s.io/v1.Event 1:metadata:ObjectMeta 2:eventTime:u 3:series:EventSeries 4:reportingController:s 5:reportingInstance:s 6:action:s 7:reason:s 8:regarding:ObjectReference 9:related:ObjectReference 10:note:s 11:type:s 12:deprecatedSource:EventSource 13:deprecatedFirstTimestamp:t 14:deprecatedLastTimestamp:t 15:deprecatedCount:i`;

export interface ProtobufField {
  readonly name: string;
  /** The letter of a scalar, or a message's name. */
  readonly type: string;
  readonly wrap: 'list' | 'map' | undefined;
}

let messages: ReadonlyMap<string, ReadonlyMap<number, ProtobufField>> | undefined;

/** The name of the message that holds a kind: versions that differ have one each. */
export const messageNamed = (apiVersion: string, kind: string): string =>
  messageOf(`${apiVersion}.${kind}`) ? `${apiVersion}.${kind}` : kind;

/** The fields of a message by their numbers; undefined for messages that are not known. */
export function messageOf(name: string): ReadonlyMap<number, ProtobufField> | undefined {
  messages ??= new Map(MESSAGES.trim().split('\n').map(parseMessage));
  return messages.get(name);
}

function parseMessage(line: string): [string, ReadonlyMap<number, ProtobufField>] {
  const [name = '', ...fields] = line.split(' ');
  return [
    name,
    new Map(
      fields.map((text) => {
        const [number, field = '', type = ''] = text.split(':');
        const wrap = type.startsWith('[]') ? 'list' : type.startsWith('{}') ? 'map' : undefined;
        return [Number(number), { name: field, type: wrap ? type.slice(2) : type, wrap }];
      }),
    ),
  ];
}
