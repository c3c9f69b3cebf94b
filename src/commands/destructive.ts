/** Before a command takes something away from a real cluster it says which one it is: on stderr, once, before the first write. */
import type { Flags } from './flags/spec';
import type { CommandBackend } from './host';

/** Commands that end pods or remove objects, by their path; with what makes them so where it is a flag. */
const DESTRUCTIVE: readonly (readonly [path: RegExp, when?: (flags: Flags) => boolean])[] = [
  [/^(delete|drain|rollout (undo|restart))$/],
  [/^scale$/, (flags) => flags.int('replicas') === 0],
  [/^replace$/, (flags) => flags.bool('force')],
  [/^apply$/, (flags) => flags.bool('prune') || flags.bool('force')],
];

/** @param path without the program's name: `rollout undo` */
export function isDestructive(path: string, flags: Flags): boolean {
  return DESTRUCTIVE.some(([pattern, when]) => pattern.test(path) && (when?.(flags) ?? true));
}

/** At which argument each of these calls has its options. */
const WRITES: Readonly<Record<string, number>> = { create: 3, update: 3, patch: 5, delete: 3, evict: 2 };

/** The same backend; `announce` is called before the first write that is no dry run. */
export function announcing(backend: CommandBackend, announce: () => void): CommandBackend {
  let isAnnounced = false;
  const say = (): void => {
    if (!isAnnounced) announce();
    isAnnounced = true;
  };
  const { remote } = backend;
  return new Proxy(backend, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key, target);
      if (key === 'remote' && remote)
        return {
          ...remote,
          raw: (request: Parameters<typeof remote.raw>[0]) => {
            if (request.method !== 'GET') say();
            return remote.raw(request);
          },
        };
      if (typeof member !== 'function') return member;
      return (...args: readonly unknown[]): unknown => {
        const at = typeof key === 'string' ? WRITES[key] : undefined;
        if (at !== undefined && !isDryRun(args[at])) say();
        return Reflect.apply(member, target, args);
      };
    },
  });
}

const isDryRun = (options: unknown): boolean =>
  typeof options === 'object' && options !== null && 'dryRun' in options && options.dryRun === true;
