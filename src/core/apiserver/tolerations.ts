/** Whether a pod puts up with a node's taint (as Toleration.ToleratesTaint): asked by the scheduler and by what evicts. */
import type { Toleration } from '../api/types';

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

export function tolerates(toleration: Toleration, taint: Taint): boolean {
  const { key, operator, effect, value } = toleration;
  if (effect && effect !== taint.effect) return false;
  if (key && key !== taint.key) return false;
  if (operator === 'Exists') return true;
  return (!operator || operator === 'Equal') && (value ?? '') === (taint.value ?? '');
}
