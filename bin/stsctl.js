#!/usr/bin/env node
// Starts the bundle that `npm run build` made.
'use strict';
const path = require('node:path');
const { load } = require('./bundle.js');

const bundle = load(path.join(__dirname, '..', 'dist', 'stsctl.cjs'));
if (bundle === undefined) {
  process.stderr.write('error: stsctl is not built yet: run "npm run build" in its folder\n');
  process.exitCode = 1;
} else {
  bundle.start();
}
