/** The StatefulSets that the figures are about. */

export function statefulSet(name, replicas, policy, { claim = false, image = 'nginx:1.21', crash = false } = {}) {
  const mount = { volumeMounts: [{ name: 'www', mountPath: '/usr/share/nginx/html' }] };
  const container = crash
    ? { name: 'crash', image: 'busybox:1.36', command: ['sh', '-c', 'echo again; exit 1'] }
    : { name: 'nginx', image, ...(claim && mount) };
  const storage = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name, namespace: 'default' },
    spec: {
      serviceName: 'nginx',
      replicas,
      podManagementPolicy: policy,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [container] } },
      ...(claim && { volumeClaimTemplates: [{ metadata: { name: 'www' }, spec: storage }] }),
    },
  };
}
