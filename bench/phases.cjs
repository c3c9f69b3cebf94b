// Loaded before stsctl: writes down where its milliseconds went, to the file that STSCTL_BENCH_REPORT names.
'use strict';
const fs = require('node:fs');
const vm = require('node:vm');
const { performance } = require('node:perf_hooks');

const begin = performance.now();
const spent = { packs: 0, files: 0, writing: 0 };
const packs = [];
const { readFileSync, writeFileSync } = fs;

const timed =
  (phase, call) =>
  (...args) => {
    const from = performance.now();
    try {
      return call(...args);
    } finally {
      spent[phase] += performance.now() - from;
    }
  };

fs.readFileSync = timed('files', readFileSync);
for (const name of ['writeSync', 'fsyncSync', 'renameSync', 'linkSync']) fs[name] = timed('writing', fs[name]);

const { Script } = vm;
vm.Script = class extends Script {
  constructor(code, options) {
    const from = performance.now();
    super(code, options);
    const took = performance.now() - from;
    spent.packs += took;
    const cache = options?.cachedData === undefined ? 'no cache' : this.cachedDataRejected ? 'cache refused' : 'cached';
    packs.push({ name: String(options?.filename), kB: Math.round(code.length / 1024), ms: took, cache });
  }
};

process.on('exit', () => {
  const end = performance.now();
  const phases = {
    'node until it runs a program': begin,
    'reading files (the state, the code and its caches)': spent.files,
    'code taken from its caches': spent.packs,
    'writing and syncing': spent.writing,
    'the program itself': end - begin - spent.files - spent.packs - spent.writing,
  };
  writeFileSync(process.env.STSCTL_BENCH_REPORT, JSON.stringify({ phases, packs, end }));
});
