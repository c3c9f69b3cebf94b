// Loads what the build made. The program is cut into chunks that call one another by name; chunks that the same commands need lie
// in one file, a pack, with V8's code cache beside it. A chunk is evaluated when something of it is first used, and a pack is
// read when its first chunk is. That and the caches save most of the start-up time.
// A cache from another version of Node is rejected by V8 and then simply not used.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const CHUNK = 35; // '#'

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
  /** What chunks export that are being evaluated. */
  const begun = new Map();
  /** What others hold of chunks that are not evaluated yet. */
  const namespaces = new Map();
  /** Stands behind a namespace until its chunk is evaluated: the first question for one of its names does that. */
  const asked = {
    get({ id }, key) {
      const exports = evaluate(id);
      // As it needs something of its own while it is being evaluated.
      if (begun.has(id)) return begun.get(id)[key]?.();
      return Object.hasOwn(exports, key) ? exports[key] : undefined;
    },
  };

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
    const namespace = namespaces.get(id);
    const module = { exports: namespace ?? {} };
    modules.set(id, module);
    const live = (getters) => begun.set(id, getters);
    pack(index.packs[index.chunks[id]])[id](module.exports, requireChunk, module, filename, dist, live);
    if (namespace) Object.setPrototypeOf(namespace, Object.prototype);
    const getters = begun.get(id);
    if (begun.delete(id)) finish(module.exports, getters);
    return module.exports;
  }

  /** The namespace of a chunk, evaluated when something of it is used; or the exports of one that is, or has to be. */
  function requireChunk(name) {
    if (name.charCodeAt(0) !== CHUNK) return require(name);
    const id = name.slice(1);
    const known = modules.get(id)?.exports ?? namespaces.get(id);
    if (known) {
      // A chunk that needs one which is being evaluated, as that one needs it, asks it for each name when it uses that.
      if (begun.has(id) && !namespaces.has(id)) {
        ask(known, begun.get(id));
        begun.delete(id);
      }
      return known;
    }
    const at = index.chunks[id];
    if (id in index.whole || (index.always.includes(at) && packs.has(index.packs[at]))) return evaluate(id);
    const namespace = Object.create(new Proxy({ id }, asked));
    namespaces.set(id, namespace);
    return namespace;
  }

  /** As a dynamic import. */
  requireChunk.late = (name) => Promise.resolve().then(() => requireChunk(name));

  return { entry: requireChunk(`#${index.entry}`), used: modules, scripts };
};
