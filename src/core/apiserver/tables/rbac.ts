/** Rows of roles and their bindings. */
import { AGE, ageOf, asMaps, asText, at, type Json, NAME, type TablePrinter, text, wide } from './printer';

/** Name and creation time: roles, and every built-in kind without a printer of its own (as DefaultTableConvertor). */
export const createdPrinter = (): TablePrinter => ({
  columns: [NAME, { name: 'Created At', type: 'date', priority: 0 }],
  cells: (object) => [object.metadata.name, object.metadata.creationTimestamp ?? ''],
});

export const bindingPrinter = (): TablePrinter => ({
  columns: [NAME, text('Role'), AGE, wide('Users'), wide('Groups'), wide('ServiceAccounts')],
  cells(binding, now) {
    const subjects = asMaps(binding.subjects);
    const named = (kind: string, name: (subject: Json) => string): string =>
      subjects
        .filter((subject) => subject.kind === kind)
        .map(name)
        .join(', ');
    return [
      binding.metadata.name,
      `${asText(at(binding, 'roleRef', 'kind'))}/${asText(at(binding, 'roleRef', 'name'))}`,
      ageOf(binding, now),
      named('User', (subject) => asText(subject.name)),
      named('Group', (subject) => asText(subject.name)),
      named('ServiceAccount', (subject) => `${asText(subject.namespace)}/${asText(subject.name)}`),
    ];
  },
});
