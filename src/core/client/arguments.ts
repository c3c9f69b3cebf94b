/** The forms in which a command line names objects: `pods web-0`, `pod/web-0`, `pods,services web`. */
import { CommandError } from './errors';

export const splitTypes = (word: string): string[] => [...new Set(word.split(','))];

/** `pods,services web` means `pods/web services/web`. */
export function normalizeArgs(args: readonly string[]): readonly string[] {
  if (args.length < 2) return args;
  const types = splitTypes(args[0]);
  return types.length > 1 ? types.flatMap((type) => args.slice(1).map((name) => `${type}/${name}`)) : args;
}

export function splitTuple(word: string): { type: string; name: string } {
  const [type, name, ...more] = word.split('/');
  if (more.length > 0) throw new CommandError('arguments in resource/name form may not have more than one slash');
  if (!type || !name || splitTypes(type).length !== 1)
    throw new CommandError('arguments in resource/name form must have a single resource and name');
  return { type, name };
}
