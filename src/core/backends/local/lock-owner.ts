/** Who holds a lock, and whether that process is still there. */
import { errorCode } from './errors';
import type { HostPort } from './host';
import type { LockFiles } from './lock';

export interface Owner {
  /** Never used twice; fit for a file name. */
  readonly token: string;
  /** 0 when the lock does not say. */
  readonly pid: number;
  /** When the process began, in the kernel's own count; empty where that is unknown. */
  readonly start: string;
  readonly host: string;
  /** The process-number space (a container has its own); empty where that is unknown. */
  readonly space: string;
  /** Last sign of life, ms since 1970. */
  readonly seen: number;
}

export function formatOwner({ token, pid, start, host, space }: Owner): string {
  return `${JSON.stringify({ pid, host, start, space, token })}\n`;
}

/** A lock without readable content is somebody's whom only its age can judge. */
export function parseOwner(text: string, mtimeMs: number, ino: number): Owner {
  const unknown = {
    token: `unknown-${ino}-${Math.trunc(mtimeMs)}`,
    pid: 0,
    start: '',
    host: '',
    space: '',
    seen: mtimeMs,
  };
  try {
    const { token, pid, start, host, space } = JSON.parse(text);
    if (typeof token !== 'string' || !/^[\w.-]{1,200}$/.test(token) || !Number.isInteger(pid)) return unknown;
    return { token, pid, start: String(start), host: String(host), space: String(space), seen: mtimeMs };
  } catch {
    return unknown;
  }
}

export class OwnerJudge {
  private space: string | undefined;

  constructor(
    private readonly host: HostPort,
    private readonly files: LockFiles,
    private readonly staleMs: number,
  ) {}

  /** This process as an owner; `nonce` differs for every lock that the process takes. */
  describeMe(nonce: string): Owner {
    const { pid, hostname } = this.host;
    const now = this.host.now();
    const start = this.startOf(pid) ?? '';
    const token = `${pid}-${start}-${now.toString(36)}-${nonce}`;
    return { token, pid, start, host: hostname, space: this.mySpace(), seen: now };
  }

  /**
   * On this machine: the process is gone, or its number belongs to a later process. On another machine (or in another
   * container): no sign of life for too long.
   */
  isDead(owner: Owner): boolean {
    const age = this.host.now() - owner.seen;
    // Nobody needs long to say who he is: what is from another time is left from before the clock was set.
    if (owner.pid === 0) return Math.abs(age) > this.staleMs;
    if (owner.host !== this.host.hostname || owner.space !== this.mySpace()) {
      return age > this.staleMs;
    }
    if (!this.host.isAlive(owner.pid)) return true;
    const start = this.startOf(owner.pid);
    return owner.start !== '' && start !== undefined && start !== owner.start;
  }

  /** Field 22 of /proc/PID/stat; the command's name before it may contain anything. */
  private startOf(pid: number): string | undefined {
    try {
      const stat = this.files.readFileSync(`/proc/${pid}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      return undefined;
    }
  }

  private mySpace(): string {
    if (this.space === undefined) {
      try {
        this.space = this.files.readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
      } catch {
        this.space = '';
      }
    }
    return this.space;
  }
}
