/** `[[NAMESPACE/]POD:]PATH`: one side of a copy (as kubectl's extractFileSpec). */
import { CommandError } from './errors';

export interface FileSpec {
  /** Empty for the usual one. */
  readonly namespace: string;
  /** Empty for a path of this machine. */
  readonly pod: string;
  readonly path: string;
}

/** @throws CommandError */
export function parseFileSpec(text: string): FileSpec {
  const colon = text.indexOf(':');
  if (colon < 0) return { namespace: '', pod: '', path: text };
  const pieces = text.slice(0, colon).split('/');
  if (colon === 0 || pieces.length > 2)
    throw new CommandError('filespec must match the canonical format: [[namespace/]pod:]file/path');
  const [pod = '', namespace = ''] = pieces.toReversed();
  return { namespace, pod, path: text.slice(colon + 1) };
}

/** Whether parts of a path stay below the place that they are joined to. */
export const relativeParts = (parts: readonly string[]): boolean =>
  parts.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('/'));
