/** Taints as the command line writes them, and a node's taints after a change (as kubectl's taint package). */
import { isLabelValue, isQualifiedName } from '../meta/names';
import { CommandError } from './errors';

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

export interface TaintEdit {
  readonly add: readonly Taint[];
  /** Without an effect: of every effect. */
  readonly remove: readonly { readonly key: string; readonly effect: string }[];
}

export class TaintSpecError extends CommandError {}

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Reads `key=value:effect`, `key:effect`, `key:effect-` and `key-`. @throws TaintSpecError */
export function parseTaints(specs: readonly string[]): TaintEdit {
  const add: Taint[] = [];
  const remove: { key: string; effect: string }[] = [];
  for (const spec of specs) {
    if (spec.endsWith('-')) {
      const { key, effect } = parseTaint(spec.slice(0, -1));
      remove.push({ key, effect });
      continue;
    }
    const taint = parseTaint(spec);
    if (taint.effect === '') throw new TaintSpecError(`invalid taint spec: ${spec}`);
    if (add.some((one) => one.key === taint.key && one.effect === taint.effect))
      throw new TaintSpecError(
        `duplicated taints with the same key and effect: {${taint.key} ${taint.value ?? ''} ${taint.effect} <nil>}`,
      );
    add.push(taint);
  }
  return { add, remove };
}

function parseTaint(spec: string): Taint {
  const [head = '', effect = '', ...more] = spec.split(':');
  const [key = '', value = '', ...values] = head.split('=');
  if (more.length > 0) throw new TaintSpecError(`invalid taint spec: ${spec}`);
  if (spec.includes(':')) {
    if (!EFFECTS.includes(effect))
      throw new TaintSpecError(`invalid taint effect: ${effect}, unsupported taint effect`);
    if (values.length > 0) throw new TaintSpecError(`invalid taint spec: ${spec}`);
    const wrong = value === '' ? [] : isLabelValue(value);
    if (wrong.length > 0) throw new TaintSpecError(`invalid taint spec: ${spec}, ${wrong.join('; ')}`);
  }
  const named = spec.includes(':') ? key : head;
  const wrong = isQualifiedName(named);
  if (wrong.length > 0) throw new TaintSpecError(`invalid taint spec: ${spec}, ${wrong.join('; ')}`);
  return { key: named, ...(value !== '' && { value }), effect };
}

/** Keys that are both set and removed, as `key=effect`. */
export const contradictions = ({ add, remove }: TaintEdit): string[] =>
  add.flatMap((taint) =>
    remove
      .filter((one) => one.key === taint.key && (one.effect === '' || one.effect === taint.effect))
      .map((one) => `${one.key}=${one.effect}`),
  );

export interface TaintChange {
  readonly taints: readonly Taint[];
  readonly operation: string;
}

/** A node's taints after the change. @throws CommandError for a taint to remove that is not there, or one that differs */
export function changedTaints(
  before: readonly Taint[],
  edit: TaintEdit,
  overwrite: boolean,
  node: string,
): TaintChange {
  const same = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect;
  const taken = edit.add.filter((taint) => before.some((old) => same(old, taint)));
  if (taken.length > 0 && !overwrite)
    throw new CommandError(
      `node ${node} already has ${taken.map((t) => t.key).join(',')} taint(s) with same effect(s) and --overwrite is false`,
    );
  for (const { key, effect } of edit.remove)
    if (!before.some((old) => old.key === key && (effect === '' || old.effect === effect)))
      throw new CommandError(`taint ${JSON.stringify(effect === '' ? key : `${key}:${effect}`)} not found`);
  const gone = (old: Taint): boolean =>
    edit.remove.some(({ key, effect }) => old.key === key && (effect === '' || old.effect === effect));
  const kept = before.filter((old) => !edit.add.some((taint) => same(old, taint)) && !gone(old));
  const operation =
    edit.add.length === 0 ? 'untainted' : edit.remove.length === 0 && taken.length === 0 ? 'tainted' : 'modified';
  return { taints: [...edit.add, ...kept], operation };
}
