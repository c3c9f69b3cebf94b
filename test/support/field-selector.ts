/** Writes field selectors, which the program only reads. */
import type { FieldRequirement } from '../../src/core/meta/fields';

/** The selector's text with values escaped, which parses back to the same requirements. */
export const formatFieldSelector = (requirements: readonly FieldRequirement[]): string =>
  requirements
    .map(({ field, value, negate }) => `${field}${negate ? '!=' : '='}${value.replace(/[\\,=]/g, '\\$&')}`)
    .join(',');
