/** A server's keys and the commands on them; they are kept as one JSON file in the server's folder. */
import type { IFileSystem } from 'just-bash';
import { matchesParts, type WildcardPart } from '../../../meta/wildcard';
import { array, bulk, error, integer, NIL, OK, type Reply, status } from './reply';

export type Value =
  | { readonly type: 'string'; readonly value: string; readonly expires?: number }
  | { readonly type: 'list'; readonly value: readonly string[]; readonly expires?: number }
  | { readonly type: 'set'; readonly value: readonly string[]; readonly expires?: number }
  | { readonly type: 'hash'; readonly value: Readonly<Record<string, string>>; readonly expires?: number }
  | { readonly type: 'zset'; readonly value: Readonly<Record<string, number>>; readonly expires?: number };

export type Keys = Record<string, Value>;

const FILE = 'dump.json';

export async function readKeys(fs: IFileSystem, dir: string, now: number): Promise<Keys> {
  const path = `${dir}/${FILE}`;
  if (!(await fs.exists(path))) return {};
  const keys = JSON.parse(await fs.readFile(path)) as Keys;
  for (const [name, { expires }] of Object.entries(keys))
    if (expires !== undefined && expires <= now) delete keys[name];
  return keys;
}

export async function writeKeys(fs: IFileSystem, dir: string, keys: Keys): Promise<void> {
  await fs.mkdir(dir, { recursive: true });
  await fs.writeFile(`${dir}/${FILE}`, `${JSON.stringify(keys, undefined, 2)}\n`);
}

const WRONG_TYPE = error('WRONGTYPE Operation against a key holding the wrong kind of value');
const NOT_INTEGER = error('ERR value is not an integer or out of range');
const SYNTAX = error('ERR syntax error');

interface Command {
  /** Fewest and most words after the name. */
  readonly words: readonly [number, number];
  readonly writes: boolean;
  /** Which words are keys: the first, all, every second, none. */
  readonly keys: 'first' | 'all' | 'pairs' | 'none';
  run(keys: Keys, args: readonly string[], now: number): Reply;
}

const MANY = 10_000;

export const COMMANDS: Readonly<Record<string, Command>> = {
  get: read(1, 1, (keys, [key = '']) => withType(keys, key, 'string', NIL, ({ value }) => bulk(value))),
  set: write(2, 6, set),
  setnx: write(2, 2, (keys, [key = '', value = ''], now) => {
    if (keys[key]) return integer(0);
    set(keys, [key, value], now);
    return integer(1);
  }),
  setex: write(3, 3, (keys, [key = '', seconds = '', value = ''], now) => set(keys, [key, value, 'EX', seconds], now)),
  getset: write(2, 2, (keys, [key = '', value = ''], now) => {
    const old = keys[key];
    if (old && old.type !== 'string') return WRONG_TYPE;
    set(keys, [key, value], now);
    return old ? bulk(old.value) : NIL;
  }),
  mset: {
    ...write(2, MANY, (keys, args, now) => {
      if (args.length % 2) return error("ERR wrong number of arguments for 'mset' command");
      for (let i = 0; i < args.length; i += 2) set(keys, [args[i] ?? '', args[i + 1] ?? ''], now);
      return OK;
    }),
    keys: 'pairs',
  },
  mget: { ...read(1, MANY, (keys, names) => array(names.map((name) => textOf(keys[name])))), keys: 'all' },
  append: write(2, 2, (keys, [key = '', more = '']) =>
    withType(keys, key, 'string', undefined, (old) => {
      const value = (old?.value ?? '') + more;
      keys[key] = { ...old, type: 'string', value };
      return integer(value.length);
    }),
  ),
  strlen: read(1, 1, (keys, [key = '']) =>
    withType(keys, key, 'string', integer(0), ({ value }) => integer(new TextEncoder().encode(value).length)),
  ),
  incr: write(1, 1, (keys, [key = '']) => add(keys, key, '1')),
  decr: write(1, 1, (keys, [key = '']) => add(keys, key, '-1')),
  incrby: write(2, 2, (keys, [key = '', by = '']) => add(keys, key, by)),
  decrby: write(2, 2, (keys, [key = '', by = '']) => add(keys, key, by.startsWith('-') ? by.slice(1) : `-${by}`)),
  del: { ...write(1, MANY, remove), keys: 'all' },
  unlink: { ...write(1, MANY, remove), keys: 'all' },
  exists: { ...read(1, MANY, (keys, names) => integer(names.filter((name) => keys[name]).length)), keys: 'all' },
  type: read(1, 1, (keys, [key = '']) => status(keys[key]?.type ?? 'none')),
  rename: write(2, 2, (keys, [from = '', to = '']) => {
    const value = keys[from];
    if (!value) return error('ERR no such key');
    delete keys[from];
    keys[to] = value;
    return OK;
  }),
  expire: write(2, 2, (keys, [key = '', seconds = ''], now) => {
    const old = keys[key];
    if (!/^-?\d+$/.test(seconds)) return NOT_INTEGER;
    if (!old) return integer(0);
    keys[key] = { ...old, expires: now + Number(seconds) * 1000 };
    return integer(1);
  }),
  persist: write(1, 1, (keys, [key = '']) => {
    const old = keys[key];
    if (old?.expires === undefined) return integer(0);
    const { expires: _, ...rest } = old;
    keys[key] = rest as Value;
    return integer(1);
  }),
  ttl: read(1, 1, (keys, [key = ''], now) => {
    const { expires } = keys[key] ?? {};
    return integer(!keys[key] ? -2 : expires === undefined ? -1 : Math.round((expires - now) / 1000));
  }),
  keys: {
    ...read(1, 1, (keys, [pattern = '']) => array(Object.keys(keys).filter((key) => glob(pattern)(key)))),
    keys: 'none',
  },
  scan: {
    ...read(1, 5, (keys, [, ...rest]) => {
      const at = rest.findIndex((word) => word.toLowerCase() === 'match');
      const chosen = glob(at < 0 ? '*' : (rest[at + 1] ?? '*'));
      return { kind: 'array', items: [bulk('0'), array(Object.keys(keys).filter((key) => chosen(key)))] };
    }),
    keys: 'none',
  },
  dbsize: { ...read(0, 0, (keys) => integer(Object.keys(keys).length)), keys: 'none' },
  flushall: { ...write(0, 1, clear), keys: 'none' },
  flushdb: { ...write(0, 1, clear), keys: 'none' },
  lpush: write(2, MANY, (keys, [key = '', ...items]) => push(keys, key, items, true)),
  rpush: write(2, MANY, (keys, [key = '', ...items]) => push(keys, key, items, false)),
  lpop: write(1, 1, (keys, [key = '']) => pop(keys, key, true)),
  rpop: write(1, 1, (keys, [key = '']) => pop(keys, key, false)),
  llen: read(1, 1, (keys, [key = '']) => withType(keys, key, 'list', integer(0), ({ value }) => integer(value.length))),
  lindex: read(2, 2, (keys, [key = '', at = '']) =>
    withType(keys, key, 'list', NIL, ({ value }) => bulk(value.at(Number(at)) ?? null)),
  ),
  lrange: read(3, 3, (keys, [key = '', from = '', to = '']) => {
    if (!/^-?\d+$/.test(from) || !/^-?\d+$/.test(to)) return NOT_INTEGER;
    return withType(keys, key, 'list', array([]), ({ value }) => array(between(value, Number(from), Number(to))));
  }),
  sadd: write(2, MANY, (keys, [key = '', ...items]) =>
    withType(keys, key, 'set', undefined, (old) => {
      const all = new Set([...(old?.value ?? []), ...items]);
      keys[key] = { ...old, type: 'set', value: [...all] };
      return integer(all.size - (old?.value.length ?? 0));
    }),
  ),
  srem: write(2, MANY, (keys, [key = '', ...items]) =>
    withType(keys, key, 'set', integer(0), (old) => {
      const value = old.value.filter((item) => !items.includes(item));
      if (value.length > 0) keys[key] = { ...old, value };
      else delete keys[key];
      return integer(old.value.length - value.length);
    }),
  ),
  smembers: read(1, 1, (keys, [key = '']) => withType(keys, key, 'set', array([]), ({ value }) => array(value))),
  scard: read(1, 1, (keys, [key = '']) => withType(keys, key, 'set', integer(0), ({ value }) => integer(value.length))),
  sismember: read(2, 2, (keys, [key = '', item = '']) =>
    withType(keys, key, 'set', integer(0), ({ value }) => integer(value.includes(item) ? 1 : 0)),
  ),
  hset: write(3, MANY, (keys, args) => setFields(keys, args)),
  hmset: write(3, MANY, (keys, args) => {
    const reply = setFields(keys, args);
    return reply.kind === 'integer' ? OK : reply;
  }),
  hget: read(2, 2, (keys, [key = '', field = '']) =>
    withType(keys, key, 'hash', NIL, ({ value }) => bulk(own(value, field) ?? null)),
  ),
  hgetall: read(1, 1, (keys, [key = '']) =>
    withType(keys, key, 'hash', array([]), ({ value }) => array(Object.entries(value).flat())),
  ),
  hkeys: read(1, 1, (keys, [key = '']) =>
    withType(keys, key, 'hash', array([]), ({ value }) => array(Object.keys(value))),
  ),
  hvals: read(1, 1, (keys, [key = '']) =>
    withType(keys, key, 'hash', array([]), ({ value }) => array(Object.values(value))),
  ),
  hlen: read(1, 1, (keys, [key = '']) =>
    withType(keys, key, 'hash', integer(0), ({ value }) => integer(Object.keys(value).length)),
  ),
  hexists: read(2, 2, (keys, [key = '', field = '']) =>
    withType(keys, key, 'hash', integer(0), ({ value }) => integer(own(value, field) === undefined ? 0 : 1)),
  ),
  hdel: write(2, MANY, (keys, [key = '', ...fields]) =>
    withType(keys, key, 'hash', integer(0), (old) => {
      const left = Object.entries(old.value).filter(([field]) => !fields.includes(field));
      if (left.length > 0) keys[key] = { ...old, value: Object.fromEntries(left) };
      else delete keys[key];
      return integer(Object.keys(old.value).length - left.length);
    }),
  ),
  zadd: write(3, MANY, (keys, [key = '', ...pairs]) =>
    withType(keys, key, 'zset', undefined, (old) => {
      if (pairs.length % 2) return SYNTAX;
      const scores: Record<string, number> = { ...old?.value };
      let added = 0;
      for (let i = 0; i < pairs.length; i += 2) {
        const score = Number(pairs[i]);
        if (Number.isNaN(score)) return error('ERR value is not a valid float');
        const member = pairs[i + 1] ?? '';
        if (own(scores, member) === undefined) added++;
        scores[member] = score;
      }
      keys[key] = { ...old, type: 'zset', value: scores };
      return integer(added);
    }),
  ),
  zscore: read(2, 2, (keys, [key = '', member = '']) =>
    withType(keys, key, 'zset', NIL, ({ value }) => {
      const score = own(value, member);
      return bulk(score === undefined ? null : String(score));
    }),
  ),
  zcard: read(1, 1, (keys, [key = '']) =>
    withType(keys, key, 'zset', integer(0), ({ value }) => integer(Object.keys(value).length)),
  ),
  zrange: read(3, 4, (keys, [key = '', from = '', to = '', scores]) =>
    withType(keys, key, 'zset', array([]), ({ value }) => {
      if (scores !== undefined && scores.toLowerCase() !== 'withscores') return SYNTAX;
      const sorted = Object.entries(value).sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
      const chosen = between(sorted, Number(from), Number(to));
      return array(chosen.flatMap(([member, score]) => (scores ? [member, String(score)] : [member])));
    }),
  ),
};

type Run = Command['run'];

function read(least: number, most: number, run: Run): Command {
  return { words: [least, most], writes: false, keys: 'first', run };
}

function write(least: number, most: number, run: Run): Command {
  return { words: [least, most], writes: true, keys: 'first', run };
}

const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

type OfType<T extends Value['type']> = Extract<Value, { readonly type: T }>;

/** With a reply for a key that is not there, or with the use told that it is not. */
function withType<T extends Value['type']>(
  keys: Keys,
  key: string,
  type: T,
  none: Reply,
  use: (value: OfType<T>) => Reply,
): Reply;
function withType<T extends Value['type']>(
  keys: Keys,
  key: string,
  type: T,
  none: undefined,
  use: (value: OfType<T> | undefined) => Reply,
): Reply;
function withType(
  keys: Keys,
  key: string,
  type: Value['type'],
  none: Reply | undefined,
  use: (value: never) => Reply,
): Reply {
  const value = own(keys, key);
  if (value && value.type !== type) return WRONG_TYPE;
  if (!value && none) return none;
  return use(value as never);
}

const textOf = (value: Value | undefined): string | null => (value?.type === 'string' ? value.value : null);

function set(keys: Keys, [key = '', value = '', ...options]: readonly string[], now: number): Reply {
  let expires: number | undefined;
  for (let i = 0; i < options.length; i++) {
    const option = options[i]?.toUpperCase();
    if (option === 'NX' || option === 'XX') {
      if ((own(keys, key) === undefined) !== (option === 'NX')) return NIL;
    } else if (option === 'EX' || option === 'PX') {
      const number = options[++i] ?? '';
      if (!/^\d+$/.test(number)) return NOT_INTEGER;
      expires = now + Number(number) * (option === 'EX' ? 1000 : 1);
    } else return SYNTAX;
  }
  keys[key] = { type: 'string', value, ...(expires !== undefined && { expires }) };
  return OK;
}

function add(keys: Keys, key: string, by: string): Reply {
  return withType(keys, key, 'string', undefined, (old) => {
    const text = old?.value ?? '0';
    if (!/^-?\d{1,15}$/.test(text) || !/^-?\d{1,15}$/.test(by)) return NOT_INTEGER;
    const value = Number(text) + Number(by);
    keys[key] = { ...old, type: 'string', value: String(value) };
    return integer(value);
  });
}

function remove(keys: Keys, names: readonly string[]): Reply {
  let removed = 0;
  for (const name of names) {
    if (own(keys, name) === undefined) continue;
    delete keys[name];
    removed++;
  }
  return integer(removed);
}

function clear(keys: Keys): Reply {
  for (const name of Object.keys(keys)) delete keys[name];
  return OK;
}

function push(keys: Keys, key: string, items: readonly string[], atHead: boolean): Reply {
  return withType(keys, key, 'list', undefined, (old) => {
    const value = atHead ? [...[...items].reverse(), ...(old?.value ?? [])] : [...(old?.value ?? []), ...items];
    keys[key] = { ...old, type: 'list', value };
    return integer(value.length);
  });
}

function pop(keys: Keys, key: string, atHead: boolean): Reply {
  return withType(keys, key, 'list', NIL, (old) => {
    const value = [...old.value];
    const item = atHead ? value.shift() : value.pop();
    if (value.length > 0) keys[key] = { ...old, value };
    else delete keys[key];
    return bulk(item ?? null);
  });
}

function setFields(keys: Keys, [key = '', ...pairs]: readonly string[]): Reply {
  if (pairs.length % 2) return error("ERR wrong number of arguments for 'hset' command");
  return withType(keys, key, 'hash', undefined, (old) => {
    const value: Record<string, string> = { ...old?.value };
    const before = Object.keys(value).length;
    for (let i = 0; i < pairs.length; i += 2) value[pairs[i] ?? ''] = pairs[i + 1] ?? '';
    keys[key] = { ...old, type: 'hash', value };
    return integer(Object.keys(value).length - before);
  });
}

/** Both ends included; negative ones count from the end. */
function between<T>(items: readonly T[], from: number, to: number): readonly T[] {
  const first = from < 0 ? Math.max(0, items.length + from) : from;
  const last = to < 0 ? items.length + to : to;
  return items.slice(first, last + 1);
}

/** As stringmatchlen: stars, question marks, and sets in brackets. */
function glob(pattern: string): (text: string) => boolean {
  const parts: WildcardPart[] = (pattern.match(/\\[\s\S]|\[\^?[^\]]*\]|[\s\S]/g) ?? []).map((part) => {
    if (part === '*') return '*';
    if (part === '?') return () => true;
    if (part.length > 2 && part.startsWith('[')) return inSet(part);
    const literal = part.replace(/^\\(?=[\s\S])/, '');
    return (character) => character === literal;
  });
  return (text) => matchesParts(parts, text);
}

function inSet(set: string): (character: string) => boolean {
  const negated = set[1] === '^';
  const members = set.slice(negated ? 2 : 1, -1).match(/[\s\S]-[\s\S]|[\s\S]/g) ?? [];
  return (character) =>
    members.some((member) =>
      member.length === 3 ? character >= member[0]! && character <= member[2]! : character === member,
    ) !== negated;
}
