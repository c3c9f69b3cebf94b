#!/usr/bin/env node
// Starts the program that `npm run build` made.
'use strict';
const path = require('node:path');
const { open } = require('./bundle.js');

const built = open(path.join(__dirname, '..', 'dist'));
if (built === undefined) {
  process.stderr.write('error: stsctl is not built yet: run "npm run build" in its folder\n');
  process.exitCode = 1;
} else {
  built.entry.start();
}
