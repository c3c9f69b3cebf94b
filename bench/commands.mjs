/** What whole commands cost on large clusters, and after a long sleep. */
import { statefulSet } from './manifest.mjs';
import { figure, heading } from './print.mjs';
import { yardstick } from './yardstick.mjs';

const WEEK = '168h';

/** A cluster of one settled set, as a state of the sandbox. */
function cluster(box, state, set) {
  const file = box.file(`${state}.yaml`, set);
  box.command(['apply', '-f', file], state);
  box.command(['sim', 'clock', 'settle'], state);
}

function row(label, { wall, cpu, rss }, yard, target) {
  const memory = rss === undefined ? '' : `, ${rss.toFixed(0)} MB`;
  figure(label, wall, { target, yard, note: `${cpu.toFixed(0)} ms CPU${memory}` });
}

/** 10,000 pods: as the parts need them, made once. */
export function large(box) {
  cluster(box, 'large', statefulSet('web', 10_000, 'Parallel'));
  return box.path('large.json');
}

export function get(box) {
  const yard = yardstick();
  heading('get of 10000 pods');
  row('get pods', box.commands(['get', 'pods'], 'large'), yard, 500);
  row('get pods -o json', box.commands(['get', 'pods', '-o', 'json'], 'large'), yard);
  row('get pods -o yaml', box.commands(['get', 'pods', '-o', 'yaml'], 'large'), yard);
  row('get pod web-7', box.commands(['get', 'pod', 'web-7'], 'large'), yard);
}

export function label(box) {
  const yard = yardstick();
  heading('A write to each of 3000 pods');
  cluster(box, 'label', statefulSet('web', 3000, 'Parallel'));
  row('label pods --all tier=front', box.command(['label', 'pods', '--all', 'tier=front'], 'label'), yard);
}

export function plan(box) {
  const yard = yardstick();
  heading('A plan of a rolling update of 1000 OrderedReady replicas');
  cluster(box, 'plan', statefulSet('web', 1000, 'OrderedReady'));
  row('plan set image', box.commands(['plan', 'set', 'image', 'sts/web', 'nginx=nginx:1.22'], 'plan', 3), yard, 3000);
}

export function sleep(box) {
  const yard = yardstick();
  heading('A week asleep with a pod that crashes and crashes');
  box.command(['apply', '-f', box.file('crash.yaml', statefulSet('crash', 1, 'Parallel', { crash: true }))], 'sleep');
  box.command(['sim', 'clock', 'advance', '1h'], 'sleep');
  row('sim clock advance 168h', box.command(['sim', 'clock', 'advance', WEEK], 'sleep'), yard, 1000);
}
