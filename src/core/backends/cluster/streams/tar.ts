/** Files as one tar archive and back: what cp sends through a container's tar (ustar, with the long names of GNU and pax). */
import type { CopiedFile } from '../../../client/container-backend';
import { CommandError } from '../../../client/errors';
import { concat, utf8 } from '../bytes';

const BLOCK = 512;
const TYPE = {
  file: '0',
  hardLink: '1',
  link: '2',
  folder: '5',
  longName: 'L',
  longLink: 'K',
  pax: 'x',
  paxGlobal: 'g',
} as const;

/** `root` is the name of the place itself; what is in it stands below. */
export function writeTar(root: string, files: readonly CopiedFile[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const { path, content, link, mode } of files) {
    const name = [root, ...path].join('/');
    if (link !== undefined) parts.push(...entry(name, TYPE.link, mode ?? 0o777, new Uint8Array(), link));
    else if (content === undefined) parts.push(...entry(`${name}/`, TYPE.folder, mode ?? 0o755, new Uint8Array()));
    else parts.push(...entry(name, TYPE.file, mode ?? 0o644, content));
  }
  parts.push(new Uint8Array(2 * BLOCK));
  return concat(parts);
}

function entry(name: string, type: string, mode: number, content: Uint8Array, link = ''): Uint8Array[] {
  const bytes = utf8(name);
  const linkBytes = utf8(link);
  return [
    ...(bytes.length > 100 ? long(TYPE.longName, bytes) : []),
    ...(linkBytes.length > 100 ? long(TYPE.longLink, linkBytes) : []),
    ...block(bytes, type, mode, content, linkBytes),
  ];
}

const long = (type: string, name: Uint8Array): Uint8Array[] =>
  block(utf8('././@LongLink'), type, 0, concat([name, Uint8Array.of(0)]), new Uint8Array());

function block(name: Uint8Array, type: string, mode: number, content: Uint8Array, link: Uint8Array): Uint8Array[] {
  const header = new Uint8Array(BLOCK);
  const put = (text: string, at: number): void => header.set(utf8(text), at);
  header.set(name.subarray(0, 100), 0);
  put(`${octal(mode, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100);
  put(`${octal(content.length, 11)}\0${octal(0, 11)}\0`, 124);
  put('        ', 148);
  put(type, 156);
  header.set(link.subarray(0, 100), 157);
  put('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(`${octal(sum, 6)}\0 `, 148);
  return [header, content, new Uint8Array((BLOCK - (content.length % BLOCK)) % BLOCK)];
}

const octal = (value: number, width: number): string => value.toString(8).padStart(width, '0');

/**
 * The entries of an archive, their paths below `root`; what lies elsewhere is left out.
 * @throws CommandError for an archive that broke off
 */
export function readTar(archive: Uint8Array, root: string): CopiedFile[] {
  const files: CopiedFile[] = [];
  const contents = new Map<string, Uint8Array>();
  let name: string | undefined;
  let link: string | undefined;
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const size = numberIn(header.subarray(124, 136));
    const content = archive.subarray(at + BLOCK, at + BLOCK + size);
    if (content.length < size) throw new CommandError('unexpected EOF');
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const type = String.fromCharCode(header[156] || 48);
    if (type === TYPE.longName) name = textIn(content);
    else if (type === TYPE.longLink) link = textIn(content);
    else if (type === TYPE.pax) ({ path: name = name, linkpath: link = link } = paxOf(content));
    else if (type !== TYPE.paxGlobal) {
      const full = name ?? nameIn(header);
      const target = link ?? textIn(header.subarray(157, 257));
      [name, link] = [undefined, undefined];
      const path = below(root, full);
      const mode = numberIn(header.subarray(100, 108)) & 0o7777;
      if (type === TYPE.hardLink) {
        const same = contents.get(target);
        if (path && same) files.push({ path, content: same, mode });
        continue;
      }
      if (type === TYPE.file || type === '7') contents.set(full, content);
      if (!path) continue;
      if (type === TYPE.link) files.push({ path, link: target, mode });
      else if (type === TYPE.folder) files.push({ path, mode });
      else if (type === TYPE.file || type === '7') files.push({ path, content: Uint8Array.from(content), mode });
    }
  }
  return files;
}

/** The parts of a path below a place; undefined for one that is not. */
function below(root: string, name: string): string[] | undefined {
  const parts = (text: string): string[] => text.split('/').filter((part) => part !== '' && part !== '.');
  const [base, whole] = [parts(root), parts(name)];
  return base.every((part, i) => whole[i] === part) ? whole.slice(base.length) : undefined;
}

function nameIn(header: Uint8Array): string {
  const prefix =
    textIn(header.subarray(257, 263)).startsWith('ustar') && header[263] === 48
      ? textIn(header.subarray(345, 500))
      : '';
  const name = textIn(header.subarray(0, 100));
  return prefix === '' ? name : `${prefix}/${name}`;
}

function textIn(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Octal digits, or a binary number where the first bit is set. */
function numberIn(bytes: Uint8Array): number {
  if ((bytes[0] ?? 0) & 0x80) return bytes.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
  return Number.parseInt(textIn(bytes).trim() || '0', 8);
}

/** `LENGTH key=value\n`, again and again. */
function paxOf(content: Uint8Array): { path?: string; linkpath?: string } {
  const found: Record<string, string> = {};
  for (let at = 0; at < content.length; ) {
    const blank = content.indexOf(32, at);
    const length = Number(textIn(content.subarray(at, blank)));
    if (!(length > 0)) break;
    const [key = '', ...value] = textIn(content.subarray(blank + 1, at + length - 1)).split('=');
    found[key] = value.join('=');
    at += length;
  }
  return found;
}
