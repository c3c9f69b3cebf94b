/** What may be said about a pod in its annotations, and what may become of a pod and of its status. */
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../../src/core/api/types';
import { pod, podWith, template } from '../fixtures';
import { annotated, create, type Row, update } from './support';

const refuse = (rows: readonly Row[]): void =>
  it.each(rows)('refuse %s', (_, manifest, errors) => {
    expect(create(manifest)).toEqual(errors);
  });

describe('annotations of pods', () => {
  const A = 'metadata.annotations';
  const SECCOMP = 'container.seccomp.security.alpha.kubernetes.io/c';
  const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/';
  refuse([
    [
      'a mirror of nothing',
      annotated(pod(), { 'kubernetes.io/config.mirror': 'x' }),
      [`${A}[kubernetes.io/config.mirror]: Invalid value: "x": must set spec.nodeName if mirror pod annotation is set`],
    ],
    [
      'costs',
      annotated(pod(), { 'controller.kubernetes.io/pod-deletion-cost': '007' }),
      [`${A}[controller.kubernetes.io/pod-deletion-cost]: Invalid value: "007": must be a 32bit integer`],
    ],
    [
      'tolerations of old',
      annotated(pod(), { 'scheduler.alpha.kubernetes.io/tolerations': '[{"key":"a","operator":"Is"}]' }),
      [
        `${A}.scheduler.alpha.kubernetes.io/tolerations[0].operator: Unsupported value: "Is": supported values: "Equal", "Exists"`,
      ],
    ],
    [
      'profiles',
      annotated(pod(), { [SECCOMP]: 'localhost//a', [`${APPARMOR}d`]: 'mine' }),
      [
        `${A}.${SECCOMP}: Invalid value: "/a": must be a relative path`,
        `${A}[${APPARMOR}d]: Invalid value: "d": container not found`,
        `${A}[${APPARMOR}d]: Invalid value: "mine": invalid AppArmor profile name: "mine"`,
      ],
    ],
    [
      'profiles that the fields contradict',
      annotated(
        podWith({
          securityContext: {
            seccompProfile: { type: 'Localhost', localhostProfile: 'a' },
            appArmorProfile: { type: 'RuntimeDefault' },
          },
        }),
        { [SECCOMP]: 'localhost/b', [`${APPARMOR}c`]: 'unconfined' },
      ),
      [
        'spec.containers[0].securityContext.seccompProfile.localhostProfile: Forbidden: seccomp profile in annotation and field must match',
        'spec.containers[0].securityContext.appArmorProfile.type: Forbidden: apparmor type in annotation and field must match',
      ],
    ],
  ]);
  it('may agree with the fields', () => {
    const manifest = podWith({ securityContext: { seccompProfile: { type: 'RuntimeDefault' } } });
    expect(create(annotated(manifest, { [SECCOMP]: 'docker/default' }))).toEqual([]);
  });
  it('of profiles and mirrors stay as they are', () => {
    const before = annotated(pod(), { [`${APPARMOR}c`]: 'runtime/default' });
    expect(update(pod(), before)).toEqual([
      `${A}[${APPARMOR}c]: Forbidden: may not remove or update AppArmor annotations`,
    ]);
    expect(update(before, pod())).toEqual([`${A}[${APPARMOR}c]: Forbidden: may not add AppArmor annotations`]);
    expect(
      update(annotated(pod({ nodeName: 'n' }), { 'kubernetes.io/config.mirror': 'x' }), pod({ nodeName: 'n' })),
    ).toEqual([`${A}[kubernetes.io/config.mirror]: Forbidden: may not add mirror pod annotation`]);
  });
});

describe('updates of pods', () => {
  const FIELDS =
    'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
  const toleration = { key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 };
  const gates = { schedulingGates: [{ name: 'a' }] };
  const rows: readonly (readonly [name: string, next: Manifest, old: Manifest, errors: readonly string[]])[] = [
    ['an image', podWith({ image: 'other' }), pod(), []],
    ['a deadline', pod({ activeDeadlineSeconds: 4 }), pod({ activeDeadlineSeconds: 5 }), []],
    [
      'a later deadline',
      pod({ activeDeadlineSeconds: 6 }),
      pod({ activeDeadlineSeconds: 5 }),
      ['spec.activeDeadlineSeconds: Invalid value: 6: must be less than or equal to previous value'],
    ],
    [
      'no deadline any more',
      pod(),
      pod({ activeDeadlineSeconds: 5 }),
      ['spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value'],
    ],
    ['another toleration', pod({ tolerations: [toleration] }), pod(), []],
    [
      'seconds of a toleration',
      pod({ tolerations: [{ ...toleration, tolerationSeconds: 9 }] }),
      pod({ tolerations: [toleration] }),
      [],
    ],
    [
      'a toleration less',
      pod(),
      pod({ tolerations: [toleration] }),
      ['spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds'],
    ],
    [
      'a container more',
      pod({
        containers: [
          { name: 'c', image: 'busybox' },
          { name: 'd', image: 'x' },
        ],
      }),
      pod(),
      ['spec.containers: Forbidden: pod updates may not add or remove containers'],
    ],
    ['a grace period', pod({ terminationGracePeriodSeconds: 5 }), pod(), [FIELDS]],
    [
      'a grace period that was negative',
      pod({ terminationGracePeriodSeconds: 1 }),
      pod({ terminationGracePeriodSeconds: -3 }),
      [],
    ],
    ['a gate less', pod(), pod(gates), []],
    [
      'a gate more',
      pod(gates),
      pod(),
      ["spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'a'"],
    ],
    [
      'a node selector behind a gate',
      pod({ ...gates, nodeSelector: { b: 'c', d: 'e' } }),
      pod({ ...gates, nodeSelector: { b: 'c' } }),
      [],
    ],
    [
      'another node selector behind a gate',
      pod({ ...gates, nodeSelector: { d: 'e' } }),
      pod({ ...gates, nodeSelector: { b: 'c' } }),
      [
        'spec.nodeSelector: Invalid value: {"d":"e"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)',
      ],
    ],
    ['a node selector without a gate', pod({ nodeSelector: { b: 'c' } }), pod(), [FIELDS]],
  ];
  it.each(rows)('judge %s', (_, next, old, errors) => {
    expect(update(next, old)).toEqual(errors);
  });

  const behind = (nodeSelectorTerms: object[]) =>
    pod({
      ...gates,
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
    });
  const requirement = { key: 'a', operator: 'Exists' };
  const TERMS = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';
  it('narrow an affinity behind a gate', () => {
    const old = behind([{ matchExpressions: [requirement] }]);
    expect(update(behind([{ matchExpressions: [requirement, { key: 'b', operator: 'Exists' }] }]), old)).toEqual([]);
    expect(update(behind([{ matchExpressions: [{ key: 'b', operator: 'Exists' }] }]), old)).toEqual([
      `${TERMS}[0]: Invalid value: {"MatchExpressions":[{"Key":"b","Operator":"Exists","Values":null}],"MatchFields":null}: only additions are allowed (no mutations or deletions)`,
    ]);
    expect(update(pod(gates), old)).toEqual([
      `${TERMS}: Invalid value: null: no additions/deletions to non-empty NodeSelectorTerms list are allowed`,
    ]);
  });
});

describe('the status of pods', () => {
  const withStatus = (status: object, spec: Record<string, unknown> = {}): Manifest => ({ ...pod(spec), status });
  const state = (state: object) => ({ containerStatuses: [{ name: 'c', state }] });
  const running = state({ running: {} });
  const never = { restartPolicy: 'Never' };
  it('leaves ended containers ended, unless a policy says otherwise', () => {
    const ended = (exitCode: number) => state({ terminated: { exitCode } });
    const error = ['status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state'];
    expect(update(withStatus(running, never), withStatus(ended(1), never), 'status')).toEqual(error);
    expect(update(withStatus(running), withStatus(ended(0)), 'status')).toEqual([]);
    const onFailure = { restartPolicy: 'OnFailure' };
    expect(update(withStatus(running, onFailure), withStatus(ended(0), onFailure), 'status')).toEqual(error);
    expect(update(withStatus(running, onFailure), withStatus(ended(1), onFailure), 'status')).toEqual([]);
    const rules = [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }];
    const ruled = { containers: [{ name: 'c', image: 'x', restartPolicy: 'Never', restartPolicyRules: rules }] };
    expect(update(withStatus(running, ruled), withStatus(ended(42), ruled), 'status')).toEqual([]);
    expect(update(withStatus(running, ruled), withStatus(ended(1), ruled), 'status')).toEqual(error);
  });
  it('has conditions, a quality and addresses', () => {
    const old = withStatus({ qosClass: 'BestEffort' }, { nodeName: 'n' });
    const next = {
      qosClass: 'Burstable',
      conditions: [
        { type: 'Ready', status: 'True' },
        { type: '/', status: 'True' },
      ],
      nominatedNodeName: 'other',
      podIPs: [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }],
    };
    const errors = update(withStatus(next, { nodeName: 'n' }), old, 'status');
    expect(errors.filter((e) => !e.startsWith('status.conditions[1].Type: Invalid value: "/": '))).toEqual([
      'status.nominatedNodeName: Forbidden: may not be set on pods that are already bound to a node',
      'status.qosClass: Invalid value: "Burstable": field is immutable',
      'status.podIPs: Invalid value: [{"IP":"10.0.0.1"},{"IP":"10.0.0.2"}]: may specify no more than one IP for each IP family',
    ]);
    expect(errors).toHaveLength(6);
  });
});

describe('templates that stand by themselves', () => {
  const podTemplate = (spec: object): Manifest => ({
    apiVersion: 'v1',
    kind: 'PodTemplate',
    metadata: { name: 't', namespace: 'default' },
    template: template(spec as Record<string, unknown>),
  });
  it('follow the rules of templates', () => {
    expect(create(podTemplate({}))).toEqual([]);
    expect(create(podTemplate({ ephemeralContainers: [{ name: 'e', image: 'x' }], hostname: 'A' }))).toEqual([
      expect.stringMatching(/^template\.spec\.hostname: Invalid value: "A": /),
      'template.spec.ephemeralContainers: Forbidden: ephemeral containers not allowed in pod template',
    ]);
    expect(update(podTemplate({ hostname: 'A' }), podTemplate({}))).toHaveLength(1);
  });
});
