// Loads a file that the build made, with V8's code cache beside it: that saves most of the start-up time.
// A cache from another version of Node is rejected by V8 and then simply not used.
'use strict';
const fs = require('node:fs');
const module_ = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

function read(name, encoding) {
  try {
    return fs.readFileSync(name, encoding);
  } catch {
    return undefined;
  }
}

/** The scripts that were loaded, by file: the build takes their code caches. */
exports.scripts = new Map();

/** What the bundle exports, or undefined where it has not been built. */
exports.load = (file) => {
  const source = read(file, 'latin1');
  if (source === undefined) return undefined;
  const wrapped = new vm.Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    cachedData: read(`${file}.cache`),
    importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  exports.scripts.set(file, wrapped);
  const module = { exports: {} };
  wrapped.runInThisContext()(module.exports, module_.createRequire(file), module, file, path.dirname(file));
  return module.exports;
};
