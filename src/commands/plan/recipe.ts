/**
 * How to have a StatefulSet with other values of what it keeps for life: deleted as an orphan and made again, it takes over
 * the pods that it finds. Each line is a command without the program's name; typed one after the other they get there.
 */
import type { Subject } from '../../core/reports/why';
import type { Remaking } from '../../core/simulation/plan/for-life';
import { commandText } from '../command-text';

/**
 * What `command`, which is refused for that reason, would have come to. @param within the namespace that was named before the
 * command: a file may name none itself
 */
export function recipeOf(
  { name, namespace }: Subject,
  { relabel, newTemplates, pods }: Remaking,
  command: readonly string[],
  within?: string,
): string[] {
  const where = whereOf(namespace, within);
  const { before, file } = sourceOf(name, where, within === undefined ? command : inNamespace(command, within));
  const lines = [...before, `delete statefulset/${name} --cascade=orphan${where}`];
  if (relabel && relabel.to.length > 0)
    lines.push(`label pods -l ${relabel.from} ${relabel.to.join(' ')} --overwrite${where}`);
  lines.push(file);
  // A pod can't be given another volume while it lives; the set stands still until each was deleted.
  if (newTemplates.length > 0) lines.push(...pods.map((pod) => `delete pod ${pod}${where}`));
  return lines;
}

const NAMESPACE = /^(?:-n|--namespace(?:=|$))/;

/** The command with the namespace, where it doesn't name one itself. */
function inNamespace(command: readonly string[], namespace: string): readonly string[] {
  const [verb = '', ...words] = command;
  return words.some((word) => NAMESPACE.test(word)) ? command : [verb, ...words, '-n', namespace];
}

/** The file that holds the set as it is to be, and what makes it where the command names none. */
function sourceOf(name: string, where: string, command: readonly string[]): { before: string[]; file: string } {
  // Also where all was replaced: what is there beside the set is left in peace by apply, and refused by create.
  if (command[0] === 'apply' || command[0] === 'create') return { before: [], file: commandText(command) };
  if (command[0] === 'replace' && !command.includes('--raw'))
    return { before: [], file: commandText(['apply', ...command.slice(1)]) };
  const local = command[0] === 'patch' ? patchedLocally(name, command) : undefined;
  if (!local) return { before: [], file: `apply -f FILE${where}` };
  return {
    before: [`get statefulset/${name} -o yaml${where} > ${name}-before.yaml`, `${local} -o yaml > ${name}-after.yaml`],
    file: `apply -f ${name}-after.yaml${where}`,
  };
}

const STATEFULSETS = /^(?:sts|statefulsets?(?:\.[\w.]+)?)$/i;

/** The same patch of a file instead of the cluster; undefined where the words don't name the set by itself. */
function patchedLocally(name: string, command: readonly string[]): string | undefined {
  if (command.some((word) => /^(?:-f|--filename|-o|--output|-k|--kustomize|--local)(?:=|$)/.test(word)))
    return undefined;
  const at = command.findIndex((word) => STATEFULSETS.test(word.split('/')[0]));
  if (at < 0) return undefined;
  const [, named] = command[at].split('/');
  if ((named ?? command[at + 1]) !== name) return undefined;
  const words = [...command];
  words.splice(at, named === undefined ? 2 : 1, '--local', '-f', `${name}-before.yaml`);
  return commandText(words);
}

/** Whoever named "default" may work in another namespace otherwise. */
const whereOf = (namespace: string | undefined, within: string | undefined): string =>
  namespace && (namespace !== 'default' || within === namespace) ? ` -n ${namespace}` : '';

/** What becomes of that which is there, in sentences. */
export function remarksOn({ name, namespace }: Subject, remaking: Remaking, within?: string): string[] {
  const { fields, selectsOtherwise, newTemplates, changedTemplates, lostTemplates, pods } = remaking;
  const where = whereOf(namespace, within);
  const [first = `${name}-0`] = pods;
  const remarks: string[] = [];
  if (fields.includes('spec.serviceName'))
    remarks.push(
      `Pods that are there keep the host name of the old Service until they are made anew: stsctl rollout restart statefulset/${name}${where}`,
    );
  if (selectsOtherwise)
    remarks.push(
      'Pods that are there must wear labels of the new selector before the set is made, or their names stand in its way.',
    );
  if (newTemplates.length > 0)
    remarks.push(
      `A pod gets the volume of ${newTemplates.join(', ')} only when it is made anew: delete each when the one before is ready again.`,
    );
  if (changedTemplates.length > 0)
    remarks.push(
      `Claims that are there (${changedTemplates.map((template) => `${template}-${first}`).join(', ')}, …) stay as they are: only claims that are made later follow the new template.`,
    );
  if (lostTemplates.length > 0)
    remarks.push(
      `Claims of ${lostTemplates.join(', ')} stay with their data, and pods that are made anew don't use them.`,
    );
  return remarks;
}
