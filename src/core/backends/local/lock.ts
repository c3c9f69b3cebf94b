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
import { Turn } from './lock-turn';

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
const NOT_SAVED = 'This change was not saved; the state before it is untouched.';

let acquired = 0;

export class LockFile {
  private readonly files: LockFiles;
  private readonly judge: OwnerJudge;
  private readonly timeoutMs: number;
  private mine: Owner | undefined;
  private lastSign = 0;
  private swept = false;

  constructor(
    readonly path: string,
    private readonly host: HostPort,
    options: LockOptions = {},
  ) {
    this.files = options.files ?? nodeFs;
    this.timeoutMs = options.timeoutMs ?? TIMEOUT;
    this.judge = new OwnerJudge(host, this.files, options.staleMs ?? STALE);
  }

  /** Whether the last holder died, so that there may be something left of what it was doing. */
  succeeded = false;

  get held(): boolean {
    return this.mine !== undefined;
  }

  /**
   * Waits for the lock. Throws StateFileError naming the holder when the time is over: as long as others take it in turn, ten
   * times as long. Who has waited for seconds looks more often than who has just come, so that nobody is passed over for ever.
   */
  async acquire(): Promise<void> {
    const turn = new Turn(this.timeoutMs, this.host.pid);
    for (;;) {
      const holder = this.livingHolder() ?? this.tryAcquire();
      if (holder === undefined) return;
      if (turn.isOver(holder.token)) throw this.refusal(holder, turn.waited);
      await this.host.sleep(turn.next());
    }
  }

  /** Looks without writing anything: while many wait, that is most of what happens. */
  private livingHolder(): Owner | undefined {
    if (this.mine) return undefined;
    try {
      const holder = this.read(this.path);
      return holder && !this.judge.isDead(holder) ? holder : undefined;
    } catch (error) {
      throw fromSystemError(error, 'lock the state file with', this.path, 'Nothing was changed.');
    }
  }

  /** Takes the lock if it is free, or names the holder. */
  tryAcquire(): Owner | undefined {
    if (this.mine) return undefined;
    this.succeeded = false;
    const me = this.judge.describeMe(`${acquired++}`);
    const draft = `${this.path}.${this.host.pid}-${acquired}`;
    try {
      try {
        this.files.writeFileSync(draft, formatOwner(me), { mode: 0o600 });
        const holder = this.contend(draft, me);
        if (holder === undefined) {
          this.mine = me;
          this.lastSign = this.host.now();
          this.sweep();
        }
        return holder;
      } finally {
        this.discard(draft);
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
    let token: string | undefined;
    try {
      token = this.read(this.path)?.token;
    } catch (error) {
      throw fromSystemError(error, 'look at the lock', this.path, NOT_SAVED);
    }
    if (this.mine && token === this.mine.token) return;
    this.mine = undefined;
    throw new StateFileError(`the lock ${this.path} was lost to another process`, `${NOT_SAVED} Try again.`);
  }

  private contend(draft: string, me: Owner): Owner | undefined {
    for (;;) {
      if (this.createExclusively(draft, this.path, me)) return undefined;
      const holder = this.read(this.path);
      if (holder === undefined) continue;
      if (!this.judge.isDead(holder)) return holder;
      const answer = this.succeed(holder, draft, me);
      if (answer === undefined) this.succeeded = true;
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
    for (const path of line) this.discard(path);
    return undefined;
  }

  /** Whoever finds a name that could not be removed sees that its process is gone. */
  private discard(path: string): void {
    try {
      this.files.rmSync(path, { force: true });
    } catch {
      // Only a little room is lost.
    }
  }

  /** Takes away what processes that died were about to hold the lock with; once is enough. */
  private sweep(): void {
    if (this.swept) return;
    this.swept = true;
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

  private refusal(holder: Owner, waited: number): StateFileError {
    const who = holder.pid
      ? `process ${holder.pid}${holder.host === this.host.hostname ? '' : ` on ${holder.host}`}`
      : 'another process';
    return new StateFileError(
      `the state file is in use by ${who}: waited ${Math.round(waited / 1000)}s for ${this.path}`,
      `Nothing was changed. Try again when it has finished; if no such process runs, remove ${this.path}`,
    );
  }
}
