/**
 * What upstream's end-to-end suite for StatefulSets works with, at its essentials: a namespace for each test, requests in
 * JSON, watches that begin at a list, commands in pods through the real kubectl, and waiting for a state.
 */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Answer } from '../../conformance/normalise';
import { shell, workshop } from '../../conformance/replay';
import { describeOracle, LONG } from '../../oracle/support/kubectl';
import { kubectlShim, servedTo } from '../served-case';
import { decodingFaults } from './decoding';

// biome-ignore lint/suspicious/noExplicitAny: objects are looked into freely
export type Loose = any;

export const HTTPD = 'registry.k8s.io/e2e-test-images/httpd:2.4.38-4';
export const HTTPD_NEW = 'registry.k8s.io/e2e-test-images/httpd:2.4.39-4';
export const PAUSE = 'registry.k8s.io/pause:3.10.1';
export const BUSYBOX = 'registry.k8s.io/e2e-test-images/busybox:1.36.1-1';
export const REVISION = 'controller-revision-hash';
export const LABELS = { foo: 'bar', baz: 'blah' };

/** How a client that waits goes about it, on a clock; in ms. */
interface Patience {
  readonly poll: number;
  /** How long anything may take; on the wall clock as long as the suite gives it. */
  readonly timeout: number;
  /** How long something that must not happen is waited for. */
  readonly hold: number;
}
type ClockName = 'virtual' | 'wall';
const PATIENCE: Readonly<Record<ClockName, Patience>> = {
  virtual: { poll: 40, timeout: 30_000, hold: 600 },
  wall: { poll: 250, timeout: 600_000, hold: 10_000 },
};
/** Virtual time moves on as soon as nobody has asked for anything for a moment; whoever polls waits longer than that. */
const PAUSES = ['--idle', '15ms', '--pace', '15ms'];

export class Refused extends Error {
  constructor(
    readonly code: number,
    readonly status: Loose,
  ) {
    super(`${code} ${status?.message}`);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** An answer without what nobody looks for in a failure. */
const inBrief = (answer: unknown): string =>
  JSON.stringify(answer, (key, value) =>
    ['managedFields', 'template', 'tolerations'].includes(key) ? undefined : value,
  );

/** Registers a scenario; `brief` ones are played on the wall clock in every run. */
type Plays = (name: string, play: (suite: Suite) => Promise<void>, options?: { readonly brief?: boolean }) => void;

/**
 * Scenarios over one server for each clock. On the virtual clock all are played one after the other; on the wall clock, where
 * time passes as it does, the brief ones, and all of them in the long run, side by side.
 */
export function scenarios(title: string, define: (plays: Plays) => void): void {
  for (const clock of ['virtual', 'wall'] as const)
    describeOracle(`${title}, on the ${clock} clock`, () => {
      const suite = new Suite(clock);
      const isWall = clock === 'wall';
      define((name, play, { brief = false } = {}) => {
        const played = !isWall || LONG || brief ? it : it.skip;
        const register = isWall && LONG ? it.concurrent : played;
        register(name, () => play(suite), isWall ? 1_800_000 : undefined);
      });
    });
}

export class Suite {
  private readonly place = workshop();
  private stop: () => Promise<void> = async () => {};
  private agent = new Agent();
  private url = '';
  private token = '';
  private count = 0;
  private readonly patience: Patience;

  /** Serves a cluster for the tests around. */
  constructor(readonly clock: ClockName) {
    this.patience = PATIENCE[clock];
    beforeAll(async () => {
      this.place.env.STSCTL_CLOCK = clock;
      this.stop = await servedTo(kubectlShim, clock === 'virtual' ? PAUSES : [])(this.place.folder, this.place.env);
      const config = readFileSync(this.place.env.KUBECONFIG ?? '', 'utf8');
      const value = (name: string): string => new RegExp(`${name}: (\\S+)`).exec(config)?.[1] ?? '';
      this.url = value('server');
      this.token = value('token');
      this.agent = new Agent({ keepAlive: true, ca: atob(value('certificate-authority-data')) });
    });
    afterAll(async () => {
      this.agent.destroy();
      await this.stop();
      this.place.clean();
    });
  }

  /** Asks until the answer is good; the last one is told when it never is. */
  async eventually<T>(what: string, ask: () => Promise<T>, good: (answer: T) => boolean): Promise<T> {
    const begun = Date.now();
    for (;;) {
      const answer = await ask();
      if (good(answer)) return answer;
      if (Date.now() - begun > this.patience.timeout) throw new Error(`${what}: ${inBrief(answer)}`);
      await pause(this.patience.poll);
    }
  }

  /** A condition that holds for a while, not only now. */
  async holds<T>(ask: () => Promise<T>, expected: T): Promise<void> {
    for (const begun = Date.now(); Date.now() - begun < this.patience.hold; await pause(this.patience.poll))
      expect(await ask()).toEqual(expected);
  }

  /** Throws Refused. Whatever is answered must be what a client in Go can decode. */
  async call(method: string, path: string, body?: unknown, type = 'application/json'): Promise<Loose> {
    const answer = await this.raw(method, path, body, type);
    expect(decodingFaults(answer), `${method} ${path}`).toEqual([]);
    if (answer.kind === 'Status' && answer.status === 'Failure') throw new Refused(answer.code, answer);
    return answer;
  }

  /** What is answered, an object of the API or not. A failure must say itself that it is one. */
  async raw(method: string, path: string, body?: unknown, type = 'application/json'): Promise<Loose> {
    const { code, text } = await new Promise<{ code: number; text: string }>((resolve, reject) => {
      const sent = this.send(method, path, body === undefined ? undefined : JSON.stringify(body), type);
      sent.on('error', reject);
      sent.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ code: response.statusCode ?? 0, text }));
      });
    });
    const answer = JSON.parse(text) as Loose;
    if (code >= 300) expect([answer.status, answer.code], `${method} ${path}`).toEqual(['Failure', code]);
    return answer;
  }

  /** Watches from a version on until the condition holds, which sees bookmarks if asked to; ended by the test's own time. */
  until(path: string, from: string, done: (type: string, object: Loose) => boolean, bookmarks = false): Promise<void> {
    return new Promise((resolve, reject) => {
      const mark = path.includes('?') ? '&' : '?';
      const sent = this.send('GET', `${path}${mark}watch=true&allowWatchBookmarks=true&resourceVersion=${from}`);
      sent.on('error', reject);
      sent.on('response', (response) => {
        let rest = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          const lines = (rest + chunk).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) {
            const { type, object } = JSON.parse(line) as { type: string; object: Loose };
            const faults = decodingFaults(object);
            if (faults.length > 0) reject(new Error(`watching ${path}: ${faults.join('; ')}`));
            if (type === 'ERROR') reject(new Refused(object.code, object));
            if ((type === 'BOOKMARK' && !bookmarks) || !done(type, object)) continue;
            resolve();
            sent.destroy();
            return;
          }
        });
        response.on('end', () => reject(new Error('the watch ended')));
        response.on('error', () => {});
      });
    });
  }

  /** As the framework calls it, which names server and configuration each time. */
  kubectl(args: string): Promise<Answer> {
    const { folder, env } = this.place;
    return shell(`kubectl --server=${this.url} --kubeconfig=${env.KUBECONFIG} ${args}`, folder, env);
  }

  private send(method: string, path: string, text?: string, type?: string) {
    const sent = request(`${this.url}${path}`, {
      agent: this.agent,
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        accept: 'application/json, */*',
        'user-agent': 'e2e.test/v1.36.2 (linux/amd64) kubernetes/3d5fa3b -- [sig-apps] StatefulSet',
        ...(text !== undefined && { 'content-type': type, 'content-length': String(Buffer.byteLength(text)) }),
      },
    });
    sent.end(text);
    return sent;
  }

  /** A namespace with what every namespace has, and the headless service `test`. It is deleted after the test. */
  async within(test: (ns: Namespace) => Promise<void>): Promise<void> {
    const name = `statefulset-${++this.count}`;
    const labels = { 'e2e-framework': 'statefulset', 'pod-security.kubernetes.io/enforce': 'privileged' };
    await this.call('POST', '/api/v1/namespaces', { metadata: { name, labels } });
    const own = `/api/v1/namespaces/${name}`;
    await this.until(
      `${own}/serviceaccounts?fieldSelector=metadata.name%3Ddefault`,
      '',
      (_, { metadata }) => metadata.name === 'default',
    );
    await this.until(
      `${own}/configmaps?fieldSelector=metadata.name%3Dkube-root-ca.crt`,
      '',
      (_, { data }) => data['ca.crt'] !== undefined,
    );
    await this.call('POST', `${own}/services`, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'test' },
      spec: { selector: LABELS, ports: [{ name: 'http', port: 80, protocol: 'TCP' }], clusterIP: 'None' },
    });
    const ns = new Namespace(this, name);
    await test(ns);
    if (!(await this.exists(own))) return;
    await ns.deleteSets();
    await this.call('DELETE', own);
    await this.eventually(
      'the namespace goes',
      () => this.exists(own),
      (there) => !there,
    );
  }

  async exists(path: string): Promise<boolean> {
    try {
      await this.call('GET', path);
      return true;
    } catch (error) {
      if (error instanceof Refused && error.code === 404) return false;
      throw error;
    }
  }
}

export const isReady = (pod: Loose): boolean =>
  (pod.status.conditions ?? []).some(({ type, status }: Loose) => type === 'Ready' && status === 'True');
const isRunning = (pod: Loose): boolean => pod.status.phase === 'Running';
const ordinal = ({ metadata: { name } }: Loose): number => Number(name.slice(name.lastIndexOf('-') + 1));

const BREAK = 'mv -v /usr/local/apache2/htdocs/index.html /tmp/ || true';
const RESTORE = 'mv -v /tmp/index.html /usr/local/apache2/htdocs/ || true';

/** What a test does in its namespace. */
export class Namespace {
  readonly pods: string;
  readonly sets: string;
  readonly claims: string;

  constructor(
    readonly suite: Suite,
    readonly name: string,
  ) {
    this.pods = `/api/v1/namespaces/${name}/pods`;
    this.claims = `/api/v1/namespaces/${name}/persistentvolumeclaims`;
    this.sets = `/apis/apps/v1/namespaces/${name}/statefulsets`;
  }

  create = (set: Loose): Promise<Loose> => this.suite.call('POST', this.sets, set);
  get = (name: string): Promise<Loose> => this.suite.call('GET', `${this.sets}/${name}`);
  pod = (name: string): Promise<Loose> => this.suite.call('GET', `${this.pods}/${name}`);
  deletePod = (name: string, options: object = {}): Promise<Loose> =>
    this.suite.call('DELETE', `${this.pods}/${name}`, { apiVersion: 'v1', kind: 'DeleteOptions', ...options });
  /** Without grace, as the suite deletes most pods. */
  removePod = (name: string): Promise<Loose> => this.deletePod(name, { gracePeriodSeconds: 0 });

  /** The pods that a set's selector selects, by their ordinals. */
  async podsOf({ spec }: Loose): Promise<Loose[]> {
    const selector = Object.entries(spec.selector.matchLabels).map(([key, value]) => `${key}=${value}`);
    const { items } = await this.suite.call(
      'GET',
      `${this.pods}?labelSelector=${encodeURIComponent(selector.join(','))}`,
    );
    return (items as Loose[]).sort((a, b) => ordinal(a) - ordinal(b));
  }

  /** Reads, changes and writes an object until nobody was faster. */
  async update(path: string, change: (object: Loose) => void): Promise<Loose> {
    for (;;) {
      const object = await this.suite.call('GET', path);
      change(object);
      try {
        return await this.suite.call('PUT', path, object);
      } catch (error) {
        if (!(error instanceof Refused && error.code === 409)) throw error;
      }
    }
  }

  updateSet = (name: string, change: (set: Loose) => void): Promise<Loose> =>
    this.update(`${this.sets}/${name}`, change);

  async state(set: Loose, good: (set: Loose, pods: Loose[]) => boolean): Promise<{ set: Loose; pods: Loose[] }> {
    const ask = async () => ({ set: await this.get(set.metadata.name), pods: await this.podsOf(set) });
    return this.suite.eventually('the state of the set', ask, (now) => good(now.set, now.pods));
  }

  /** The status that the controller has written for what the set asks for now. */
  observed = async (set: Loose): Promise<Loose> =>
    (await this.state(set, (now) => now.status.observedGeneration >= now.metadata.generation)).set;
  status = (set: Loose, field: string, count: number) =>
    this.state(
      set,
      ({ metadata, status }) => status.observedGeneration >= metadata.generation && (status[field] ?? 0) === count,
    );
  runningAndReady = (set: Loose, count: number) => this.running(set, count, count);
  runningAndNotReady = (set: Loose, count: number) => this.running(set, count, 0);
  /** So many pods, the first of which are running and ready and the others running and not. More are a failure at once. */
  running = (set: Loose, count: number, ready: number) =>
    this.state(set, (_, pods) => {
      expect(pods.length, 'too many pods').toBeLessThanOrEqual(count);
      return pods.length === count && pods.every((pod) => isRunning(pod) && isReady(pod) === ordinal(pod) < ready);
    });
  rolledOut = (set: Loose) =>
    this.state(
      set,
      ({ spec, status }, pods) =>
        status.updateRevision === status.currentRevision && pods.length === spec.replicas && pods.every(isReady),
    );
  podReady = (set: Loose, name: string, ready: boolean) =>
    this.state(set, (_, pods) => pods.some((pod) => pod.metadata.name === name && isReady(pod) === ready));

  /** Scales and waits for the pods to be as many. */
  async scale(set: Loose, count: number): Promise<void> {
    await this.updateSet(set.metadata.name, ({ spec }) => {
      spec.replicas = count;
    });
    await this.state(set, (_, pods) => pods.length === count);
  }

  /** A command in a pod as the suite gives it, through kubectl; returns what it prints. */
  async run(pod: string, command: string): Promise<string> {
    const line = `--namespace=${this.name} exec ${pod} -- /bin/sh -x -c '${command}'`;
    const { stdout, stderr, code } = await this.suite.kubectl(line);
    expect(code, `${line}\n${stderr}`).toBe(0);
    return stdout;
  }

  /** In every pod that is there. */
  runInAll = async (set: Loose, command: string): Promise<string[]> => {
    const said: string[] = [];
    for (const { metadata } of await this.podsOf(set)) said.push(await this.run(metadata.name, command));
    return said;
  };

  /** The readiness probe asks for a page: without it the pod is not ready. */
  breakProbe = (pod: string) => this.run(pod, BREAK);
  restoreProbe = (pod: string) => this.run(pod, RESTORE);
  breakProbes = (set: Loose) => this.runInAll(set, BREAK);
  /** Pods may be taken away as soon as one before them is well again: what happens in them then is nobody's concern. */
  restoreProbes = async (set: Loose): Promise<void> => {
    for (const { metadata } of await this.podsOf(set))
      await this.suite.kubectl(`--namespace=${this.name} exec ${metadata.name} -- /bin/sh -x -c '${RESTORE}'`);
  };

  /** As after each test: sets scaled down and deleted, then their claims, until the volumes are gone too. */
  async deleteSets(): Promise<void> {
    for (const set of (await this.suite.call('GET', this.sets)).items as Loose[]) {
      await this.scale(set, 0);
      await this.status(set, 'replicas', 0);
      await this.suite.call('DELETE', `${this.sets}/${set.metadata.name}`, { orphanDependents: false });
    }
    const volumes = new Set<string>();
    for (const { metadata, spec } of (await this.suite.call('GET', this.claims)).items as Loose[]) {
      volumes.add(spec.volumeName);
      await this.suite.call('DELETE', `${this.claims}/${metadata.name}`, {});
    }
    const left = async () =>
      ((await this.suite.call('GET', '/api/v1/persistentvolumes')).items as Loose[]).filter(({ metadata }) =>
        volumes.has(metadata.name),
      );
    await this.suite.eventually('the volumes go', left, (volumes) => volumes.length === 0);
  }
}

export const HTTP_PROBE = {
  httpGet: { path: '/index.html', port: 80 },
  periodSeconds: 1,
  successThreshold: 1,
  failureThreshold: 1,
};
/** Fails until a command in the pod makes the file: `resume`. */
export const PAUSE_PROBE = {
  exec: { command: ['test', '-f', '/data/statefulset-continue'] },
  periodSeconds: 1,
  successThreshold: 1,
  failureThreshold: 1,
};
export const resume = (ns: Namespace, pod: string) =>
  ns.run(pod, 'dd if=/dev/zero of=/data/statefulset-continue bs=1 count=1 conv=fsync');

interface Wish {
  readonly replicas?: number;
  readonly probe?: object;
  /** A claim of a byte at /data. */
  readonly claim?: boolean;
  readonly spec?: object;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The suite's usual set, written as Go writes it: web servers behind the service `test`. */
export const webSet = (
  name: string,
  { replicas = 3, probe, claim = false, spec = {}, labels = LABELS }: Wish = {},
): Loose => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name, creationTimestamp: null },
  spec: {
    selector: { matchLabels: labels },
    replicas,
    serviceName: 'test',
    updateStrategy: { type: 'RollingUpdate' },
    template: {
      metadata: { creationTimestamp: null, labels },
      spec: {
        containers: [
          {
            name: 'webserver',
            image: HTTPD,
            resources: {},
            ...(probe !== undefined && { readinessProbe: probe }),
            ...(claim && {
              volumeMounts: [
                { name: 'datadir', mountPath: '/data/' },
                { name: 'home', mountPath: '/home' },
              ],
            }),
          },
        ],
        ...(claim && { volumes: [{ name: 'home', hostPath: { path: '/tmp/home' } }] }),
      },
    },
    ...(claim && {
      volumeClaimTemplates: [
        {
          metadata: { name: 'datadir', creationTimestamp: null },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1' } } },
          status: {},
        },
      ],
    }),
    ...spec,
  },
  status: { replicas: 0, availableReplicas: 0 },
});

export const imageOf = ({ spec }: Loose): string => spec.containers[0].image;
export const revisionOf = ({ metadata }: Loose): string => metadata.labels[REVISION];
export const setImage =
  (image: string) =>
  ({ spec }: Loose): void => {
    spec.template.spec.containers[0].image = image;
  };
