// Loads what the build made. The program is cut into chunks that call one another by name; chunks that the same commands need lie
// in one file, a pack, with V8's code cache beside it. A chunk is evaluated when something of it is first used, and a pack is
// read when its first chunk is. That and the caches save most of the start-up time.
// A cache from another version of Node is rejected by V8 and then simply not used.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const CHUNK = 35; // '#'

/** Functions and classes stay what they are: from now on they are found without a question. */
function settle(exports, key, value) {
  if (typeof value === 'function') Object.defineProperty(exports, key, { value, enumerable: true });
  return value;
}

function ask(exports, getters) {
  for (const key in getters)
    Object.defineProperty(exports, key, { enumerable: true, configurable: true, get: getters[key] });
}

/** The exports of a chunk that is evaluated: plain ones where they can't change any more. */
function finish(exports, getters) {
  for (const key in getters) {
    const value = getters[key]();
    if (typeof value === 'function') exports[key] = value;
    else Object.defineProperty(exports, key, { enumerable: true, configurable: true, get: getters[key] });
  }
}

function read(name, encoding) {
  try {
    return fs.readFileSync(name, encoding);
  } catch {
    return undefined;
  }
}

/**
 * What the build put into the folder: `entry` is the namespace of bin/host.ts. Undefined where nothing was built.
 * `used` (the chunks evaluated so far) and `scripts` (the packs read so far) are for the build.
 */
exports.open = (dist) => {
  const text = read(path.join(dist, 'index.json'), 'utf8');
  if (text === undefined) return undefined;
  const index = JSON.parse(text);
  // Where code believes to be that asks for its place.
  const filename = path.join(dist, 'stsctl.cjs');
  const packs = new Map();
  const scripts = new Map();
  const modules = new Map();
  const namespaces = new Map();
  /** What chunks export that are being evaluated. */
  const begun = new Map();

  function pack(name) {
    const known = packs.get(name);
    if (known) return known;
    const file = path.join(dist, name);
    const script = new vm.Script(fs.readFileSync(file, 'latin1'), {
      // A cache keeps it: no path, so that a cache is the same wherever it was made.
      filename: `stsctl/${name}`,
      cachedData: read(`${file}.cache`),
      importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    scripts.set(file, script);
    const chunks = script.runInThisContext();
    packs.set(name, chunks);
    return chunks;
  }

  function evaluate(id) {
    const known = modules.get(id);
    if (known) return known.exports;
    const module = { exports: {} };
    modules.set(id, module);
    let getters;
    const live = (exported) => {
      getters = exported;
      begun.set(id, exported);
    };
    pack(index.packs[index.chunks[id][0]])[id](module.exports, requireChunk, module, filename, dist, live);
    if (begun.delete(id)) finish(module.exports, getters);
    return module.exports;
  }

  /** A chunk that is not evaluated yet is known by its exports' names; asking for one of them evaluates it. */
  function requireChunk(name) {
    if (name.charCodeAt(0) !== CHUNK) return require(name);
    const id = name.slice(1);
    const known = modules.get(id)?.exports ?? namespaces.get(id);
    if (known) {
      // A chunk that needs one which is being evaluated, as that one needs it, asks it for each name when it uses that.
      if (begun.has(id)) ask(known, begun.get(id));
      begun.delete(id);
      return known;
    }
    const [at, names, always] = index.chunks[id];
    if (names === null || (always === 1 && packs.has(index.packs[at]))) return evaluate(id);
    const namespace = {};
    for (const key of names === '' ? [] : names.split(' ')) {
      const get = () => settle(namespace, key, evaluate(id)[key]);
      Object.defineProperty(namespace, key, { enumerable: true, configurable: true, get });
    }
    namespaces.set(id, namespace);
    return namespace;
  }

  return { entry: requireChunk(`#${index.entry}`), used: modules, scripts };
};
