import { describe, expect, it } from 'vitest';
import { claimNames, isPodReady, isPodTerminal, podCondition, readySince } from '../../../src/core/api/pod';
import { qosClass } from '../../../src/core/api/qos';
import type { Pod } from '../../../src/core/api/types';
import { pod } from './fixtures';

const SINCE = '2026-01-01T00:00:00Z';
const ready = (status: string): Pod =>
  ({
    ...pod(),
    status: { phase: 'Running', conditions: [{ type: 'Ready', status, lastTransitionTime: SINCE }] },
  }) as unknown as Pod;

describe('pods', () => {
  it('are ready by their condition', () => {
    expect(isPodReady(ready('True'))).toBe(true);
    expect(isPodReady(ready('Unknown'))).toBe(false);
    expect(readySince(ready('True'))).toBe(SINCE);
    expect(readySince(ready('False'))).toBeUndefined();
    expect(podCondition(ready('True'), 'Initialized')).toBeUndefined();
    expect(isPodTerminal(ready('True'))).toBe(false);
  });

  it('name their claims', () => {
    const volumes = [
      { name: 'a', persistentVolumeClaim: { claimName: 'data' } },
      { name: 'b', ephemeral: {} },
      { name: 'c', emptyDir: {} },
    ];
    expect(claimNames(pod({ volumes }) as unknown as Pod)).toEqual(['data', 'p-b']);
  });

  it.each([
    ['BestEffort', [{}, { limits: { 'example.com/gpu': '1' } }]],
    ['BestEffort', [{ requests: { cpu: '0' } }]],
    ['Burstable', [{ requests: { cpu: '1' } }]],
    ['Burstable', [{ limits: { cpu: '1', memory: '1Gi' } }, {}]],
    ['Burstable', [{ limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m' } }]],
    ['Guaranteed', [{ limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '1000m', memory: '1024Mi' } }]],
    ['Guaranteed', [{ limits: { cpu: '1', memory: '1Gi' } }]],
  ])('are %s with %j', (expected, resources) => {
    expect(qosClass({ containers: resources.map((r, i) => ({ name: `c${i}`, resources: r })) })).toBe(expected);
  });
});
