/** The versions of a custom resource in the order in which clients prefer them (as version.CompareKubeAwareVersionStrings). */

const KUBE = /^v(\d+)(?:(alpha|beta)(\d+))?$/;
const STAGES = ['alpha', 'beta', ''];

/** `v1` before `v1beta1` before `v1alpha1`; other names last, by the alphabet. For Array.sort. */
export function comparePreference(a: string, b: string): number {
  const left = KUBE.exec(a);
  const right = KUBE.exec(b);
  if (!left || !right) return left ? -1 : right ? 1 : a < b ? -1 : a > b ? 1 : 0;
  const stage = (match: RegExpExecArray): number => STAGES.indexOf(match[2] ?? '');
  return (
    stage(right) - stage(left) || Number(right[1]) - Number(left[1]) || Number(right[3] ?? 0) - Number(left[3] ?? 0)
  );
}
