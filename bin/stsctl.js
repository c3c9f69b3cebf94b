#!/usr/bin/env node
// Starts the bundle that `npm run build` made, with V8's code cache beside it: that saves most of the start-up time.
// A cache from another version of Node is rejected by V8 and then simply not used.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const file = path.join(__dirname, '..', 'dist', 'stsctl.cjs');

function read(name, encoding) {
  try {
    return fs.readFileSync(name, encoding);
  } catch {
    return undefined;
  }
}

const source = read(file, 'latin1');
if (source === undefined) {
  process.stderr.write('error: stsctl is not built yet: run "npm run build" in its folder\n');
  process.exitCode = 1;
} else {
  const cachedData = read(`${file}.cache`);
  const wrapped = new vm.Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    cachedData,
    importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const module = { exports: {} };
  wrapped.runInThisContext()(
    module.exports,
    require('node:module').createRequire(file),
    module,
    file,
    path.dirname(file),
  );
  module.exports.start();
}
