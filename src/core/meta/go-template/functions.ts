/** The functions that a template may call: Go's, and the two that kubectl adds. */
import { equal, less, lessOrEqual } from './compare';
import { base64decode, html, js, urlquery } from './escapes';
import { exists, indexInto, lengthOf, sliceOf } from './indexing';
import { sprint, sprintf, sprintln } from './printf';
import { truth, typeName, unwrap } from './values';

/** What a parameter takes: any value as it is, any value as interface {}, or a text. */
export type Parameter = 'value' | 'any' | 'string';

export interface TemplateFunction {
  readonly parameters: readonly Parameter[];
  /** The type of further arguments; without it there are none. */
  readonly rest?: Parameter;
  /** Throws Error with Go's words. */
  call(args: readonly unknown[]): unknown;
}

const all = (...parameters: Parameter[]): Parameter[] => parameters;

/** As fmt.Sprint, but that nothing is `<no value>`. */
function textOf(args: readonly unknown[]): string {
  const values = args.map((arg) => unwrap(arg) ?? '<no value>');
  return values.length === 1 && typeof values[0] === 'string' ? values[0] : sprint(values);
}

export const FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  // The executor evaluates the arguments of these two one by one, and stops early.
  and: { parameters: all('value'), rest: 'value', call: (args) => args.find((a) => !truth(a)) ?? args.at(-1) },
  or: { parameters: all('value'), rest: 'value', call: (args) => args.find(truth) ?? args.at(-1) },
  not: { parameters: all('value'), call: ([value]) => !truth(value) },
  len: { parameters: all('value'), call: ([value]) => lengthOf(value) },
  index: { parameters: all('value'), rest: 'value', call: ([item, ...path]) => indexInto(item, path) },
  slice: { parameters: all('value'), rest: 'value', call: ([item, ...path]) => sliceOf(item, path) },
  eq: { parameters: all('value'), rest: 'value', call: ([first, ...others]) => equal(first, others) },
  ne: { parameters: all('value', 'value'), call: ([a, b]) => !equal(a, [b]) },
  lt: { parameters: all('value', 'value'), call: ([a, b]) => less(a, b) },
  le: { parameters: all('value', 'value'), call: ([a, b]) => lessOrEqual(a, b) },
  gt: { parameters: all('value', 'value'), call: ([a, b]) => !lessOrEqual(a, b) },
  ge: { parameters: all('value', 'value'), call: ([a, b]) => !less(a, b) },
  print: { parameters: [], rest: 'any', call: sprint },
  println: { parameters: [], rest: 'any', call: sprintln },
  printf: {
    parameters: all('string'),
    rest: 'any',
    call: ([template, ...args]) => sprintf(String(unwrap(template)), args),
  },
  html: { parameters: [], rest: 'any', call: (args) => html(textOf(args)) },
  js: { parameters: [], rest: 'any', call: (args) => js(textOf(args)) },
  urlquery: { parameters: [], rest: 'any', call: (args) => urlquery(textOf(args)) },
  call: { parameters: all('value'), rest: 'value', call: refuseCall },
  exists: { parameters: all('any'), rest: 'any', call: ([root, ...path]) => exists(root, path) },
  base64decode: { parameters: all('string'), call: ([text]) => base64decode(String(unwrap(text))) },
};

/** No value of an object is a function. The executor puts the callee's text in front. */
function refuseCall([name, callee]: readonly unknown[]): never {
  const value = unwrap(callee);
  if (value === undefined) throw new Error('call of nil');
  throw new Error(`non-function ${String(name)} of type ${typeName(value)}`);
}

/** Finds one by name, and never what Object.prototype has. */
export const functionNamed = (name: string): TemplateFunction | undefined =>
  Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
