/**
 * The state file on disk: it is read whole, replaced atomically, and its previous version stays beside it as
 * `<name>.bak`. At every instant the path names a complete file: a kill or a full disk in the middle of a save leaves the
 * version before.
 */
import * as nodeFs from 'node:fs';
import { dirname, resolve as resolvePath } from 'node:path';
import { ChangedText, decodeDocument, encodeBytes, type JsonObject, openDocument } from './codec';
import { LineMemory } from './codec-memory';
import { hasSum } from './codec-sum';
import { syncFolder } from './durable';
import { errorCode, fromSystemError, StateFileError } from './errors';

/** The schema that this version writes. */
export const SCHEMA = 1;

/** `migrations[n]` turns a document of schema n into one of schema n + 1. */
export type Migrations = Readonly<Record<number, (document: JsonObject) => JsonObject>>;
const MIGRATIONS: Migrations = {};

/** What the state file needs of the file system; tests put failures here. */
export interface Files
  extends Pick<
    typeof nodeFs,
    | 'closeSync'
    | 'copyFileSync'
    | 'fsyncSync'
    | 'linkSync'
    | 'existsSync'
    | 'mkdirSync'
    | 'openSync'
    | 'readFileSync'
    | 'readdirSync'
    | 'readlinkSync'
    | 'realpathSync'
    | 'renameSync'
    | 'rmSync'
    | 'statSync'
  > {
  writeSync(fd: number, bytes: Uint8Array, offset: number, length: number): number;
}

/** Tells one version of the file from another without reading it. */
export interface FileIdentity {
  readonly ino: number;
  readonly mtimeMs: number;
  readonly size: number;
}

export const sameFile = (a: FileIdentity | undefined, b: FileIdentity | undefined): boolean =>
  a?.ino === b?.ino && a?.mtimeMs === b?.mtimeMs && a?.size === b?.size;

export interface SaveOptions {
  /** False leaves the backup as it is: for a previous version that is not known to be good. */
  readonly keepPrevious?: boolean;
  /** Told when the new file is written and the present one is still in place, with the paths of both. */
  replacing?(paths: { readonly present: string; readonly next: string }): void;
}

export interface StateFileOptions {
  readonly files?: Files;
  readonly schema?: number;
  readonly migrations?: Migrations;
}

export class StateFile {
  private readonly files: Files;
  private readonly schema: number;
  private readonly migrations: Migrations;
  private readonly memory = new LineMemory();
  /** Whether what was read last has no sum: somebody may have written it. */
  isEdited = false;
  /** Where the file really is: a symbolic link stays one when the file is replaced. */
  private target: string;

  constructor(
    readonly path: string,
    options: StateFileOptions = {},
  ) {
    this.files = options.files ?? nodeFs;
    this.schema = options.schema ?? SCHEMA;
    this.migrations = options.migrations ?? MIGRATIONS;
    this.target = path;
  }

  get backupPath(): string {
    return `${this.target}.bak`;
  }

  /** Where the file really is, behind links. */
  realPath(): string {
    this.findTarget();
    return this.target;
  }

  /** The stored document without its schema number, or undefined where there is no file. Throws StateFileError. */
  load(): JsonObject | undefined {
    let text: string;
    try {
      this.resolve();
      this.refuseOthers('read');
      text = this.files.readFileSync(this.target, 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw fromSystemError(error, 'read the state file', this.path, 'Nothing was changed.');
    }
    return this.read(text);
  }

  /** What tells the present version from others, or undefined where there is no file. */
  identity(): FileIdentity | undefined {
    try {
      const { ino, mtimeMs, size } = this.files.statSync(this.path);
      return { ino, mtimeMs, size };
    } catch {
      return undefined;
    }
  }

  /** Creates the folder where it is missing. Throws StateFileError. */
  prepareFolder(): void {
    const folder = dirname(this.placed());
    try {
      this.makeFolder(folder);
    } catch (error) {
      throw fromSystemError(error, 'create the folder of the state file', folder);
    }
  }

  /** Parents first. Node's own recursive mkdir never ends where a parent can't be made (as under /proc). */
  private makeFolder(folder: string): void {
    try {
      this.files.mkdirSync(folder, { mode: 0o700 });
    } catch (error) {
      const code = errorCode(error);
      if (code === 'EEXIST') return;
      if (code !== 'ENOENT' || dirname(folder) === folder || this.files.existsSync(dirname(folder))) throw error;
      this.makeFolder(dirname(folder));
      this.files.mkdirSync(folder, { mode: 0o700 });
    }
    syncFolder(this.files, dirname(folder));
  }

  /** Replaces the file. When it throws (StateFileError), the previous version is still in place. */
  save(document: JsonObject, how: SaveOptions = {}): void {
    this.replace(() => encodeBytes({ schema: this.schema, ...document }, this.memory), how);
  }

  /** Replaces the file by a text that is a document of one. Throws StateFileError. */
  install(text: string, how: SaveOptions = {}): void {
    this.findTarget();
    this.replace(() => [new TextEncoder().encode(text)], how);
  }

  /** Takes the file away; it stays as the backup. Throws StateFileError. */
  remove(): void {
    try {
      this.findTarget();
      this.keepBackup();
      this.files.rmSync(this.target, { force: true });
      syncFolder(this.files, dirname(this.target));
    } catch (error) {
      throw fromSystemError(error, 'remove the state file', this.path);
    }
  }

  private replace(encode: () => readonly Uint8Array[], { keepPrevious = true, replacing }: SaveOptions): void {
    const temporary = `${this.target}.tmp`;
    let isInPlace = false;
    try {
      this.refuseOthers('write');
      this.write(temporary, encode());
      replacing?.({ present: this.target, next: temporary });
      if (keepPrevious) this.keepBackup();
      this.files.renameSync(temporary, this.target);
      isInPlace = true;
      syncFolder(this.files, dirname(this.target));
    } catch (error) {
      if (!isInPlace) this.discard(temporary);
      throw fromSystemError(
        error,
        'write the state file',
        this.path,
        isInPlace
          ? 'This change is in the file, but may not outlive a power cut.'
          : 'This change was not saved; the state before it is untouched.',
      );
    }
  }

  private discard(temporary: string): void {
    try {
      this.files.rmSync(temporary, { force: true });
    } catch {
      // The message about the first failure matters more.
    }
  }

  private write(path: string, pieces: readonly Uint8Array[]): void {
    const fd = this.files.openSync(path, 'w', this.mode());
    try {
      for (const bytes of pieces) {
        for (let at = 0; at < bytes.length; ) at += this.files.writeSync(fd, bytes, at, bytes.length - at);
      }
      this.files.fsyncSync(fd);
    } finally {
      this.files.closeSync(fd);
    }
  }

  /** A new file is for its owner only: a cluster holds Secrets. */
  private mode(): number {
    try {
      return this.files.statSync(this.target).mode & 0o777;
    } catch {
      return 0o600;
    }
  }

  /** Gives the present version a second name; the first one never goes missing. */
  private keepBackup(): void {
    const fresh = `${this.backupPath}.new`;
    try {
      this.files.rmSync(fresh, { force: true });
      try {
        this.files.linkSync(this.target, fresh);
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return;
        this.files.copyFileSync(this.target, fresh);
      }
      this.files.renameSync(fresh, this.backupPath);
      // Of two names of one file a rename leaves both.
      this.files.rmSync(fresh, { force: true });
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }

  private findTarget(): void {
    try {
      this.resolve();
    } catch (error) {
      throw fromSystemError(error, 'write the state file', this.path, 'Nothing was changed.');
    }
  }

  private resolve(): void {
    try {
      this.target = this.files.realpathSync(this.path);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      this.target = this.behindLinks();
    }
  }

  /** Where the file is to be, as far as that can be found out. */
  private placed(): string {
    try {
      this.resolve();
    } catch {
      // Whoever reads or writes it says why.
    }
    return this.target;
  }

  /** Where links lead that lead nowhere yet. */
  private behindLinks(): string {
    let path = this.path;
    for (let link = this.linkAt(path); link !== undefined; link = this.linkAt(path))
      path = resolvePath(dirname(path), link);
    return path;
  }

  private linkAt(path: string): string | undefined {
    try {
      return this.files.readlinkSync(path);
    } catch (error) {
      if (['EINVAL', 'ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return undefined;
      throw error;
    }
  }

  /** A pipe or a device is never read: that may not end. @throws StateFileError */
  private refuseOthers(action: string): void {
    const stat = this.files.statSync(this.target, { throwIfNoEntry: false });
    if (!stat || stat.isFile() || stat.isDirectory()) return;
    throw new StateFileError(
      `cannot ${action} the state file ${this.path}: it is no ordinary file`,
      'Nothing was changed.\nName a file with --state FILE.',
    );
  }

  /** The document of a text, brought up to the present schema. Throws StateFileError. */
  read(text: string): JsonObject {
    let document: JsonObject;
    try {
      this.isEdited = !hasSum(text);
      document = openDocument(text, this.memory);
    } catch (error) {
      throw this.damaged(error instanceof Error ? error.message : String(error), error);
    }
    const { schema, ...rest } = document;
    if (typeof schema !== 'number' || !Number.isInteger(schema) || schema < 1) {
      throw this.damaged('it carries no schema number');
    }
    if (schema > this.schema) {
      throw new StateFileError(
        `the state file ${this.path} was written by a newer stsctl: it has schema ${schema}, this version reads up to ${this.schema}`,
        'Nothing was changed. Update stsctl, or use another file with --state FILE.',
      );
    }
    return this.migrate(rest, schema);
  }

  private migrate(document: JsonObject, from: number): JsonObject {
    let migrated = document;
    for (let schema = from; schema < this.schema; schema++) {
      const step = this.migrations[schema];
      if (!step) {
        throw new StateFileError(
          `the state file ${this.path} has schema ${from}, which this version of stsctl reads no longer`,
          'Nothing was changed. Use another file with --state FILE, or an older stsctl.',
        );
      }
      migrated = step(migrated);
    }
    return migrated;
  }

  /** The error of a file whose content makes no sense, or is another than was saved. Names the last good copy. */
  damaged(why: string, cause?: unknown): StateFileError {
    // A parser may quote what it found, line ends included.
    const message = `the state file ${this.path} is damaged: ${why.replaceAll('\n', ' ')}`;
    const edited =
      cause instanceof ChangedText
        ? '\nIf you edited it by hand, remove its line "sum": it is then taken as it is.'
        : '';
    return new StateFileError(message, `Nothing was changed. ${this.wayBack()}${edited}`, { cause });
  }

  private wayBack(): string {
    const restore = `To go back to it:\n  stsctl sim restore --state ${quoted(this.path)}`;
    try {
      const copy = decodeDocument(this.files.readFileSync(this.backupPath, 'utf8'));
      if (typeof copy.schema !== 'number' || copy.schema > this.schema) throw new Error('unusable');
      const saved = new Date(this.files.statSync(this.backupPath).mtimeMs).toISOString().replace(/\.\d+Z$/, 'Z');
      return `The last good copy is ${this.backupPath}, saved ${saved}. ${restore}`;
    } catch {
      if (this.hasVersions()) return `The last good copy is the newest of those that undo keeps. ${restore}`;
      return `There is no good copy beside it. To start anew, move it away:\n  mv ${quoted(this.path)} ${quoted(`${this.path}.damaged`)}`;
    }
  }

  /** Whether undo keeps versions of the file. */
  private hasVersions(): boolean {
    try {
      return this.files.readdirSync(`${this.path}.undo`).some((name) => /^(\d+\.json|pack-\d+)$/.test(name));
    } catch {
      return false;
    }
  }
}

/** As a shell takes it for one word. */
const quoted = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
