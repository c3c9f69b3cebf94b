/** Which commands can be planned: those that change the cluster, and nothing beside it. */
import { CommandError } from '../../core/client/errors';
import { GLOBAL_FLAGS } from '../flags/common';
import { locate } from '../flags/locate';
import type { Entry } from '../verb';
import { ENTRIES } from '../verbs';

/** By path without the program's name; a command with subcommands stands for all of them that are not named otherwise. */
const PLANNABLE: ReadonlySet<string> = new Set([
  ...['annotate', 'apply', 'autoscale', 'cordon', 'create', 'delete', 'drain', 'expose', 'label', 'patch', 'replace'],
  ...['rollout pause', 'rollout restart', 'rollout resume', 'rollout undo', 'run', 'scale', 'set', 'taint', 'uncordon'],
  ...['apply set-last-applied', 'sim config', 'sim fail', 'sim heal'],
]);

/** Why others can't, where it is not that they change nothing. */
const REASONS: Readonly<Record<string, string>> = {
  edit: 'an editor is no plan: plan the change itself, with "plan apply -f" or "plan patch"',
  'apply edit-last-applied': 'an editor is no plan: plan "apply set-last-applied -f"',
  exec: 'what somebody does inside a pod is not played',
  cp: 'what somebody does inside a pod is not played',
  plan: 'a plan is of one command',
  'sim clock': 'time passes in every plan: --until says how much of it',
  'sim record': 'plan the commands that it holds',
  'sim replay': 'plan the commands that it holds',
  'sim import': 'it takes over what is: plan what is to be done there, with "plan --context NAME"',
  'sim reset': 'it leaves nothing to be played',
  'sim undo': 'it brings back what was, and plays nothing',
  'sim redo': 'it brings back what was, and plays nothing',
  'sim snapshot': 'it brings back what was, and plays nothing',
};

/** @throws CommandError that names the command where it can't be planned, or none is there */
export function checkPlannable(words: readonly string[], program: string): void {
  const { entries } = locate(words, ENTRIES, GLOBAL_FLAGS, program);
  if (entries.length === 0)
    throw new CommandError('plan needs a command that changes something, as in "plan scale sts/web --replicas=5"');
  const path = entries.map(({ name }) => name).join(' ');
  const parent = entries.length > 1 ? entries[0].name : undefined;
  if (PLANNABLE.has(path) || (parent !== undefined && inherits(parent, path))) return;
  if (entries.at(-1)?.load === undefined) return;
  const reason = REASONS[path] ?? (parent === undefined ? undefined : REASONS[`${parent} ${entries[1].name}`]);
  throw new CommandError(`"${path}" can't be planned: ${reason ?? 'it changes nothing in the cluster'}`);
}

const inherits = (parent: string, path: string): boolean =>
  (parent === 'create' || parent === 'set') && PLANNABLE.has(parent) && REASONS[path] === undefined;

/** What can be planned, for completion. */
export const plannable = (): readonly Entry[] =>
  ENTRIES.filter(({ name }) => [...PLANNABLE].some((path) => path === name || path.startsWith(`${name} `)));
