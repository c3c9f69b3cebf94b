/** The backends that the contract is held against: local, local over HTTP through the library, and any cluster that is named. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCluster } from '../../../src/core/backends/cluster';
import { openLocal } from '../../../src/core/backends/local';
import { mapResource } from '../../../src/core/client/builder';
import { BEARER, CERTIFICATE, serve } from '../../support/served';
import type { Stage } from './scenarios';

export interface OpenStage extends Stage {
  close(): Promise<void>;
}

export interface Kind {
  readonly name: string;
  /** Why it is left out; undefined where it is not. */
  readonly skip?: string;
  /** How long a scenario may take, ms; a minute unless told. */
  readonly timeoutMs?: number;
  open(): Promise<OpenStage>;
}

export const CLUSTER_HOST = {
  now: () => Date.now(),
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  env: {},
};

async function local(): Promise<OpenStage> {
  const folder = mkdtempSync(join(tmpdir(), 'stsctl-contract-'));
  const warnings: string[] = [];
  const backend = openLocal({
    statePath: join(folder, 'state.json'),
    clock: 'virtual',
    seed: 7,
    host: { ...CLUSTER_HOST, pid: process.pid, isAlive: () => true, hostname: hostname() },
    onWarning: (text) => warnings.push(text),
  });
  return within({ backend, warnings }, 'contract', async () => {
    await backend.close();
    rmSync(folder, { recursive: true, force: true });
  });
}

async function overHttp(): Promise<OpenStage> {
  const served = await serve({ idleMs: 20, paceMs: 5 });
  const folder = mkdtempSync(join(tmpdir(), 'stsctl-contract-'));
  const certificateAuthority = join(folder, 'ca.pem');
  writeFileSync(certificateAuthority, CERTIFICATE);
  const choice = { server: served.server.url, token: BEARER.slice('Bearer '.length), certificateAuthority };
  return remote(choice, 'contract', async () => {
    await served.stop();
    rmSync(folder, { recursive: true, force: true });
  });
}

/**
 * Somebody's own cluster: each scenario keeps to a namespace that nobody else has, and takes it away with all that is in it.
 * Those of a run that was stopped half-way wear the label of all of them.
 */
async function realCluster(): Promise<OpenStage> {
  const suffix = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  const choice = { kubeconfig: process.env.STSCTL_TEST_KUBECONFIG ?? '' };
  const stage = await remote(choice, `stsctl-contract-${suffix}`, async (backend, namespace) => {
    await backend.delete(await mapResource(backend, 'namespaces'), undefined, namespace);
  });
  // Pods are refused until the namespace has its account.
  const accounts = await stage.kind('serviceaccounts');
  for (let i = 0; i < 100; i++) {
    const { items } = await stage.backend.list(accounts, stage.namespace);
    if (items.some(({ metadata }) => metadata.name === 'default')) break;
    await CLUSTER_HOST.sleep(100);
  }
  return stage;
}

async function remote(
  choice: Parameters<typeof openCluster>[0]['choice'],
  namespace: string,
  after: (backend: Stage['backend'], namespace: string) => Promise<void>,
): Promise<OpenStage> {
  const warnings: string[] = [];
  const backend = openCluster({
    choice,
    host: CLUSTER_HOST,
    userAgent: 'stsctl/test',
    onWarning: (text) => warnings.push(text),
  });
  return within({ backend, warnings }, namespace, async () => {
    await after(backend, namespace);
    await backend.close();
  });
}

async function within(
  { backend, warnings }: Pick<Stage, 'backend' | 'warnings'>,
  namespace: string,
  close: () => Promise<void>,
): Promise<OpenStage> {
  const kind = (word: string) => mapResource(backend, word);
  const labels = { 'app.kubernetes.io/part-of': 'stsctl-contract' };
  const manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } };
  await backend.create(await kind('namespaces'), undefined, manifest);
  await backend.commit();
  return { backend, namespace, warnings, kind, close };
}

export const LOCAL: Kind = { name: 'local', open: local };

export const OTHERS: readonly Kind[] = [
  { name: 'local over HTTP', open: overHttp },
  {
    name: 'a real cluster',
    ...(process.env.STSCTL_TEST_KUBECONFIG ? {} : { skip: 'STSCTL_TEST_KUBECONFIG names none' }),
    timeoutMs: 300_000,
    open: realCluster,
  },
];
