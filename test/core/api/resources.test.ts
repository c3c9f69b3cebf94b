import { describe, expect, it } from 'vitest';
import {
  allResources,
  findResources,
  gvOf,
  kindName,
  type ResourceInfo,
  resourceForKind,
} from '../../../src/core/api/resources';

describe('resources', () => {
  it('lists the apps group as `kubectl api-resources` does', () => {
    const apps = allResources().filter((r) => r.group === 'apps');
    expect(apps.map((r) => [r.plural, r.shortNames.join(), gvOf(r), r.namespaced, r.kind].join(' '))).toEqual([
      'controllerrevisions  apps/v1 true ControllerRevision',
      'daemonsets ds apps/v1 true DaemonSet',
      'deployments deploy apps/v1 true Deployment',
      'replicasets rs apps/v1 true ReplicaSet',
      'statefulsets sts apps/v1 true StatefulSet',
    ]);
  });

  it.each([
    ['po', 'v1 Pod'],
    ['pod', 'v1 Pod'],
    ['PODS', 'v1 Pod'],
    ['ev', 'v1 Event'],
    ['events.events.k8s.io', 'events.k8s.io/v1 Event'],
    ['statefulsets.apps', 'apps/v1 StatefulSet'],
    ['sts.v1.apps', 'apps/v1 StatefulSet'],
    ['StatefulSet', 'apps/v1 StatefulSet'],
    ['sc.storage.k8s.io', 'storage.k8s.io/v1 StorageClass'],
    ['ing.networking', 'networking.k8s.io/v1 Ingress'],
    ['sts.v1beta1.apps', undefined],
    ['sts.batch', undefined],
    ['nope', undefined],
  ])('finds %s', (word, expected) => {
    const found = findResources(word);
    expect(found && `${gvOf(found)} ${found.kind}`).toBe(expected);
  });

  it('looks at custom kinds after its own', () => {
    const custom: ResourceInfo = {
      ...findResources('pods')!,
      group: 'example.com',
      plural: 'pods',
      shortNames: ['xx'],
    };
    expect(findResources('pods', [custom])?.group).toBe('');
    expect(findResources('pods.example.com', [custom])).toBe(custom);
    expect(findResources('xx', [custom])).toBe(custom);
  });

  it('knows older versions by the kind they are stored as', () => {
    expect(resourceForKind('apps/v1beta2', 'StatefulSet')?.version).toBe('v1');
    expect(resourceForKind('apps/v1beta1', 'DaemonSet')).toBeUndefined();
    expect(resourceForKind('apps/v1', 'StatefulSett')).toBeUndefined();
    expect(resourceForKind('constructor', 'Pod')).toBeUndefined();
  });

  it('names kinds as kubectl prints them', () => {
    expect(kindName(findResources('sts')!)).toBe('statefulset.apps');
    expect(kindName(findResources('svc')!)).toBe('service');
  });

  it('has no word that means two kinds of one group', () => {
    const words = allResources().flatMap((r) =>
      [...new Set([r.plural, r.singular, ...r.shortNames])].map((word) => `${word}.${r.group}`),
    );
    expect(words).toEqual([...new Set(words)]);
  });
});
