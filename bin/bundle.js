// Loads what the build made. The program is cut into chunks that call one another by name; chunks that the same commands need lie
// in one file, a pack, with V8's code cache beside it. A chunk is evaluated when something of it is first used, and a pack is
// read when its first chunk is. That and the caches save most of the start-up time.
// A cache from another version of Node is rejected by V8 and then simply not used.
'use strict';
const fs = require('node:fs');
const module_ = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

const CHUNK = 35; // '#'

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
  const requireOther = module_.createRequire(filename);
  const packs = new Map();
  const scripts = new Map();
  const modules = new Map();
  const namespaces = new Map();

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
    pack(index.packs[index.chunks[id][0]])[id](module.exports, requireChunk, module, filename, dist);
    return module.exports;
  }

  /** A chunk that is not evaluated yet is known by its exports' names; asking for one of them evaluates it. */
  function requireChunk(name) {
    if (name.charCodeAt(0) !== CHUNK) return requireOther(name);
    const id = name.slice(1);
    const known = modules.get(id)?.exports ?? namespaces.get(id);
    if (known) return known;
    const names = index.chunks[id][1];
    if (names === null) return evaluate(id);
    const namespace = {};
    Object.defineProperty(namespace, '__esModule', { value: true });
    for (const key of names) {
      const get = () => {
        const value = evaluate(id)[key];
        // Functions and classes stay what they are: from now on they are found without a question.
        if (typeof value === 'function') Object.defineProperty(namespace, key, { value });
        return value;
      };
      Object.defineProperty(namespace, key, { enumerable: true, configurable: true, get });
    }
    namespaces.set(id, namespace);
    return namespace;
  }

  return { entry: requireChunk(`#${index.entry}`), used: modules, scripts };
};
