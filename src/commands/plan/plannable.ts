/** Which commands can be planned: those that change the cluster, and nothing beside it. */
import { CommandError } from '../../core/client/errors';
import { commandText } from '../command-text';
import { GLOBAL_FLAGS } from '../flags/common';
import { locate } from '../flags/locate';
import { OWN_NAME } from '../program-name';
import type { Entry } from '../verb';
import { ENTRIES } from '../verbs';

/** By path without the program's name; a command with subcommands stands for all of them that are not named otherwise. */
const PLANNABLE: ReadonlySet<string> = new Set([
  ...['annotate', 'apply', 'autoscale', 'cordon', 'create', 'delete', 'drain', 'expose', 'label', 'patch', 'replace'],
  ...['rollout pause', 'rollout restart', 'rollout resume', 'rollout undo', 'run', 'scale', 'set', 'taint', 'uncordon'],
  ...[
    'apply edit-last-applied',
    'apply set-last-applied',
    'cp',
    'debug',
    'edit',
    'exec',
    'sim config',
    'sim fail',
    'sim heal',
  ],
]);

/** Those that ask somebody each time: they can't be played for each variant of a comparison. */
const ASKING: ReadonlySet<string> = new Set(['apply edit-last-applied', 'edit']);

/** Why others can't, where it is not that they change nothing. */
const REASONS: Readonly<Record<string, string>> = {
  attach: 'what somebody types there is not known: plan what it would do, with "plan exec"',
  plan: 'a plan is of one command',
  'sim clock': 'time passes in every plan: --until says how much of it',
  'sim record': 'plan the commands that it holds',
  'sim replay': 'plan the commands that it holds',
  'sim import': 'it takes over what is: plan what is to be done there, with "plan --context NAME"',
  'sim reset': 'it leaves nothing to be played',
  'sim restore': 'it brings back what was, and plays nothing',
  'sim undo': 'it brings back what was, and plays nothing',
  'sim redo': 'it brings back what was, and plays nothing',
  'sim snapshot': 'it brings back what was, and plays nothing',
};

/** @throws CommandError that names the command where it can't be planned, or compared, or none is there */
export function checkPlannable(words: readonly string[], program: string, isCompared = false): void {
  const [first = '', ...others] = words;
  if (['kubectl', OWN_NAME, program].includes(first))
    throw new CommandError(`plan takes the command without the program's name: ${program} plan ${commandText(others)}`);
  const { entries, rest } = locate(words, ENTRIES, GLOBAL_FLAGS, program);
  if (entries.length === 0)
    throw new CommandError('plan needs a command that changes something, as in "plan scale sts/web --replicas=5"');
  const path = entries.map(({ name }) => name).join(' ');
  const parent = entries.length > 1 ? entries[0].name : undefined;
  if (isCompared && ASKING.has(path))
    throw new CommandError(
      `"${path}" can't be compared: it would ask once for each variant. Compare "apply -f" or "patch"`,
    );
  const last = entries.at(-1);
  if (last?.load === undefined && last?.children && !asksForHelp(words)) {
    const which = last.children
      .map(({ name }) => name)
      .filter((name) => canBePlanned(`${path} ${name}`, parent ?? path));
    // A group by itself shows its help, and does nothing; a word that it does not know is told by the group.
    if (which.length > 0 && rest.some((word) => !word.startsWith('-'))) return;
    if (which.length > 0)
      throw new CommandError(`"${path}" is no command by itself: it takes one of ${which.join(', ')}`);
  } else if (canBePlanned(path, parent) || last?.load === undefined) return;
  const reason = REASONS[path] ?? (parent === undefined ? undefined : REASONS[`${parent} ${entries[1].name}`]);
  throw new CommandError(`"${path}" can't be planned: ${reason ?? 'it changes nothing in the cluster'}`);
}

const canBePlanned = (path: string, parent: string | undefined): boolean =>
  PLANNABLE.has(path) || (parent !== undefined && inherits(parent, path));

/** Whether only the help of a command is wanted. */
export function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return words.slice(0, end < 0 ? undefined : end).some((word) => word === '-h' || word === '--help');
}

const inherits = (parent: string, path: string): boolean =>
  (parent === 'create' || parent === 'set') && PLANNABLE.has(parent) && REASONS[path] === undefined;

/** What can be planned, for completion. */
export const plannable = (): readonly Entry[] =>
  ENTRIES.filter(({ name }) => [...PLANNABLE].some((path) => path === name || path.startsWith(`${name} `)));
