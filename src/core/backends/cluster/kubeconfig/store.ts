/** The files of a kubeconfig as something to change: read as they are, locked, and each written in its own file (as clientcmd's ModifyConfig). */
import fs from 'node:fs';
import { dumpYaml } from '@kubernetes/client-node/dist/yaml.js';
import { deepEqual as same } from '../../../meta/equal';
import type { ClusterHost } from '../host';
import { named, parseKubeFile } from './file';
import { lock, replace, unlock } from './files';
import { precedence } from './load';
import { relative } from './relative';
import { isEmpty, isRecord, LISTS, type List, type Stanza, written } from './shape';

/** What the files hold together, by name; the first file that has an entry wins. Values are as they are written. */
export interface Merged {
  readonly clusters: Readonly<Record<string, Stanza>>;
  readonly users: Readonly<Record<string, Stanza>>;
  readonly contexts: Readonly<Record<string, Stanza>>;
  readonly 'current-context': string;
  readonly preferences: Stanza;
  readonly extensions: readonly unknown[];
}

type Content = Record<string, unknown>;

export class KubeStore {
  private readonly files: readonly string[];

  constructor(
    private readonly explicit: string | undefined,
    env: ClusterHost['env'],
  ) {
    this.files = precedence(explicit, env);
  }

  /** Where what is new goes: the first file that is there, else the last one. */
  get defaultFile(): string {
    return this.files.find((file) => fs.existsSync(file)) ?? this.files.at(-1) ?? '';
  }

  /** @throws CommandError for a file that can't be used */
  load(): Merged {
    return merge(this.read());
  }

  /**
   * Changes what the files hold, while they are locked as kubectl locks them. Nothing is written where nothing changes.
   * @param isRelative whether paths beside the file are written without their folder
   * @throws CommandError
   */
  modify(change: (config: Merged) => Merged, isRelative: boolean): void {
    // What is wrong with the change itself is told before anything is locked.
    change(this.load());
    const locked: string[] = [];
    try {
      for (const file of this.files.toSorted()) locked.push(lock(file));
      const contents = this.read();
      const before = merge(contents);
      const writes = this.writes(contents, before, change(before), isRelative);
      for (const [file, content] of writes) replace(file, dumpYaml(document(content), YAML_STYLE));
    } finally {
      for (const name of locked) unlock(name);
    }
  }

  /** The file that has an entry, else the one that it would go to. */
  origin(list: List, name: string): string {
    return [...this.read()].find(([file, content]) => has(file, content, list, name))?.[0] ?? this.defaultFile;
  }

  private read(): Map<string, Content> {
    const there = this.files.filter((file) => fs.existsSync(file));
    return new Map(there.map((file) => [file, withModes(parseKubeFile(file), file)]));
  }

  private writes(
    contents: Map<string, Content>,
    before: Merged,
    after: Merged,
    isRelative: boolean,
  ): Map<string, Content> {
    const writes = new Map<string, Content>();
    const open = (file: string): Content => {
      const content = writes.get(file) ?? structuredClone(contents.get(file) ?? {});
      writes.set(file, content);
      return content;
    };
    const current = after['current-context'];
    if (current !== before['current-context']) {
      const setting = this.files.find((file) => contents.get(file)?.['current-context']);
      const file = current === '' && this.explicit === undefined ? setting : this.defaultFile;
      if (file !== undefined) open(file)['current-context'] = current;
    }
    const preferences = Object.fromEntries(Object.entries(after.preferences).filter(([, value]) => !isEmpty(value)));
    if (!same(preferences, before.preferences)) {
      const file = this.files.find((one) => !same(contents.get(one)?.preferences ?? {}, preferences));
      if (file !== undefined) open(file).preferences = preferences;
    }
    for (const list of Object.keys(LISTS) as List[]) {
      const origin = (name: string): string =>
        this.files.find((file) => has(file, contents.get(file), list, name)) ?? this.defaultFile;
      for (const [name, stanza] of Object.entries(after[list])) {
        const old = Object.hasOwn(before[list], name) ? before[list][name] : undefined;
        if (old && same(written(list, old), written(list, stanza))) continue;
        const file = origin(name);
        put(open(file), file, list, name, written(list, isRelative ? relative(list, stanza, file) : stanza));
      }
      for (const name of Object.keys(before[list]))
        if (!Object.hasOwn(after[list], name)) put(open(origin(name)), origin(name), list, name, undefined);
    }
    return writes;
  }
}

/** Credential plugins of the older versions of their API may ask the user, where the file does not say whether they may. */
function withModes(content: Content, file: string): Content {
  if (!content.users) return content;
  const users = named<Stanza>(file, content, 'users', LISTS.users).map(({ name, value }) => {
    const { exec } = value;
    if (!isRecord(exec) || exec.interactiveMode || !OLDER.test(String(exec.apiVersion))) return { name, user: value };
    return { name, user: { ...value, exec: { ...exec, interactiveMode: 'IfAvailable' } } };
  });
  return { ...content, users };
}

const OLDER = /^client\.authentication\.k8s\.io\/v1(alpha|beta)1$/;

const has = (file: string, content: Content | undefined, list: List, name: string): boolean =>
  content !== undefined && named(file, content, list, LISTS[list]).some((one) => one.name === name);

function put(content: Content, file: string, list: List, name: string, stanza: Stanza | undefined): void {
  const key = LISTS[list];
  const entries: Content[] = named<Stanza>(file, content, list, key).map((one) => ({
    name: one.name,
    [key]: one.value,
  }));
  const others = entries.filter((entry) => entry.name !== name);
  content[list] = stanza ? [...others, { name, [key]: stanza }] : others;
}

function merge(contents: ReadonlyMap<string, Content>): Merged {
  const collect = (list: List): Record<string, Stanza> => {
    const found = new Map<string, Stanza>();
    for (const [file, content] of contents)
      for (const { name, value } of named<Stanza>(file, content, list, LISTS[list]))
        if (!found.has(name)) found.set(name, value);
    return Object.fromEntries(found);
  };
  const texts = [...contents.values()].map((content) => content['current-context']);
  const preferences = [...contents.values()].map((content) => content.preferences).find((one) => !isEmpty(one));
  return {
    clusters: collect('clusters'),
    users: collect('users'),
    contexts: collect('contexts'),
    'current-context': texts.find((text): text is string => typeof text === 'string' && text !== '') ?? '',
    preferences: isRecord(preferences) ? preferences : {},
    extensions: [...contents.values()].flatMap(({ extensions }): unknown[] =>
      Array.isArray(extensions) ? extensions : [],
    ),
  };
}

/** The whole file as kubectl writes it. */
function document(content: Content): Content {
  const { preferences, ...rest } = content;
  const lists = (Object.keys(LISTS) as List[]).map((list) => {
    const entries = named<Stanza>('', content, list, LISTS[list]).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const shown = entries.map(({ name, value }) => ({ name, [LISTS[list]]: written(list, value) }));
    return [list, shown.length === 0 ? null : shown];
  });
  return {
    'current-context': '',
    ...rest,
    ...(!isEmpty(preferences) && { preferences }),
    ...Object.fromEntries(lists),
    apiVersion: 'v1',
    kind: 'Config',
  };
}

/** As kubectl writes it: sorted, lists as far left as their names. */
const YAML_STYLE: object = { sortKeys: true, noArrayIndent: true, lineWidth: -1 };
