/** `config set` and `unset`: from a dotted name to one value of a kubeconfig (as kubectl's navigation steps). */

import { CommandError } from '../../../client/errors';
import { corruptByte } from '../../../meta/base64';
import { CONFIG, type Field, type Fields, type FieldType, isRecord } from './shape';

/** How a value is changed; `raw`: bytes are given as they are, not in base64. */
export type Change = { readonly value: string; readonly raw: boolean } | 'unset';

interface Step {
  readonly name: string;
  readonly go: string;
}

/**
 * The steps of a name. A key of a map may hold dots: it reaches to the next part that is a field of what the map holds.
 * @throws CommandError for a path that leads nowhere
 */
export function stepsOf(property: string): readonly string[] {
  const parts = property.split('.');
  const steps: Step[] = [];
  let type: FieldType = CONFIG;
  for (let at = 0; at < parts.length; ) {
    if (type.kind === 'map') {
      if (!type.of) throw new CommandError(`${type.go} is not of type struct`);
      const { fields } = type.of;
      const end = parts.findIndex((part, i) => i > at && Object.hasOwn(fields, part));
      const name = parts.slice(at, end < 0 ? undefined : end).join('.');
      steps.push({ name, go: type.go });
      at = end < 0 ? parts.length : end;
      type = type.of;
    } else if (type.kind === 'struct') {
      const name = parts[at] ?? '';
      const field = fieldOf(type.fields, name);
      if (!field) throw new CommandError(`unable to parse ${property} after ${shown(steps)} at ${type.go}`);
      steps.push({ name, go: goOf(field.type) });
      type = field.type;
      at++;
    } else throw new CommandError(`unable to parse one or more field values of ${property}`);
  }
  return steps.map(({ name }) => name);
}

const shown = (steps: readonly Step[]): string => `[${steps.map(({ name, go }) => `{${name} ${go}}`).join(' ')}]`;

function goOf(type: FieldType): string {
  if (type.kind === 'struct') return type.go;
  if (type.kind === 'map') return `map[string]${type.go}`;
  return { string: 'string', bool: 'bool', bytes: '[]uint8', strings: '[]string', pointer: 'struct' }[type.kind];
}

const fieldOf = (fields: Fields, name: string): Field | undefined =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;

/** Maps of a kubeconfig are records by name here. Returns what `holder` becomes. @throws CommandError */
export function changed(holder: unknown, type: FieldType, steps: readonly string[], change: Change): unknown {
  const [step, ...rest] = steps;
  switch (type.kind) {
    case 'map':
      return changedMap(isRecord(holder) ? holder : {}, type, step, rest, change);
    case 'struct':
      return changedStruct(isRecord(holder) ? holder : {}, type, step, rest, change);
    default:
      if (change === 'unset') return undefined;
      return leafOf(type, change);
  }
}

function changedMap(
  map: Record<string, unknown>,
  type: FieldType & { kind: 'map' },
  step: string | undefined,
  rest: readonly string[],
  change: Change,
): unknown {
  if (step === undefined || (rest.length === 0 && change !== 'unset'))
    throw new CommandError(`can't set a map to a value: map[${Object.keys(map).toSorted().join(' ')}]`);
  if (rest.length === 0) {
    const { [step]: _, ...others } = map;
    return others;
  }
  const there = Object.hasOwn(map, step);
  if (!there && change === 'unset') throw new CommandError(`current map key \`${step}\` is invalid`);
  if (!type.of) throw new CommandError(`${type.go} is not of type struct`);
  return { ...map, [step]: changed(there ? map[step] : {}, type.of, rest, change) };
}

function changedStruct(
  struct: Record<string, unknown>,
  type: FieldType & { kind: 'struct' },
  step: string | undefined,
  rest: readonly string[],
  change: Change,
): unknown {
  const field = step === undefined ? undefined : fieldOf(type.fields, step);
  if (step === undefined || !field)
    throw new CommandError(
      `can't set all of ${type.go} to a value: name one of ${Object.keys(type.fields).join(', ')}`,
    );
  const name = field.written ?? step;
  if (rest.length === 0 && change === 'unset') {
    const { [name]: _, ...others } = struct;
    return others;
  }
  return { ...struct, [name]: changed(struct[name], field.type, rest, change) };
}

function leafOf(type: FieldType, { value, raw }: Exclude<Change, 'unset'>): unknown {
  switch (type.kind) {
    case 'string':
      return value;
    case 'bool':
      return boolOf(value);
    case 'bytes':
      return raw ? Buffer.from(value).toString('base64') : base64Of(value);
    case 'strings':
      throw new CommandError('unrecognized slice type. string');
    default:
      throw new CommandError("can't set a group of fields to a value: use set-credentials for credentials of programs");
  }
}

/** As strconv.ParseBool. */
function boolOf(text: string): boolean {
  if (/^(1|t|T|true|TRUE|True)$/.test(text)) return true;
  if (/^(0|f|F|false|FALSE|False)$/.test(text)) return false;
  throw new CommandError(`strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
}

function base64Of(text: string): string {
  const at = corruptByte(new TextEncoder().encode(text));
  if (at !== undefined) throw new CommandError(`error decoding input value: illegal base64 data at input byte ${at}`);
  return Buffer.from(text, 'base64').toString('base64');
}
