/** Named copies of the whole cluster, files included, in `<state>.snapshots/`. They outlive what undo keeps. */
import { join } from 'node:path';
import type { KubeObject } from '../../../api/types';
import { isDns1123Subdomain } from '../../../meta/names';
import type { SnapshotDifference, SnapshotFacts } from '../../../reports/past';
import type { JsonObject } from '../codec';
import { itemsOf } from '../codec-unread';
import { SettingError } from '../errors';
import { namesIn, readText, writeWhole } from './disk';
import { FileStore } from './file-store';
import { instantOf } from './instants';
import { makeMove } from './move';
import { newToken, type World as Past, stateOf } from './past';
import { DEFAULT_BUDGET } from './port';
import { changedFiles } from './tree-diff';
import { isSameTree, presentUnits, sumsOf, type Tree, type Unit, type Units } from './units';

interface World extends Past {
  readonly command: string;
}

/** A snapshot is one file: facts, folders and the state file's text, in this order; the first two take a line each. */
interface Snapshot {
  readonly facts: SnapshotFacts;
  readonly units: Units;
  readonly state: string;
}

const SUFFIX = '.snapshot';
/** A name of a file may have 255 characters; this leaves room for what is behind it while it is written. */
const MAX_NAME = 200;

const folderOf = ({ store }: World): string => `${store.statePath}.snapshots`;
const pathOf = (world: World, name: string): string => join(folderOf(world), `${name}${SUFFIX}`);
const filesOf = (world: World): FileStore =>
  new FileStore(world.store.statePath, join(folderOf(world), 'files'), world.store.disk);

/** @throws SettingError */
export function checkName(name: string): void {
  const [problem] = isDns1123Subdomain(name);
  const said = problem ?? (name.length > MAX_NAME ? `must be no more than ${MAX_NAME} characters` : undefined);
  if (said !== undefined) throw new SettingError(`invalid name ${JSON.stringify(name)} for a snapshot: ${said}`);
}

/** Saves the state file that is in place. The lock must be held. @throws SettingError where there is one of this name */
export async function save(world: World, name: string, overwrite: boolean): Promise<SnapshotFacts> {
  const { disk, statePath } = world.store;
  if (!overwrite && readText(disk, pathOf(world, name)) !== undefined)
    throw new SettingError(`snapshot ${JSON.stringify(name)} already exists; --overwrite replaces it`);
  const document = world.file.load();
  if (!document) throw new SettingError('there is no cluster to save');
  disk.mkdirSync(folderOf(world), { recursive: true, mode: 0o700 });
  const files = filesOf(world);
  const units: Record<Unit, Tree> = {};
  for (const unit of presentUnits(disk, statePath)) units[unit] = files.capture(unit);
  await files.blobs.settle();
  const facts = factsOf(name, document, world);
  const state = disk.readFileSync(world.file.realPath(), 'utf8');
  writeWhole(disk, pathOf(world, name), `${JSON.stringify(facts)}\n${JSON.stringify(units)}\n${state}`, true);
  if (overwrite) sweep(world);
  return facts;
}

/** Puts the cluster of a snapshot in place; it can be undone. The lock must be held. @throws SettingError, StateFileError */
export async function restore(world: World, name: string): Promise<void> {
  const { store, file, host } = world;
  const { disk, statePath } = store;
  const { facts, units: saved, state: text } = find(world, name);
  const state = stateOf(world, text, facts.now);
  const live = file.load();
  const head = store.head(true);
  const kept = await store.files();
  const units: Record<Unit, Tree> = {};
  const before: Record<Unit, Tree> = {};
  for (const unit of new Set([...presentUnits(disk, statePath), ...(Object.keys(saved) as Unit[])])) {
    const present = kept.capture(unit, saved[unit]);
    const wanted = saved[unit] ?? null;
    if (isSameTree(present, wanted)) continue;
    before[unit] = present;
    units[unit] = wanted;
  }
  await kept.blobs.settle();
  const { position, top } = head;
  const token = newToken(world);
  const now = live ? instantOf(live, host) : 0;
  const keeps = budgetOf(live) > 0;
  if (keeps) {
    store.makeFolder();
    if (top > position) store.journal.append({ to: position, top: position, from: position, now, token });
    store.versions.keep(position, file.realPath());
    store.writeFiles(position, { before });
  }
  const identity = store.live();
  const record = {
    step: position,
    command: world.command,
    at: host.now(),
    now,
    token: `${token}-restores`,
    before: identity ? ([identity.ino, identity.mtimeMs, identity.size] as const) : null,
  };
  await makeMove(store, filesOf(world), { ...(keeps && { record }), units, state }, file);
  if (!keeps) store.clear();
  else if (top > position) await store.forgetFrom(position + 1);
}

/** @throws SettingError where there is none of this name */
export async function remove(world: World, name: string): Promise<void> {
  find(world, name);
  world.store.disk.rmSync(pathOf(world, name), { force: true });
  sweep(world);
}

/** By name. */
export function list(world: World): SnapshotFacts[] {
  return namesOf(world).map((name) => find(world, name).facts);
}

/** What differs from a snapshot to another, or to the state file in place. */
export async function compare(world: World, name: string, other: string | undefined): Promise<SnapshotDifference> {
  const { store, file } = world;
  const before = find(world, name);
  const after = other === undefined ? undefined : find(world, other);
  const present = after ? file.read(after.state) : (file.load() ?? {});
  const files = after?.units ?? capturePresent(world, before.units);
  return {
    objects: changedObjects(objectsOf(file.read(before.state)), objectsOf(present)),
    files: changedFiles(before.units, files, store.statePath),
  };
}

/** @throws SettingError where there is none of this name */
export function find(world: World, name: string): Snapshot {
  checkName(name);
  const text = readText(world.store.disk, pathOf(world, name));
  if (text === undefined) throw new SettingError(`snapshot ${JSON.stringify(name)} not found`);
  const first = text.indexOf('\n');
  const second = text.indexOf('\n', first + 1);
  try {
    const facts = JSON.parse(text.slice(0, first)) as SnapshotFacts;
    const units = JSON.parse(text.slice(first + 1, second)) as Units;
    return { facts, units, state: text.slice(second + 1) };
  } catch {
    throw new SettingError(`snapshot ${JSON.stringify(name)} is damaged: ${pathOf(world, name)}`);
  }
}

function namesOf(world: World): string[] {
  return namesIn(world.store.disk, folderOf(world))
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length))
    .sort();
}

/** Forgets bytes that no snapshot needs. */
function sweep(world: World): void {
  filesOf(world).blobs.sweep(new Set(namesOf(world).flatMap((name) => sumsOf(find(world, name).units))));
}

function capturePresent(world: World, known: Units): Units {
  const files = filesOf(world);
  const units: Record<Unit, Tree> = {};
  for (const unit of presentUnits(world.store.disk, world.store.statePath))
    units[unit] = files.capture(unit, known[unit] ?? null);
  sweep(world);
  return units;
}

const objectsOf = ({ objects, events }: JsonObject): KubeObject[] =>
  [...itemsOf(objects), ...itemsOf(events)] as unknown as KubeObject[];

function factsOf(name: string, document: JsonObject, { host }: World): SnapshotFacts {
  const objects = objectsOf(document);
  const { clock } = document as { readonly clock?: { readonly mode?: unknown } };
  return {
    name,
    saved: host.now(),
    mode: clock?.mode === 'virtual' ? 'virtual' : 'wall',
    now: instantOf(document, host),
    objects: objects.length,
    pods: objects.filter(({ kind }) => kind === 'Pod').length,
  };
}

function budgetOf(live: JsonObject | undefined): number {
  const { config } = (live ?? {}) as { readonly config?: { readonly undo?: number } };
  return config?.undo ?? DEFAULT_BUDGET;
}

/** What only tells that something was written is no difference; neither are events. */
function changedObjects(before: readonly KubeObject[], after: readonly KubeObject[]): SnapshotDifference['objects'] {
  const keyOf = ({ apiVersion, kind, metadata }: KubeObject): string =>
    `${apiVersion}/${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
  const byKey = (objects: readonly KubeObject[]): Map<string, KubeObject> =>
    new Map(objects.filter(({ kind }) => kind !== 'Event').map((object) => [keyOf(object), quiet(object)]));
  const old = byKey(before);
  const fresh = byKey(after);
  return [...new Set([...old.keys(), ...fresh.keys()])].sort().flatMap((key) => {
    const [a, b] = [old.get(key), fresh.get(key)];
    if (a && b && JSON.stringify(a) === JSON.stringify(b)) return [];
    return [{ ...(a && { before: a }), ...(b && { after: b }) }];
  });
}

function quiet(object: KubeObject): KubeObject {
  const { resourceVersion: _, managedFields: __, ...metadata } = object.metadata;
  return { ...object, metadata } as KubeObject;
}
