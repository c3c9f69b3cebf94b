/** The wall clock's pace through the whole backend: rate, pause, a machine that is set back, and what waits on them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findResources, type ResourceInfo } from '../../../../src/core/api/resources';
import { openLocal } from '../../../../src/core/backends/local';
import { setManifest } from '../../../support/cluster';

const START = Date.UTC(2026, 5, 1);
const resource = (word: string): ResourceInfo => {
  const found = findResources(word);
  if (!found) throw new Error(word);
  return found;
};

let folder: string;
let now: number;
let slept: number;
/** What happens while somebody sleeps, once so much real time has passed. */
let meanwhile: { readonly after: number; run(): Promise<void> } | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stsctl-test-'));
  now = START;
  slept = 0;
  meanwhile = undefined;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Another shell: opens the state file anew. */
const shell = (onPausedWait?: () => void) =>
  openLocal({
    statePath: join(folder, 'state.json'),
    seed: 3,
    clock: 'wall',
    ...(onPausedWait && { onPausedWait }),
    host: {
      now: () => now,
      sleep: async (ms) => {
        now += ms;
        slept += ms;
        if (meanwhile && slept >= meanwhile.after) {
          const { run } = meanwhile;
          meanwhile = undefined;
          await run();
        }
      },
      pid: process.pid,
      isAlive: () => true,
      hostname: 'test',
    },
  });

type Shell = ReturnType<typeof shell>;
async function inShell<T>(work: (backend: Shell) => Promise<T>, onPausedWait?: () => void): Promise<T> {
  const backend = shell(onPausedWait);
  try {
    const result = await work(backend);
    await backend.commit();
    return result;
  } finally {
    await backend.close();
  }
}

const seconds = async (): Promise<number> => ((await inShell((b) => b.now())) - START) / 1000;
const create = () => inShell((b) => b.create(resource('sts'), 'default', setManifest({ replicas: 3 })));
const saved = (): unknown => (JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8')) as { local: unknown }).local;

/** Watches pods until so many of them are ready, and returns how much real time that took, ms. */
async function untilReady(count: number, onPausedWait?: () => void): Promise<number> {
  const before = slept;
  await inShell(async (b) => {
    for await (const { object } of b.watch(resource('sts'), 'default', { name: 'web' }))
      if ((object.status as { readyReplicas?: number }).readyReplicas === count) return;
  }, onPausedWait);
  return slept - before;
}

describe('the wall clock of a cluster', () => {
  test('nothing is saved of the usual pace', async () => {
    await create();
    expect(saved()).toEqual({ offset: 0 });
  });

  test('passes ten times as fast, for those who wait too', async () => {
    await create();
    await inShell((b) => b.sim.setPace({ rate: 10 }));
    expect(saved()).toEqual({ offset: START - 10 * START, rate: 10 });
    const took = await untilReady(3);
    expect(took).toBeGreaterThanOrEqual(300);
    expect(took).toBeLessThan(550);
    now += 1000;
    expect(await seconds()).toBeCloseTo((now - START) / 100, 5);
    expect(await inShell((b) => b.sim.clock())).toMatchObject({ mode: 'wall', rate: 10, paused: false });
  });

  test('half as fast', async () => {
    await create();
    await inShell((b) => b.sim.setPace({ rate: 0.5 }));
    expect(await untilReady(3)).toBeGreaterThanOrEqual(6000);
  });

  test('stands still while it is paused, whatever the machine says, and can be moved by hand', async () => {
    await create();
    now += 1500;
    await inShell((b) => b.sim.setPace({ paused: true }));
    expect(saved()).toMatchObject({ paused: true });
    now += 3_600_000;
    expect(await seconds()).toBe(1.5);
    await inShell((b) => b.sim.advance(1000));
    now += 5000;
    expect(await seconds()).toBe(2.5);
    await inShell((b) => b.sim.setPace({ paused: false }));
    now += 500;
    expect(await seconds()).toBe(3);
    expect(Object.keys(saved() as object)).toEqual(['offset']);
  });

  test('who waits on a paused clock is told once, and goes on when another shell resumes it', async () => {
    await create();
    await inShell((b) => b.sim.setPace({ paused: true }));
    meanwhile = { after: 60_000, run: () => inShell((b) => b.sim.setPace({ paused: false })) };
    let told = 0;
    const took = await untilReady(3, () => told++);
    expect(told).toBe(1);
    expect(took).toBeGreaterThanOrEqual(63_000);
    expect(took).toBeLessThan(63_500);
  });

  test('a machine that is set back does not take the cluster back, and time goes on', async () => {
    await create();
    now += 10_000;
    await inShell((b) => b.sim.advance(0));
    now -= 3_600_000;
    expect(await seconds()).toBe(10);
    now += 2000;
    expect(await seconds()).toBe(12);
    await create().catch(() => {});
    now += 1000;
    expect(await seconds()).toBe(13);
  });

  test('a machine that is set back in the middle of a wait does not hold it up', async () => {
    await create();
    meanwhile = {
      after: 1500,
      run: async () => {
        now -= 86_400_000;
      },
    };
    expect(await untilReady(3)).toBeLessThan(3500);
    expect(await seconds()).toBeGreaterThanOrEqual(3);
  });

  test('plays until something holds, and goes on from there at its pace', async () => {
    await create();
    const played = await inShell((b) =>
      b.sim.playUntil(async () => {
        // Looking takes time too, which is none of the cluster's.
        now += 700;
        const { items } = await b.list(resource('pods'), 'default');
        return items.length === 2;
      }, 60_000),
    );
    expect(played).toEqual({ ended: 'met', from: START, to: START + 1000 });
    expect(await seconds()).toBe(1);
    now += 250;
    expect(await seconds()).toBe(1.25);
  });
});
