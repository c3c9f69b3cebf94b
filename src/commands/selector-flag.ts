/** A selector of the command line as the LabelSelector object that kinds keep (as ParseToLabelSelector). */
import { CommandError } from '../core/client/errors';
import { parseSelector } from '../core/meta/labels';

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

const OPERATORS: Readonly<Record<string, string>> = {
  in: 'In',
  notin: 'NotIn',
  exists: 'Exists',
  '!': 'DoesNotExist',
};

/** @throws CommandError for what cannot be parsed, and for operators that a LabelSelector lacks */
export function labelSelectorOf(text: string): LabelSelector {
  const matchLabels: Record<string, string> = {};
  const matchExpressions: { key: string; operator: string; values?: readonly string[] }[] = [];
  for (const { key, operator, values } of requirementsOf(text)) {
    if (operator === '=' || operator === '==') matchLabels[key] = values[0];
    else if (Object.hasOwn(OPERATORS, operator))
      matchExpressions.push({ key, operator: OPERATORS[operator], ...(values.length > 0 && { values }) });
    else throw new CommandError(`${JSON.stringify(operator)} is not a valid label selector operator`);
  }
  return {
    ...(Object.keys(matchLabels).length > 0 && { matchLabels }),
    ...(matchExpressions.length > 0 && { matchExpressions }),
  };
}

function requirementsOf(text: string): ReturnType<typeof parseSelector> {
  try {
    return parseSelector(text);
  } catch (e) {
    if (!(e instanceof Error)) throw e;
    throw new CommandError(`couldn't parse the selector string ${JSON.stringify(text)}: ${e.message}`);
  }
}
