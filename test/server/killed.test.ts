/**
 * Servers that are killed without a word, as a process of their own: a client that lists and watches is told of every change,
 * or to begin anew, but never misses one.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { LONG } from '../oracle/support/kubectl';
import { PODS, SETS, webSet } from '../support/served';
import { BIN } from './served-case';

const KILLS = LONG ? 30 : 4;
const REPLICAS = 6;

interface Meta {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

type Loose = ReturnType<typeof JSON.parse>;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** `stsctl serve` over one state file; a new one for each life, on the same port. */
class Server {
  private readonly folder = mkdtempSync(join(tmpdir(), 'stsctl-killed-'));
  private readonly config = join(this.folder, 'kubeconfig');
  private child: ChildProcess | undefined;
  private ended: Promise<void> = Promise.resolve();
  private port = '0';

  async start(): Promise<void> {
    const { STSCTL_STATE: _, ...rest } = process.env;
    const env = { ...rest, STSCTL_STATE: join(this.folder, 'state.json') };
    const flags = ['--clock', 'virtual', '--pace', '1ms', '--port', this.port, '--kubeconfig-out', this.config];
    const child = spawn(process.execPath, [BIN, 'serve', ...flags], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    this.ended = new Promise((resolve) => child.on('close', () => resolve()));
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const url = await new Promise<string>((resolve, reject) => {
      createInterface(child.stdout).once('line', (line) => resolve(line.replace(/^.* at /, '')));
      child.once('close', () => reject(new Error(`the server did not start: ${said}`)));
    });
    this.port = new URL(url).port;
    if (!existsSync(this.config)) throw new Error('no kubeconfig was written');
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.child?.kill(signal);
    await this.ended;
  }

  clean(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The code of the answer; each line of a body that is a stream goes to `heard`. Rejects where the connection breaks. */
  ask(method: string, path: string, body?: object, heard?: (line: string) => void): Promise<[number, Loose]> {
    const text = readFileSync(this.config, 'utf8');
    const token = /token: (\S+)/.exec(text)?.[1] ?? '';
    const ca = Buffer.from(/certificate-authority-data: (\S+)/.exec(text)?.[1] ?? '', 'base64');
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': type };
      const asked = request(`https://127.0.0.1:${this.port}${path}`, { method, ca, headers, agent: false });
      asked.on('error', reject);
      asked.on('response', (response) => {
        const lines: string[] = [];
        let rest = '';
        response.setEncoding('utf8').on('data', (text: string) => {
          const all = (rest + text).split('\n');
          rest = all.pop() ?? '';
          for (const line of all) (heard ?? ((one) => lines.push(one)))(line);
        });
        response.on('error', reject);
        response.on('close', () => {
          if (heard) resolve([response.statusCode ?? 0, undefined]);
          else if (!response.complete) reject(new Error('the connection broke'));
          else resolve([response.statusCode ?? 0, JSON.parse([...lines, rest].join('\n'))]);
        });
      });
      asked.end(body && JSON.stringify(body));
    });
  }
}

/** Keeps a copy of the pods by listing and watching. */
class Follower {
  readonly known = new Map<string, string>();
  /** Versions as they were told, per list. */
  readonly told: number[][] = [];
  resumed = 0;
  private isStopped = false;

  constructor(private readonly server: Server) {}

  stop(): void {
    this.isStopped = true;
  }

  async run(): Promise<void> {
    let version: string | undefined;
    while (!this.isStopped) {
      try {
        if (version === undefined) version = await this.list();
        else this.resumed++;
        version = await this.watch(version);
      } catch {
        await pause(20);
      }
    }
  }

  private async list(): Promise<string> {
    const [, list] = await this.server.ask('GET', PODS);
    this.known.clear();
    for (const { metadata } of list.items as { metadata: Meta }[])
      this.known.set(metadata.name, `${metadata.uid} ${metadata.resourceVersion}`);
    this.told.push([Number(list.metadata.resourceVersion)]);
    return list.metadata.resourceVersion;
  }

  /** The version to go on from; undefined where everything is to be listed anew. */
  private async watch(from: string): Promise<string | undefined> {
    let version: string | undefined = from;
    const query = `watch=1&allowWatchBookmarks=1&timeoutSeconds=2&resourceVersion=${from}`;
    const heard = (line: string): void => {
      const { type, object } = JSON.parse(line);
      if (type === 'ERROR') version = undefined;
      if (type === 'ERROR' || type === undefined) return;
      const { name, uid, resourceVersion } = object.metadata as Meta;
      version = resourceVersion;
      if (type === 'BOOKMARK') return;
      this.told.at(-1)?.push(Number(resourceVersion));
      if (type === 'DELETED') this.known.delete(name);
      else this.known.set(name, `${uid} ${resourceVersion}`);
    };
    await this.server.ask('GET', `${PODS}?${query}`, undefined, heard).catch(() => undefined);
    return version;
  }
}

it(
  'a client misses nothing and hears nothing twice, however often the server is killed',
  async () => {
    const server = new Server();
    await server.start();
    const follower = new Follower(server);
    const running = follower.run();
    const set = webSet(REPLICAS) as { spec: object };
    await server.ask('POST', SETS, { ...set, spec: { ...set.spec, podManagementPolicy: 'Parallel' } });
    const present = async () => {
      const [, { items }] = await server.ask('GET', PODS);
      const pods = items as { metadata: Meta }[];
      return pods.map(({ metadata }) => `${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`).toSorted();
    };
    const known = () => [...follower.known].map((pair) => pair.join(' ')).toSorted();
    for (let i = 0; i < KILLS; i++) {
      const image = i % 2 === 0 ? 'nginx:1.22' : 'nginx:1.21';
      const containers = [{ name: 'nginx', image }];
      const [code] = await server.ask('PATCH', `${SETS}/web`, { spec: { template: { spec: { containers } } } });
      expect(code).toBe(200);
      await pause(20 + ((i * 137) % 400));
      // Every third time it may say goodbye.
      await server.end(i % 3 === 2 ? 'SIGTERM' : 'SIGKILL');
      await server.start();
      // Once it is quiet the client knows what is there: what it had missed it would never hear of again.
      for (let quiet = 0, last = ''; quiet < 3; await pause(100)) {
        const now = (await present()).join();
        quiet = now === last && now === known().join() ? quiet + 1 : 0;
        last = now;
      }
    }
    follower.stop();
    await server.end('SIGTERM');
    await running;
    server.clean();
    expect(follower.known.size).toBe(REPLICAS);
    for (const told of follower.told) expect(told.every((one, i) => i === 0 || one > told[i - 1]!)).toBe(true);
    // Not every end cost the client its place.
    expect(follower.told.length).toBeLessThanOrEqual(KILLS + 1);
    expect(follower.resumed).toBeGreaterThan(0);
  },
  LONG ? 600_000 : 120_000,
);
