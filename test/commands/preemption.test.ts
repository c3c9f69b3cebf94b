/** A pod of a higher priority drives others out: what is seen of it, and what is foreseen. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cli, createCli } from '../support/cli';

const CLASS = `apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: high}
value: 1000
`;
const set = (name: string, replicas: number, more: string): string => `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: ${name}}
spec:
  serviceName: ${name}
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      ${more}
      containers:
      - {name: c, image: nginx, resources: {requests: {cpu: 600}}}
`;

let cli: Cli;
beforeEach(async () => {
  cli = createCli({
    'class.yaml': CLASS,
    'low.yaml': set('low', 2, 'terminationGracePeriodSeconds: 5'),
    'high.yaml': set('high', 1, 'priorityClassName: high'),
  });
  await cli('sim config nodes=2');
  await cli('apply -f low.yaml');
  await cli('sim clock settle');
});
afterEach(() => cli.dispose());

const events = async (): Promise<string[]> => {
  const { out } = await cli(
    'get events -o jsonpath={range.items[*]}{.involvedObject.name}{"\\t"}{.reason}{"\\t"}{.message}{"\\n"}{end}',
  );
  return out.split('\n').filter((line) => /\t(Preempted|FailedScheduling)\t/.test(line));
};

test('priority classes are acted on: there is nothing to warn of', async () => {
  expect(await cli('apply -f class.yaml')).toEqual({
    out: 'priorityclass.scheduling.k8s.io/high created\n',
    err: '',
    code: 0,
  });
});

test('the plan tells who has to go, and that is what happens', async () => {
  await cli('apply -f class.yaml');
  const planned = JSON.parse((await cli('plan -o json apply -f high.yaml')).out);
  expect(planned.result).toBe('stuck');
  expect(planned.stuck.map(({ subject }: { subject: { name: string } }) => subject.name)).toEqual(['low']);
  const seen = planned.transitions.map(({ event, pod }: { event: string; pod: string }) => `${event} ${pod}`);
  expect(seen).toEqual(['create high-0', 'terminate low-1', 'delete low-1', 'create low-1', 'ready high-0']);
  await cli('apply -f high.yaml');
  const row = (await cli('get pod high-0 -o wide --no-headers')).out.split(/ {2,}/);
  expect(row.slice(1, 8)).toEqual(['0/1', 'Pending', '0', '0s', '<none>', '<none>', 'node-2']);
  expect((await cli('describe pod high-0')).out).toMatch(/^NominatedNodeName: +node-2$/m);
  const why = JSON.parse((await cli('why pod/high-0 -o json')).out);
  expect(why.reasons[0]).toMatchObject({
    rule: 'preempting',
    message: 'high-0 has no node yet: it matters more than low-1, which ends on node-2 to make room for it',
    endsAlone: true,
    ends: 'low-1 is gone',
    because: [
      {
        rule: 'pod-terminating',
        message:
          'low-1 is Terminating to make room for high-0: its containers are being stopped, with 5 seconds of grace',
      },
    ],
  });
  await cli('sim clock settle');
  const uid = (await cli('get pod high-0 -o jsonpath={.metadata.uid}')).out;
  expect(await events()).toEqual([
    'high-0\tFailedScheduling\t0/2 nodes are available: 2 Insufficient cpu.',
    `low-1\tPreempted\tPreempted by pod ${uid} on node node-2`,
    'low-1\tFailedScheduling\t0/2 nodes are available: 2 Insufficient cpu. no new claims to deallocate, preemption: 0/2 nodes are ' +
      'available: 2 No preemption victims found for incoming pod.',
  ]);
  const timeline = JSON.parse((await cli('sim timeline -o json')).out) as { event: string; pod: string }[];
  expect(timeline.slice(-5).map(({ event, pod }) => `${event} ${pod}`)).toEqual(seen);
  expect((await cli('get pod high-0 -o jsonpath={.status.nominatedNodeName}{.spec.nodeName}')).out).toBe('node-2');
});

test('a pod whose place is taken at once has gone before anybody asks', async () => {
  const plain = set('low', 2, 'terminationGracePeriodSeconds: 0').replace('image: nginx', 'image: does-not-exist');
  cli.files.set('low.yaml', plain.replace('replicas: 2', 'replicas: 2\n  podManagementPolicy: Parallel'));
  await cli('delete sts low');
  await cli('apply -f low.yaml -f class.yaml');
  await cli('sim clock advance 5s');
  const planned = JSON.parse((await cli('plan -o json apply -f high.yaml')).out);
  const seen = planned.transitions.map(({ event, pod }: { event: string; pod: string }) => `${event} ${pod}`);
  expect(seen).toEqual(['create high-0', 'terminate low-0', 'delete low-0', 'create low-0', 'ready high-0']);
  await cli('apply -f high.yaml');
  expect((await cli('get pod high-0 -o jsonpath={.spec.nodeName}')).out).toBe('node-1');
});

test('who is held up on purpose holds up the other, and that is told at once', async () => {
  await cli('apply -f class.yaml');
  await cli('sim fail pod/low-1 stuck-terminating --for 5m');
  await cli('apply -f high.yaml');
  const [reason] = JSON.parse((await cli('why pod/high-0 -o json')).out).reasons;
  expect(reason).toMatchObject({
    rule: 'preempting',
    endsAlone: true,
    until: '2026-01-01T00:05:02.500Z',
    because: [{ rule: 'pod-terminating', because: [{ rule: 'fault' }] }],
  });
  await cli('sim clock settle');
  expect((await cli('get pod high-0 -o jsonpath={.spec.nodeName}')).out).toBe('node-2');
});

test('undo brings those back who had to go', async () => {
  await cli('apply -f class.yaml');
  const before = (await cli('get pods -o wide')).out;
  await cli('apply -f high.yaml');
  await cli('sim undo');
  expect((await cli('get pods -o wide')).out).toBe(before);
});
