import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toStorageVersion } from '../../../src/core/api/convert';
import { withDefaults } from '../../../src/core/api/defaults';
import { imageTag } from '../../../src/core/api/defaults/images';
import { accepted, claim, pod, podWith, service, statefulSet, template } from './fixtures';

const specOf = (manifest: Parameters<typeof withDefaults>[0]): Record<string, unknown> =>
  withDefaults(manifest).spec as Record<string, unknown>;

describe('defaults', () => {
  it('completes a StatefulSet', () => {
    const claims = [{ metadata: { name: 'www' }, spec: { accessModes: ['ReadWriteOnce'] } }];
    expect(withDefaults(statefulSet({ replicas: undefined, volumeClaimTemplates: claims }))).toEqual({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        serviceName: 'nginx',
        replicas: 1,
        revisionHistoryLimit: 10,
        podManagementPolicy: 'OrderedReady',
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
        selector: { matchLabels: { app: 'nginx' } },
        template: {
          metadata: { labels: { app: 'nginx' } },
          spec: {
            containers: [
              {
                name: 'nginx',
                image: 'nginx:1.21',
                imagePullPolicy: 'IfNotPresent',
                resources: {},
                terminationMessagePath: '/dev/termination-log',
                terminationMessagePolicy: 'File',
              },
            ],
            dnsPolicy: 'ClusterFirst',
            restartPolicy: 'Always',
            schedulerName: 'default-scheduler',
            securityContext: {},
            terminationGracePeriodSeconds: 30,
          },
        },
        volumeClaimTemplates: [
          {
            apiVersion: 'v1',
            kind: 'PersistentVolumeClaim',
            metadata: { name: 'www' },
            spec: { accessModes: ['ReadWriteOnce'], resources: {}, volumeMode: 'Filesystem' },
            status: { phase: 'Pending' },
          },
        ],
      },
      status: { replicas: 0, availableReplicas: 0 },
    });
  });

  it('leaves a strategy alone that names its type', () => {
    expect(specOf(statefulSet({ updateStrategy: { type: 'RollingUpdate' } })).updateStrategy).toEqual({
      type: 'RollingUpdate',
    });
    expect(specOf(statefulSet({ updateStrategy: { type: 'OnDelete' } })).updateStrategy).toEqual({ type: 'OnDelete' });
  });

  it('adds maxUnavailable behind its gate only', () => {
    const strategy = (on: boolean): unknown =>
      (withDefaults(statefulSet(), () => on).spec as { updateStrategy: unknown }).updateStrategy;
    expect(strategy(false)).toEqual({ type: 'RollingUpdate', rollingUpdate: { partition: 0 } });
    expect(strategy(true)).toEqual({ type: 'RollingUpdate', rollingUpdate: { partition: 0, maxUnavailable: 1 } });
  });

  it('takes requests from limits in pods, not in templates', () => {
    const containers = [{ name: 'c', image: 'x', resources: { limits: { cpu: '1' }, requests: { memory: '1Mi' } } }];
    const [inPod] = specOf(pod({ containers })).containers as { resources: unknown }[];
    expect(inPod!.resources).toEqual({ limits: { cpu: '1' }, requests: { cpu: '1', memory: '1Mi' } });
    const set = specOf(statefulSet({ template: template({ containers }) })).template as typeof templateShape;
    expect(set.spec.containers[0]!.resources).toEqual({ limits: { cpu: '1' }, requests: { memory: '1Mi' } });
    expect(specOf(pod()).enableServiceLinks).toBe(true);
    expect(set.spec).not.toHaveProperty('enableServiceLinks');
  });

  it('completes probes, ports, references and volumes', () => {
    const manifest = podWith(
      {
        ports: [{ containerPort: 80 }],
        env: [{ name: 'N', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
        livenessProbe: { httpGet: { port: 80 }, periodSeconds: 3 },
        startupProbe: { grpc: { port: 80 } },
      },
      {
        serviceAccountName: 'bot',
        volumes: [{ name: 'a' }, { name: 'b', secret: { secretName: 's' } }, { name: 'c', hostPath: { path: '/' } }],
      },
    );
    const spec = specOf(manifest) as unknown as typeof podShape;
    const numbers = { timeoutSeconds: 1, successThreshold: 1, failureThreshold: 3 };
    expect(spec.containers[0]).toMatchObject({
      ports: [{ containerPort: 80, protocol: 'TCP' }],
      env: [{ name: 'N', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } }],
      livenessProbe: { httpGet: { port: 80, path: '/', scheme: 'HTTP' }, periodSeconds: 3, ...numbers },
      startupProbe: { grpc: { port: 80, service: '' }, periodSeconds: 10, ...numbers },
    });
    expect(spec.serviceAccount).toBe('bot');
    expect(spec.volumes).toEqual([
      { name: 'a', emptyDir: {} },
      { name: 'b', secret: { secretName: 's', defaultMode: 420 } },
      { name: 'c', hostPath: { path: '/', type: '' } },
    ]);
  });

  it('completes services by their type', () => {
    expect(withDefaults(service({ clusterIP: 'None' }))).toMatchObject({
      spec: {
        clusterIP: 'None',
        internalTrafficPolicy: 'Cluster',
        ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
        sessionAffinity: 'None',
        type: 'ClusterIP',
      },
      status: { loadBalancer: {} },
    });
    expect(specOf(service({ type: 'NodePort' })).externalTrafficPolicy).toBe('Cluster');
    expect(specOf(service()).externalTrafficPolicy).toBeUndefined();
    expect(specOf(service({ type: 'LoadBalancer' })).allocateLoadBalancerNodePorts).toBe(true);
    expect(specOf(service({ type: 'ExternalName' })).internalTrafficPolicy).toBeUndefined();
  });

  it('folds stringData into data', () => {
    const secret = withDefaults({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      data: { a: 'b2xk', b: 'Yg==' },
      stringData: { a: 'pä' },
    });
    expect(secret).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      type: 'Opaque',
      data: { a: 'cMOk', b: 'Yg==' },
    });
  });

  it('labels namespaces with their names', () => {
    expect(withDefaults({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } }).metadata.labels).toEqual({
      'kubernetes.io/metadata.name': 'a',
    });
  });

  it.each([
    ['nginx', 'latest'],
    ['nginx:latest', 'latest'],
    ['nginx:1.21', '1.21'],
    ['localhost:5000/nginx', 'latest'],
    ['r.io:5000/a/b:v1', 'v1'],
    [`nginx@sha256:${'0'.repeat(64)}`, ''],
    ['Not An Image', ''],
    ['', ''],
  ])('reads the tag of %s', (image, tag) => {
    expect(imageTag(image)).toBe(tag);
  });

  it('changes nothing the second time, and nothing of what it was given', () => {
    const containers = fc.array(
      fc.record(
        {
          name: fc.constantFrom('a', 'b'),
          image: fc.constantFrom('x', 'x:1', 'x@sha256:0'),
          resources: fc.constantFrom({}, { limits: { cpu: '1', memory: '0.5m' } }, { requests: { cpu: '100u' } }),
          ports: fc.constantFrom([], [{ containerPort: 1 }]),
          livenessProbe: fc.constantFrom({ exec: {} }, { httpGet: { port: 1 }, timeoutSeconds: 0 }),
        },
        { requiredKeys: ['name'] },
      ),
    );
    const spec = fc.record(
      {
        containers,
        hostNetwork: fc.boolean(),
        resources: fc.constantFrom({ limits: { cpu: '2' } }),
        volumes: fc.constantFrom(
          [{ name: 'v' }],
          [{ name: 'v', projected: { sources: [{ serviceAccountToken: {} }] } }],
        ),
        serviceAccount: fc.constantFrom('', 'bot'),
      },
      { requiredKeys: ['containers'] },
    );
    fc.assert(
      fc.property(spec, fc.boolean(), (podSpec, gate) => {
        for (const manifest of [pod(podSpec), statefulSet({ template: template(podSpec) })]) {
          const before = JSON.stringify(manifest);
          const once = withDefaults(manifest, () => gate);
          expect(withDefaults(once, () => gate)).toEqual(once);
          expect(JSON.stringify(manifest)).toBe(before);
        }
      }),
    );
    for (const manifest of [...accepted, claim()]) {
      const once = withDefaults(manifest);
      expect(withDefaults(once)).toEqual(once);
    }
  });
});

describe('older versions', () => {
  it('brings an apps/v1beta1 set to apps/v1 with the defaults it had', () => {
    const { manifest, warnings } = toStorageVersion({
      ...statefulSet({ selector: undefined }),
      apiVersion: 'apps/v1beta1',
    });
    expect(warnings).toEqual(['apps/v1beta1 StatefulSet is deprecated; it is stored as apps/v1 StatefulSet']);
    expect(withDefaults(manifest)).toMatchObject({
      apiVersion: 'apps/v1',
      spec: { selector: { matchLabels: { app: 'nginx' } }, updateStrategy: { type: 'OnDelete' } },
    });
  });

  it('brings an apps/v1beta2 set to apps/v1, which has the same defaults', () => {
    const { manifest, warnings } = toStorageVersion({ ...statefulSet(), apiVersion: 'apps/v1beta2' });
    expect(warnings).toHaveLength(1);
    expect(manifest).toEqual(statefulSet());
  });

  it('leaves current versions and custom kinds alone', () => {
    const custom = { apiVersion: 'example.com/v1beta1', kind: 'StatefulSet', metadata: { name: 'x' } };
    expect(toStorageVersion(custom)).toEqual({ manifest: custom, warnings: [] });
    expect(toStorageVersion(statefulSet()).manifest).toEqual(statefulSet());
  });
});

declare const templateShape: { spec: { containers: { resources: unknown }[] } };
declare const podShape: { containers: unknown[]; volumes: unknown[]; serviceAccount: string };
