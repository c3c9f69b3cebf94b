import { hostname } from 'node:os';
import type { HostPort } from '../../../../src/core/backends/local/host';

/** The real operating system, as the launcher would hand it over. */
export function systemHost(): HostPort {
  return {
    now: () => Date.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    pid: process.pid,
    isAlive: (pid) => {
      try {
        process.kill(pid, 0);
        return true;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'EPERM';
      }
    },
    hostname: hostname(),
  };
}
