/** The arguments of `sim import` and `sim export`: names of StatefulSets. */
import { CommandError } from '../core/client/errors';

const isSet = (type: string): boolean => /^(sts|statefulsets?)(\.(v1\.)?apps)?$/i.test(type);

/**
 * `sts/web statefulset.apps/db`, or `sts web db`; undefined for all there are. `done` is what becomes of them.
 * @throws CommandError for other kinds
 */
export function setNames(args: readonly string[], done: 'imported' | 'exported'): readonly string[] | undefined {
  const [first] = args;
  if (first === undefined) return undefined;
  const check = (type: string): void => {
    if (!isSet(type))
      throw new CommandError(
        `only StatefulSets are ${done} by name, with what belongs to them; ${JSON.stringify(type)} is no such type`,
      );
  };
  if (!args.some((arg) => arg.includes('/'))) {
    check(first);
    return args.length > 1 ? args.slice(1) : undefined;
  }
  return args.map((arg) => {
    const [type = '', name = '', ...more] = arg.split('/');
    check(type);
    if (name === '' || more.length > 0)
      throw new CommandError('arguments in resource/name form must have a single resource and name');
    return name;
  });
}
