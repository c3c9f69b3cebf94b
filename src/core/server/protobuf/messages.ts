/**
 * The messages that typed clients send, as the API's protobuf definitions number their fields: `number:name:type`. Types are
 * s (string), i (integer), b (bool), y (bytes), q (quantity), t (time), x (integer or string), or another message; `[]` makes a
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
PodSpec 2:containers:[]Container 3:restartPolicy:s 4:terminationGracePeriodSeconds:i 5:activeDeadlineSeconds:i 6:dnsPolicy:s 7:nodeSelector:{}s 8:serviceAccountName:s 9:serviceAccount:s 10:nodeName:s 11:hostNetwork:b 12:hostPID:b 13:hostIPC:b 14:securityContext:PodSecurityContext 15:imagePullSecrets:[]LocalObjectReference 16:hostname:s 17:subdomain:s 19:schedulerName:s 20:initContainers:[]Container 21:automountServiceAccountToken:b 24:priorityClassName:s 25:priority:i
PodSecurityContext
Container 1:name:s 2:image:s 3:command:[]s 4:args:[]s 5:workingDir:s 6:ports:[]ContainerPort 7:env:[]EnvVar 8:resources:ResourceRequirements 9:volumeMounts:[]VolumeMount 13:terminationMessagePath:s 14:imagePullPolicy:s 16:stdin:b 17:stdinOnce:b 18:tty:b 20:terminationMessagePolicy:s
ContainerPort 1:name:s 2:hostPort:i 3:containerPort:i 4:protocol:s 5:hostIP:s
EnvVar 1:name:s 2:value:s
ResourceRequirements 1:limits:{}q 2:requests:{}q
VolumeMount 1:name:s 2:readOnly:b 3:mountPath:s 4:subPath:s
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
SubjectRulesReviewStatus 3:incomplete:b 4:evaluationError:s`;

export interface ProtobufField {
  readonly name: string;
  /** The letter of a scalar, or a message's name. */
  readonly type: string;
  readonly wrap: 'list' | 'map' | undefined;
}

let messages: ReadonlyMap<string, ReadonlyMap<number, ProtobufField>> | undefined;

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
