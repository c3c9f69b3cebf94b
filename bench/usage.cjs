// Loaded before stsctl: writes down at the end what the process used, to the file that STSCTL_BENCH_REPORT names.
'use strict';
const { writeFileSync } = require('node:fs');

process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  const rss = process.resourceUsage().maxRSS / 1024;
  writeFileSync(process.env.STSCTL_BENCH_REPORT, JSON.stringify({ cpu: (user + system) / 1000, rss }));
});
