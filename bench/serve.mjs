#!/usr/bin/env node
/**
 * Load on `stsctl serve`: WATCHES watches that are open all the time and RATE requests a second for SECONDS, of the kinds that
 * clients send, while pods come and go. Figures only: errors, latencies, events, and the server's memory as it begins and as it
 * ends. `npm run bench -- serve [SECONDS] [WATCHES] [RATE]`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [SECONDS = 60, WATCHES = 200, RATE = 100] = process.argv.slice(2).map(Number);
const REPLICAS = 50;
const stsctl = fileURLToPath(new URL('../bin/stsctl.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'stsctl-load-'));
const config = join(folder, 'kubeconfig');
const env = { ...process.env, STSCTL_STATE: join(folder, 'state.json'), STSCTL_CLOCK: 'wall' };
const server = spawn(process.execPath, [stsctl, 'serve', '--kubeconfig-out', config], {
  env,
  stdio: ['ignore', 'ignore', 'inherit'],
});
const ended = new Promise((resolve) => server.on('close', resolve));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

while (!existsSync(config)) await pause(50);
const text = readFileSync(config, 'utf8');
const field = (pattern) => pattern.exec(text)[1];
const url = field(/server: (\S+)/);
const headers = { authorization: `Bearer ${field(/token: (\S+)/)}` };
const ca = Buffer.from(field(/certificate-authority-data: (\S+)/), 'base64');
const agent = new Agent({ ca, keepAlive: true, maxSockets: 32 });

const latencies = [];
const errors = new Map();
const fail = (what) => errors.set(what, (errors.get(what) ?? 0) + 1);

/** Sends one request; resolves with its body, or undefined where it went wrong. */
function call(method, path, body, type = 'application/json') {
  const begin = performance.now();
  return new Promise((resolve) => {
    const sent = request(`${url}${path}`, { method, agent, headers: { ...headers, 'content-type': type } });
    sent.on('error', (error) => resolve(fail(`${method} ${error.code ?? error.message}`)));
    sent.on('response', (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        latencies.push(performance.now() - begin);
        const { statusCode } = response;
        const whole = Buffer.concat(chunks).toString();
        if (statusCode >= 400) resolve(fail(`${method} ${path} ${statusCode} ${whole.slice(0, 120)}`));
        else resolve(JSON.parse(whole));
      });
    });
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

let events = 0;
let closing = false;
/** Versions of one watch go up: what comes twice or out of order is an error. */
function watch(path) {
  let last = 0;
  const sent = request(`${url}${path}`, { ca, agent: false, headers });
  sent.on('error', (error) => closing || fail(`watch ${error.code}`));
  sent.on('response', (response) => {
    if (response.statusCode !== 200) fail(`watch ${response.statusCode}`);
    let rest = '';
    response.setEncoding('utf8').on('data', (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        const { type, object } = JSON.parse(line);
        const version = Number(object.metadata.resourceVersion);
        if (type !== 'BOOKMARK' && last > 0 && version <= last && type !== 'ADDED') fail('an event out of order');
        last = Math.max(last, version);
        events++;
      }
    });
    response.on('close', () => closing || fail('a watch ended'));
    response.on('error', () => {});
  });
  sent.end();
  return () => sent.destroy();
}

/** What the server's process has taken of a processor, s. */
const cpu = () => {
  const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};
/** MB */
const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]) / 1024;

const SETS = '/apis/apps/v1/namespaces/default/statefulsets';
const PODS = '/api/v1/namespaces/default/pods';
const MAPS = '/api/v1/namespaces/default/configmaps';
const image = (tag) => ({ spec: { template: { spec: { containers: [{ name: 'nginx', image: `nginx:${tag}` }] } } } });
const STRATEGIC = 'application/strategic-merge-patch+json';

/** The object that is made next to last: it is taken away again. */
let made;
/** The requests of the load, in turn: reads above all, as clients do. */
const MIX = [
  () => call('GET', `${PODS}/web-${Math.floor(Math.random() * REPLICAS)}`),
  () => call('GET', `${SETS}/web`),
  () => call('GET', `${PODS}?labelSelector=app%3Dnginx&limit=20`),
  (i) => {
    made = call('POST', MAPS, { metadata: { name: `load-${i}` }, data: { i: String(i) } });
    return made;
  },
  () => call('GET', `${SETS}/web/scale`),
  (i) => call('PATCH', `${MAPS}/steady`, { data: { i: String(i) } }, 'application/merge-patch+json'),
  () => call('GET', `${PODS}?resourceVersion=0`),
  (i) => call('PATCH', `${SETS}/web`, { metadata: { annotations: { i: String(i) } } }, STRATEGIC),
  () => call('GET', MAPS),
  (i) => made.then(() => call('DELETE', `${MAPS}/load-${i - 6}`)),
];

try {
  await call('POST', MAPS, { metadata: { name: 'steady' } });
  await call('POST', SETS, {
    metadata: { name: 'web' },
    spec: {
      serviceName: 'nginx',
      replicas: REPLICAS,
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: { app: 'nginx' } },
      template: {
        metadata: { labels: { app: 'nginx' } },
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'nginx', image: 'nginx:1.21' }] },
      },
    },
  });
  while ((await call('GET', `${SETS}/web`)).status.readyReplicas !== REPLICAS) await pause(200);
  const stops = [];
  for (let i = 0; i < WATCHES; i++)
    stops.push(watch([`${PODS}?watch=1`, `${MAPS}?watch=1`, `${SETS}?watch=1&allowWatchBookmarks=true`][i % 3]));
  await pause(1000);
  latencies.length = 0;
  const before = memory();
  const busy = cpu();
  let middle = 0;
  const begin = performance.now();
  const pending = new Set();
  const rolling = setInterval(
    () => void call('PATCH', `${SETS}/web`, image(`1.${Date.now() % 100_000}`), STRATEGIC),
    20_000,
  );
  for (let i = 0; i < SECONDS * RATE; i++) {
    const due = begin + (i * 1000) / RATE;
    if (due > performance.now()) await pause(due - performance.now());
    const sent = MIX[i % MIX.length](i);
    pending.add(sent);
    void sent.then(() => pending.delete(sent));
    if (i === Math.floor((SECONDS * RATE) / 2)) middle = memory();
  }
  clearInterval(rolling);
  await Promise.all(pending);
  const seconds = (performance.now() - begin) / 1000;
  const used = cpu() - busy;
  await pause(1000);
  const sorted = latencies.sort((a, b) => a - b);
  const percentile = (p) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))].toFixed(1);
  const failures = [...errors.values()].reduce((sum, count) => sum + count, 0);
  console.log(
    `${WATCHES} watches, ${sorted.length} requests in ${seconds.toFixed(1)} s (${(sorted.length / seconds).toFixed(1)} a second), ${events} events`,
  );
  console.log(`errors    ${failures}`);
  for (const [what, count] of errors) console.log(`          ${count} × ${what}`);
  console.log(`latency   ${[0.5, 0.9, 0.95, 0.99, 1].map((p) => `p${p * 100} ${percentile(p)} ms`).join(', ')}`);
  console.log(
    `memory    ${before.toFixed(0)} MB as it begins, ${middle.toFixed(0)} MB half-way, ${memory().toFixed(0)} MB as it ends`,
  );
  console.log(`processor ${used.toFixed(1)} s of the server's, ${((used / seconds) * 100).toFixed(0)}% of one`);
  closing = true;
  for (const stop of stops) stop();
  process.exitCode = failures > 0 ? 1 : 0;
} finally {
  closing = true;
  agent.destroy();
  server.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
