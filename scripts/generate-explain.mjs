// Writes dist/explain.json: type, required mark, values and description of every field of every built-in type. The fields come
// from the generated models of the development dependency `kubernetes-models`, the words from those that read-texts.mjs
// reads; `stsctl explain` alone reads the file.
//
// {"texts": […], "types": {"V1Pod": [text, "apiVersion", "string", text, …], "Time": [text, "string"]}}: a type's own text, then
// name, code and text of each field; or the text and what JSON holds. A text is an index, -1 for none. A code is `[]` and `{}`
// for lists and maps, then what JSON holds or `$` and a key of "types"; `!` marks a required field, `=a|b` its values.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isQuantity, readModel, unwrap } from './generate-schema.mjs';
import { readTexts, readValueTexts } from './read-texts.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const models = join(root, 'node_modules/kubernetes-models/dist/gen/models');

/** What the models call `any`. */
const OPEN = {
  'ControllerRevision.data': 'RawExtension',
  'ManagedFieldsEntry.fieldsV1': 'FieldsV1',
  'JSONSchemaProps.items': 'JSONSchemaPropsOrArray',
  'JSONSchemaProps.additionalItems': 'JSONSchemaPropsOrBool',
  'JSONSchemaProps.additionalProperties': 'JSONSchemaPropsOrBool',
  'JSONSchemaProps.default': 'JSON',
  'JSONSchemaProps.example': 'JSON',
  'JSONSchemaProps.enum': 'JSON',
  'JSONSchemaProps.dependencies': 'JSONSchemaPropsOrStringArray',
};

/** @param target where to write; the folder exists */
export function generateExplain(target) {
  const names = readdirSync(models)
    .filter((f) => f.endsWith('.js') && /^([A-Z][a-z]+)?V[12][A-Z]/.test(f))
    .map((f) => f.slice(0, -3));
  const known = new Set(names);
  const texts = new Map();
  const indexOf = (text) => {
    if (text === undefined) return -1;
    if (!texts.has(text)) texts.set(text, texts.size);
    return texts.get(text);
  };
  const said = readTexts(known);
  const values = readValueTexts();
  const types = {};
  for (const name of Object.keys(values))
    types[name] = [indexOf(values[name]), ...(/Time$/.test(name) ? ['string'] : [])];
  for (const model of names.sort()) {
    const words = said.get(model) ?? { text: typeNote(model), fields: new Map() };
    const notes = fieldNotes(model);
    const row = [indexOf(words.text)];
    for (const field of readModel(model)) {
      const { text = notes.get(field.name), values: allowed } = words.fields.get(field.baseName) ?? {};
      row.push(field.baseName, codeOf(model, field, known, allowed), indexOf(text));
    }
    types[model] = row;
  }
  if (Object.keys(types).length < 400 || said.size < 400) throw new Error('the models do not look as expected');
  writeFileSync(target, JSON.stringify({ texts: [...texts.keys()], types }));
}

const declarations = (model) => readFileSync(join(models, `${model}.d.ts`), 'utf8');

/** What the client says of a type, for the few types without words of their own. */
function typeNote(model) {
  const own = /\/\*\*\n((?:\* .*\n)+)\*\/\nexport declare class/.exec(declarations(model))?.[1];
  return own && plain(own);
}

/** What the client says of a type's fields: nothing of those whose type has a name. */
function fieldNotes(model) {
  const found = declarations(model).matchAll(/ {4}\/\*\*\n((?: {4}\* .*\n)+) {4}\*\/\n {4}'([^']+)'/g);
  return new Map([...found].map((m) => [m[2], plain(m[1])]));
}

/** A comment as the API's own text. The models put every text on one line: two blanks are where a paragraph ended, three
 * before a dash where a list goes on. */
function plain(comment) {
  return comment
    .replace(/^ *\* /gm, '')
    .trim()
    .replace(/\\(['"\\])/g, '$1')
    .replace(/ {3}(?=- )/g, '\n  ')
    .replace(/([.:)]) {2}(?=[A-Z`"-])/g, '$1\n\n');
}

function codeOf(model, field, known, allowed) {
  const { prefix, inner } = unwrap(field.type);
  const type = model.replace(/^(?:[A-Z][a-z]+)?V\d+(?:(?:alpha|beta)\d+)?/, '');
  const full = `${type}.${field.baseName}`;
  const leaf = () => {
    if (isQuantity(full)) return '$Quantity';
    if (inner === 'any') return OPEN[full] ? `$${OPEN[full]}` : 'Object';
    if (inner === 'Date') return '$Time';
    if (inner === 'V1MicroTime') return '$MicroTime';
    if (inner === 'IntOrString') return '$IntOrString';
    if (inner === 'number' && field.format.startsWith('int')) return 'integer';
    return known.has(inner) ? `$${inner}` : inner;
  };
  const values = allowed?.map((value) => (value === '' ? '""' : value)).join('|');
  return `${prefix}${leaf()}${field.required ? '!' : ''}${values ? `=${values}` : ''}`;
}
