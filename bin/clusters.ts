/** Real clusters, as commands reach them. The backend for them loads with the first use. */
import type { ClusterPort } from '../src/commands/host';
import { STSCTL_VERSION } from '../src/commands/version';

export const CLUSTERS: ClusterPort = {
  locate: async (choice, first) => (await load()).locateCluster(choice, HOST, first),
  open: async (choice, onWarning) =>
    (await load()).openCluster({
      choice,
      host: HOST,
      userAgent: `stsctl/${STSCTL_VERSION} (${process.platform})`,
      onWarning,
    }),
  view: async (choice) => (await load()).viewKubeConfig(choice, HOST),
  edit: async (choice, change) => (await load()).editKubeConfig(choice, HOST, change),
};

const load = () => import('../src/core/backends/cluster');

const HOST = {
  now: () => Date.now(),
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  after: (ms: number, run: () => void) => {
    // Longer than a timer can wait is as good as never.
    const timer = setTimeout(run, Math.min(ms, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
  env: process.env,
};
