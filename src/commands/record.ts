/** `--record`: the command itself, noted in the annotation kubernetes.io/change-cause (as genericclioptions' RecordFlags). */
import type { Labels } from '../core/api/types';
import type { FlagSpec } from './flags/spec';
import type { Context } from './verb';

/** Which command last changed an object, in the words of whoever changed it. */
const CHANGE_CAUSE = 'kubernetes.io/change-cause';

export const RECORD: FlagSpec = {
  name: 'record',
  type: 'bool',
  default: 'false',
  help: '',
  hidden: true,
  deprecated: '--record will be removed in the future',
};

/** What `--record` notes; undefined without it. */
const causeOf = (context: Context): string | undefined =>
  context.flags.bool('record') ? context.commandLine() : undefined;

/** The object with the command noted where `--record` asks for it, else as it is. */
export function recorded<T extends { readonly metadata: { readonly annotations?: Labels } }>(
  context: Context,
  object: T,
): T {
  const cause = causeOf(context);
  if (cause === undefined) return object;
  const annotations = { ...object.metadata.annotations, [CHANGE_CAUSE]: cause };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** A merge patch that notes the command; undefined where nothing is to be noted, or it stands there already. */
export function recordPatch(
  context: Context,
  object: { readonly metadata: { readonly annotations?: Labels } },
): { metadata: { annotations: Labels } } | undefined {
  const cause = causeOf(context);
  if (cause === undefined || object.metadata.annotations?.[CHANGE_CAUSE] === cause) return undefined;
  return { metadata: { annotations: { [CHANGE_CAUSE]: cause } } };
}
