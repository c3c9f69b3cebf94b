/**
 * The lock beside the state file: `<name>.lock`, created exclusively, naming its holder. A holder that died is succeeded
 * by exactly one process.
 *
 * Succession: a dead holder's lock stays where it is. Who wants to succeed the holder with token T creates
 * `<name>.lock.after-T` exclusively; only one can. It then replaces the lock by its own in one rename and removes the
 * `after` files. Should it die in between, its own token is succeeded in the same way. Whoever created an `after` file
 * looks at the lock once more: if T is gone, the succession is over and the file is taken back.
 */
import * as nodeFs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode, fromSystemError, StateFileError } from './errors';
import type { HostPort } from './host';
import { formatOwner, type Owner, OwnerJudge, parseOwner } from './lock-owner';

export type LockFiles = Pick<
  typeof nodeFs,
  | 'linkSync'
  | 'lstatSync'
  | 'readdirSync'
  | 'readFileSync'
  | 'readlinkSync'
  | 'renameSync'
  | 'rmSync'
  | 'utimesSync'
  | 'writeFileSync'
>;

export interface LockOptions {
  /** How long to wait for another holder, ms. */
  readonly timeoutMs?: number;
  /** When a holder on another machine that gave no sign counts as dead, ms. */
  readonly staleMs?: number;
  readonly files?: LockFiles;
}

const TIMEOUT = 30_000;
const STALE = 60_000;
const HEARTBEAT = 5_000;
/** Errors of file systems without hard links. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

let acquired = 0;

export class LockFile {
  private readonly files: LockFiles;
  private readonly judge: OwnerJudge;
  private readonly timeoutMs: number;
  private mine: Owner | undefined;
  private lastSign = 0;

  constructor(
    readonly path: string,
    private readonly host: HostPort,
    options: LockOptions = {},
  ) {
    this.files = options.files ?? nodeFs;
    this.timeoutMs = options.timeoutMs ?? TIMEOUT;
    this.judge = new OwnerJudge(host, this.files, options.staleMs ?? STALE);
  }

  get held(): boolean {
    return this.mine !== undefined;
  }

  /** Waits for the lock with back-off. Throws StateFileError naming the holder when the time is over. */
  async acquire(): Promise<void> {
    let slept = 0;
    let pause = 1 + (this.host.pid % 4);
    for (;;) {
      const holder = this.tryAcquire();
      if (holder === undefined) return;
      if (slept >= this.timeoutMs) throw this.refusal(holder);
      await this.host.sleep(pause);
      slept += pause;
      pause = Math.min(pause * 1.6, 40 + (this.host.pid % 20));
    }
  }

  /** Takes the lock if it is free, or names the holder. */
  tryAcquire(): Owner | undefined {
    if (this.mine) return undefined;
    const me = this.judge.describeMe(`${acquired++}`);
    const draft = `${this.path}.${this.host.pid}-${acquired}`;
    try {
      this.files.writeFileSync(draft, formatOwner(me), { mode: 0o600 });
      try {
        const holder = this.contend(draft, me);
        if (holder === undefined) {
          this.mine = me;
          this.lastSign = this.host.now();
        }
        return holder;
      } finally {
        this.files.rmSync(draft, { force: true });
      }
    } catch (error) {
      throw fromSystemError(error, 'lock the state file with', this.path, 'Nothing was changed.');
    }
  }

  /** Frees the lock if it is still ours. */
  release(): void {
    const mine = this.mine;
    this.mine = undefined;
    if (!mine) return;
    try {
      if (this.read(this.path)?.token === mine.token) this.files.rmSync(this.path, { force: true });
    } catch {
      // A lock that cannot be removed is recognised as dead once this process ends.
    }
  }

  /** Tells other machines that the holder lives; cheap enough to call with every operation. */
  heartbeat(): void {
    const now = this.host.now();
    if (!this.mine || now - this.lastSign < HEARTBEAT) return;
    this.lastSign = now;
    try {
      this.files.utimesSync(this.path, now / 1000, now / 1000);
    } catch {
      // Only the lock's age suffers; verify() decides whether it is still ours.
    }
  }

  /** Throws StateFileError when another machine has taken the lock over meanwhile. */
  verify(): void {
    if (this.mine && this.read(this.path)?.token === this.mine.token) return;
    this.mine = undefined;
    throw new StateFileError(
      `the lock ${this.path} was lost to another process`,
      'This change was not saved; the state before it is untouched. Try again.',
    );
  }

  private contend(draft: string, me: Owner): Owner | undefined {
    for (;;) {
      if (this.createExclusively(draft, this.path, me)) return undefined;
      const holder = this.read(this.path);
      if (holder === undefined) continue;
      if (!this.judge.isDead(holder)) return holder;
      const answer = this.succeed(holder, draft, me);
      if (answer !== 'over') return answer;
    }
  }

  /** undefined: the lock is ours. An owner: that one comes first. 'over': somebody finished meanwhile; look again. */
  private succeed(dead: Owner, draft: string, me: Owner): Owner | undefined | 'over' {
    const line = [this.afterPath(dead)];
    while (!this.createExclusively(draft, line[line.length - 1], me)) {
      const heir = this.read(line[line.length - 1]);
      if (heir === undefined) return 'over';
      if (!this.judge.isDead(heir)) return heir;
      line.push(this.afterPath(heir));
    }
    if (this.read(this.path)?.token !== dead.token) {
      this.files.rmSync(line[line.length - 1], { force: true });
      return 'over';
    }
    this.files.writeFileSync(`${draft}.next`, formatOwner(me), { mode: 0o600 });
    this.files.renameSync(`${draft}.next`, this.path);
    for (const path of line) this.files.rmSync(path, { force: true });
    this.sweep();
    return undefined;
  }

  /** Where a process died, others may have: takes away what they were about to hold the lock with. */
  private sweep(): void {
    try {
      const prefix = `${basename(this.path)}.`;
      for (const name of this.files.readdirSync(dirname(this.path))) {
        if (!name.startsWith(prefix) || !/^\d+-\d+(\.next)?$/.test(name.slice(prefix.length))) continue;
        if (name.startsWith(`${prefix}${this.host.pid}-`)) continue;
        const path = join(dirname(this.path), name);
        const owner = this.read(path);
        if (owner && this.judge.isDead(owner)) this.files.rmSync(path, { force: true });
      }
    } catch {
      // Only a little room is lost.
    }
  }

  private afterPath(owner: Owner): string {
    return `${this.path}.after-${owner.token}`;
  }

  /** Creates `path` with the draft's content in one step. False when it exists. */
  private createExclusively(draft: string, path: string, me: Owner): boolean {
    try {
      this.files.linkSync(draft, path);
      return true;
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false;
      if (!NO_LINKS.has(errorCode(error) ?? '')) throw error;
    }
    try {
      // Without hard links the content follows a moment later; an empty lock is nobody's until it is old.
      this.files.writeFileSync(path, formatOwner(me), { flag: 'wx', mode: 0o600 });
      return this.read(path)?.token === me.token;
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false;
      throw error;
    }
  }

  private read(path: string): Owner | undefined {
    try {
      const text = this.files.readFileSync(path, 'utf8');
      const { mtimeMs, ino } = this.files.lstatSync(path);
      return parseOwner(text, mtimeMs, ino);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  private refusal(holder: Owner): StateFileError {
    const who = holder.pid
      ? `process ${holder.pid}${holder.host === this.host.hostname ? '' : ` on ${holder.host}`}`
      : 'another process';
    return new StateFileError(
      `the state file is in use by ${who}: waited ${Math.round(this.timeoutMs / 1000)}s for ${this.path}`,
      `Nothing was changed. Try again when it has finished; if no such process runs, remove ${this.path}`,
    );
  }
}
