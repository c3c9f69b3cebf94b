/** Whether a configuration fits its schema: what an apply refuses before anything is merged (as typed.AsTyped). */
import { stringifyJson } from '../json';
import { itemElement, MissingKeyError, pathText } from './path';
import { asArray, asMap, type Shape } from './shape';

/** Sentences in upstream's words, one a fault: `.spec.foo: field not declared in schema`. */
export function faultsOf(shape: Shape, value: unknown, path: readonly string[] = []): string[] {
  if (value === undefined || value === null) return [];
  const at = (sentence: string): string[] => [`${pathText(path)}: ${sentence}`];
  switch (shape.kind) {
    case 'scalar':
    case 'deduced':
      return [];
    case 'list': {
      const list = asArray(value);
      if (!list) return at(`expected list, got ${shown(value)}`);
      const faults: string[] = [];
      const seen = new Set<string>();
      for (const [i, item] of list.entries()) {
        if (shape.relation === 'atomic') {
          faults.push(...faultsOf(shape.item, item, [...path, `i:${i}`]));
          continue;
        }
        let element: string;
        try {
          element = itemElement(shape, item);
        } catch (error) {
          if (!(error instanceof MissingKeyError)) throw error;
          faults.push(...at(`element ${i}: ${error.message}`));
          continue;
        }
        if (seen.has(element)) faults.push(...at(`duplicate entries for key ${pathText([element])}`));
        seen.add(element);
        faults.push(...faultsOf(shape.item, item, [...path, element]));
      }
      return faults;
    }
    default: {
      const map = asMap(value);
      if (!map) return at(`expected map, got ${shown(value)}`);
      return Object.entries(map).flatMap(([name, child]) => {
        const inner = [...path, `f:${name}`];
        if (shape.kind === 'map') return faultsOf(shape.item, child, inner);
        const field = shape.field(name);
        return field ? faultsOf(field.shape, child, inner) : [`${pathText(inner)}: field not declared in schema`];
      });
    }
  }
}

const shown = (value: unknown): string => `&{${typeof value === 'object' ? stringifyJson(value) : String(value)}}`;
