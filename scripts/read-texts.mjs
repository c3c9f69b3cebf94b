// Reads the API's own words about types and fields from the declarations of the development dependencies `kubernetes-texts`,
// `@kubernetes-models/apimachinery` and, for quantities, `kubernetes-types`. Unlike the generated models of the client they
// keep paragraphs, lists, the values that a field may have and the text of fields whose type has a name.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', 'node_modules');
const META = '@kubernetes-models/apimachinery/apis';
const CORE = 'kubernetes-texts';

/** The folders of one version each, with the group's first word: `Apps`, `Core`. Beta versions there are of old releases. */
const FOLDERS = [['Core', `${CORE}/v1`], ...groupsIn(CORE), ...groupsIn(META)].flatMap(([group, folder]) =>
  /\/v\d+$/.test(folder) ? [[group, folder]] : [],
);

function groupsIn(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^(v\d|_|node_modules)/.test(entry.name))
    .flatMap((entry) =>
      readdirSync(join(root, folder, entry.name), { withFileTypes: true })
        .filter((version) => version.isDirectory())
        .map((version) => [capital(entry.name.split('.')[0]), `${folder}/${entry.name}/${version.name}`]),
    );
}

/**
 * @param known the client's names of all types: `V1Pod`, `EventsV1Event`
 * @returns by such a name: the type's text and, by field, its text and the values that it may have
 */
export function readTexts(known) {
  const found = new Map();
  for (const [group, folder] of FOLDERS) {
    const version = capital(folder.slice(folder.lastIndexOf('/') + 1));
    for (const file of readdirSync(join(root, folder)).filter((name) => name.endsWith('.d.ts'))) {
      const kind = file.slice(0, -'.d.ts'.length);
      const name = [`${group}${version}${kind}`, `${version}${kind}`].find((name) => known.has(name));
      const type = name && readType(readFileSync(join(root, folder, file), 'utf8'));
      if (type && !found.has(name)) found.set(name, type);
    }
  }
  return found;
}

/** The first interface of a declaration file; its fields are indented by four blanks, those of nested types by more. */
function readType(text) {
  const [, own, body] =
    /(\/\*\*\n(?: \*.*\n)+? \*\/\n)?export interface I\w+[^{\n]*\{\n([\s\S]*?)^\}/m.exec(text) ?? [];
  if (body === undefined) return undefined;
  const fields = new Map();
  for (const [, note, field, type] of body.matchAll(
    /^( {4}\/\*\*\n(?: {5}\*.*\n)+? {5}\*\/\n)? {4}"([^"]+)"\??: (.*)$/gm,
  ))
    fields.set(field, { text: note && plain(note), values: note && valuesOf(type) });
  return { text: own && plain(own), fields };
}

/** The texts of the types that are a plain value in JSON, or any: by their names in the API. */
export function readValueTexts() {
  const files = {
    Time: `${META}/meta/v1/Time.d.ts`,
    MicroTime: `${META}/meta/v1/MicroTime.d.ts`,
    FieldsV1: `${META}/meta/v1/FieldsV1.d.ts`,
    IntOrString: '@kubernetes-models/apimachinery/util/intstr/IntOrString.d.ts',
    RawExtension: '@kubernetes-models/apimachinery/runtime/RawExtension.d.ts',
    Quantity: 'kubernetes-types/api/resource.d.ts',
    JSON: `${CORE}/apiextensions.k8s.io/v1/JSON.d.ts`,
    JSONSchemaPropsOrArray: `${CORE}/apiextensions.k8s.io/v1/JSONSchemaPropsOrArray.d.ts`,
    JSONSchemaPropsOrBool: `${CORE}/apiextensions.k8s.io/v1/JSONSchemaPropsOrBool.d.ts`,
    JSONSchemaPropsOrStringArray: `${CORE}/apiextensions.k8s.io/v1/JSONSchemaPropsOrStringArray.d.ts`,
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, file]) => {
      const [comment] = /\/\*\*\n(?: \*.*\n)+? \*\/\n/.exec(readFileSync(join(root, file), 'utf8')) ?? [];
      if (!comment) throw new Error(`${file} does not look as expected`);
      return [name, plain(comment)];
    }),
  );
}

/** The literals of a type; an apiVersion and a kind are literals too, but have no text. */
function valuesOf(type) {
  if (!/^"[^"]*"(?: \| "[^"]*")*;$/.test(type)) return undefined;
  return [...type.matchAll(/"([^"]*)"/g)].map((match) => match[1]);
}

/** A comment without its frame; a star that would end or mark up the comment is escaped there. */
function plain(comment) {
  return comment
    .split('\n')
    .slice(1, -2)
    .map((line) => line.replace(/^ *\* ?/, ''))
    .join('\n')
    .replace(/\\\*/g, '*')
    .replace(/\*\\\//g, '*/');
}

function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
