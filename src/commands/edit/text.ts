/** The text that is opened in the editor: its heading, why it is opened again, and telling whether it was changed. */
import type { Info } from '../../core/client/builder';
import { deepEqual } from '../../core/meta/equal';
import { parseDocuments } from '../manifests/documents';

export type Mode = 'objects' | 'last-applied';

/** Why a text is opened again. */
export interface Reason {
  readonly head: string;
  readonly causes: readonly string[];
}

const HEADINGS: Readonly<Record<Mode, string>> = {
  objects:
    "# Please edit the object below. Lines beginning with a '#' will be ignored,\n" +
    '# and an empty file will abort the edit. If an error occurs while saving this file will be\n' +
    '# reopened with the relevant failures.\n#\n',
  'last-applied':
    "# Please edit the 'last-applied-configuration' annotations below.\n" +
    "# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.\n#\n",
};

export function heading(mode: Mode, reasons: readonly Reason[]): string {
  const commented = (text: string): string => text.replace(/\n(?!#|$)/g, '\n# ');
  return (
    HEADINGS[mode] +
    reasons
      .map(
        ({ head, causes }) =>
          `# ${commented(head)}${causes.length > 0 ? ':' : ''}\n` +
          `${causes.map((cause) => `# * ${commented(cause)}\n`).join('')}#\n`,
      )
      .join('')
  );
}

/** One object, or a List of several. */
export async function bodyOf(infos: readonly Info[], format: 'yaml' | 'json'): Promise<string> {
  const objects = infos.map((info) => info.object);
  const value = objects.length === 1 ? objects[0] : { apiVersion: 'v1', items: objects, kind: 'List', metadata: {} };
  return format === 'json'
    ? (await import('../../render/json')).toJson(value)
    : (await import('../../render/yaml')).toYaml(value);
}

/** Without the lines that are comments. */
export const withoutComments = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');

export const isBlank = (text: string): boolean => !/^[^\S\n\r\u2028\u2029]*[^\s#]/m.test(text);

/** Whether two texts say the same, comments aside; what cannot be parsed is compared as text. */
export async function saysTheSame(a: string, b: string): Promise<boolean> {
  if (withoutComments(a) === withoutComments(b)) return true;
  const [left, right] = [await parsed(a), await parsed(b)];
  return left !== undefined && right !== undefined && deepEqual(left, right);
}

async function parsed(text: string): Promise<readonly unknown[] | undefined> {
  const { values, error } = await parseDocuments(new TextEncoder().encode(text));
  return error ? undefined : values;
}
