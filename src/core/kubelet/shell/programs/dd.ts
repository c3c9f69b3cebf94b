/** dd: copies a file, standard input or the zeros of /dev/zero by blocks (as GNU's, conversions of bytes left out). */
import { fail, type ProgramContext, type ProgramResult } from '../program';

interface Wish {
  readonly from?: string;
  readonly to?: string;
  readonly block: number;
  readonly count?: number;
  /** Blocks passed over in the input, and in the output. */
  readonly skip: number;
  readonly seek: number;
  readonly conversions: readonly string[];
  readonly silent: boolean;
}

const BLOCK = 512;
/** What a disk of a simulated node takes from one copy, bytes. */
const MOST = 64 * 1024 * 1024;
const UNITS: Readonly<Record<string, number>> = {
  c: 1,
  w: 2,
  b: 512,
  kB: 1000,
  K: 1024,
  MB: 1e6,
  M: 1024 ** 2,
  GB: 1e9,
  G: 1024 ** 3,
};
const CONVERSIONS: readonly string[] = [
  'fsync',
  'fdatasync',
  'notrunc',
  'noerror',
  'excl',
  'nocreat',
  'sync',
  'sparse',
];
/** What a copy is said to have taken, s: no time passes. */
const TOOK = 0.001;

export async function dd(args: readonly string[], context: ProgramContext): Promise<ProgramResult> {
  const wish = wishOf(args);
  if (typeof wish === 'string') return fail(`dd: ${wish}\n`);
  const { from, to, block, count, skip, seek } = wish;
  const most = count === undefined ? Number.POSITIVE_INFINITY : count * block;
  const input = await read(from, skip * block, most, context);
  if (typeof input === 'string') return fail(`dd: ${input}\n`);
  const text = new TextDecoder();
  if (to !== undefined) {
    const trouble = await write(to, input, seek * block, wish.conversions, context);
    if (trouble) return fail(`dd: failed to open '${to}': ${trouble}\n`);
  }
  const stdout = to === undefined ? text.decode(input) : '';
  return { stdout, stderr: wish.silent ? '' : summary(input.length, block), exitCode: 0 };
}

/** What is wrong, where something is. */
function wishOf(args: readonly string[]): Wish | string {
  const values = new Map<string, string>();
  for (const arg of args) {
    const at = arg.indexOf('=');
    if (at < 0 || !/^(if|of|bs|ibs|obs|count|skip|seek|conv|status|iflag|oflag)$/.test(arg.slice(0, at)))
      return `unrecognized operand '${arg}'`;
    values.set(arg.slice(0, at), arg.slice(at + 1));
  }
  const numbers: Record<string, number> = {};
  for (const name of ['bs', 'ibs', 'obs', 'count', 'skip', 'seek']) {
    const text = values.get(name);
    const number = text === undefined ? undefined : sizeOf(text);
    if (text !== undefined && (number === undefined || (number === 0 && name.endsWith('bs'))))
      return `invalid number: '${text}'`;
    if (number !== undefined) numbers[name] = number;
  }
  const conversions = values.get('conv')?.split(',') ?? [];
  const unknown = conversions.find((name) => !CONVERSIONS.includes(name));
  if (unknown !== undefined) return `invalid conversion: '${unknown}'`;
  const from = values.get('if');
  const to = values.get('of');
  return {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(numbers.count !== undefined && { count: numbers.count }),
    block: numbers.bs ?? numbers.ibs ?? BLOCK,
    skip: numbers.skip ?? 0,
    seek: numbers.seek ?? 0,
    conversions,
    silent: values.get('status') === 'none',
  };
}

function sizeOf(text: string): number | undefined {
  const [, digits = '', unit = ''] = /^(\d+)(\w*)$/.exec(text) ?? [];
  const factor = unit === '' ? 1 : UNITS[unit.replace(/iB$/, '')];
  return digits === '' || factor === undefined ? undefined : Number(digits) * factor;
}

async function read(
  from: string | undefined,
  skip: number,
  most: number,
  context: ProgramContext,
): Promise<Uint8Array | string> {
  if (from !== undefined && /^\/dev\/(zero|u?random)$/.test(from)) {
    if (most > MOST) return 'error writing: No space left on device';
    const bytes = new Uint8Array(most);
    if (from !== '/dev/zero') for (let i = 0; i < most; i++) bytes[i] = context.random() * 256;
    return bytes;
  }
  const whole = from === undefined || from === '/dev/stdin' ? bytesOf(context.stdin) : await fileAt(from, context);
  return typeof whole === 'string' ? whole : whole.subarray(skip, skip + most);
}

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

async function fileAt(path: string, { fs, cwd }: ProgramContext): Promise<Uint8Array | string> {
  const full = fs.resolvePath(cwd, path);
  if (full === '/dev/null') return new Uint8Array();
  if (!(await fs.exists(full))) return `failed to open '${path}': No such file or directory`;
  if ((await fs.stat(full)).isDirectory) return `error reading '${path}': Is a directory`;
  return fs.readFileBuffer(full);
}

/** What is wrong, where something is. */
async function write(
  path: string,
  bytes: Uint8Array,
  seek: number,
  conversions: readonly string[],
  { fs, cwd }: ProgramContext,
): Promise<string | undefined> {
  const full = fs.resolvePath(cwd, path);
  if (full === '/dev/null') return undefined;
  const exists = await fs.exists(full);
  if (exists && (await fs.stat(full)).isDirectory) return 'Is a directory';
  if (exists && conversions.includes('excl')) return 'File exists';
  if (!exists && conversions.includes('nocreat')) return 'No such file or directory';
  if (!(await fs.exists(full.replace(/\/[^/]*$/, '') || '/'))) return 'No such file or directory';
  const keepsRest = conversions.includes('notrunc');
  const before = exists && (seek > 0 || keepsRest) ? await fs.readFileBuffer(full) : new Uint8Array();
  const end = seek + bytes.length;
  const next = new Uint8Array(keepsRest ? Math.max(before.length, end) : end);
  next.set(before.subarray(0, next.length));
  next.set(bytes, seek);
  try {
    await fs.writeFile(full, next);
    return undefined;
  } catch (error) {
    return /EROFS|read-only/i.test(String(error)) ? 'Read-only file system' : 'Permission denied';
  }
}

function summary(bytes: number, block: number): string {
  const records = `${Math.floor(bytes / block)}+${bytes % block > 0 ? 1 : 0} records`;
  const amount = bytes === 1 ? '1 byte' : `${bytes} bytes`;
  const sizes = [bytes >= 1000 && scaled(bytes, 1000, 'B'), bytes >= 1024 && scaled(bytes, 1024, 'iB')].filter(Boolean);
  const also = sizes.length === 0 ? '' : ` (${sizes.join(', ')})`;
  return `${records} in\n${records} out\n${amount}${also} copied, ${TOOK} s, ${scaled(bytes / TOOK, 1000, 'B')}/s\n`;
}

function scaled(bytes: number, base: number, unit: string): string {
  const letters = ['', base === 1000 ? 'k' : 'K', 'M', 'G', 'T'];
  let power = 0;
  let rest = bytes;
  for (; rest >= base && power < letters.length - 1; power++) rest /= base;
  return `${rest >= 10 || power === 0 ? Math.round(rest) : rest.toFixed(1)} ${letters[power]}${unit}`;
}
