/** Rows of configuration and namespaces: ConfigMap, Secret, ServiceAccount, Namespace, quotas, limits. */

import type { ConfigMap, Namespace, Secret } from '../../api/types';
import { compareText } from '../../meta/text';
import { AGE, ageOf, asMap, asText, at, countOf, NAME, type TablePrinter, text } from './printer';

export const configMapPrinter = (): TablePrinter<ConfigMap> => ({
  columns: [NAME, text('Data'), AGE],
  cells: (map, now) => [map.metadata.name, countOf(map.data) + countOf(map.binaryData), ageOf(map, now)],
});

export const secretPrinter = (): TablePrinter<Secret> => ({
  columns: [NAME, text('Type'), text('Data'), AGE],
  cells: (secret, now) => [secret.metadata.name, secret.type ?? '', countOf(secret.data), ageOf(secret, now)],
});

/** Name and age alone: ServiceAccounts (whose secrets are no longer counted) and others. */
export const agePrinter = (): TablePrinter => ({
  columns: [NAME, AGE],
  cells: (object, now) => [object.metadata.name, ageOf(object, now)],
});

export const namespacePrinter = (): TablePrinter<Namespace> => ({
  columns: [NAME, text('Status'), AGE],
  cells: (namespace, now) => [namespace.metadata.name, namespace.status?.phase ?? '', ageOf(namespace, now)],
});

export const quotaPrinter = (): TablePrinter => ({
  columns: [NAME, text('Request'), text('Limit'), AGE],
  cells(quota, now) {
    const hard = asMap(at(quota, 'status', 'hard')) ?? {};
    const line = (name: string): string =>
      `${name}: ${asText(at(quota, 'status', 'used', name)) || '0'}/${asText(hard[name])}`;
    const names = Object.keys(hard).sort(compareText);
    const isLimit = (name: string): boolean => name.startsWith('limits.');
    return [
      quota.metadata.name,
      names
        .filter((name) => !isLimit(name))
        .map(line)
        .join(', '),
      names.filter(isLimit).map(line).join(', '),
      ageOf(quota, now),
    ];
  },
});
