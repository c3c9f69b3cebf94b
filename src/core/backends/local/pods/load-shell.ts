/** Loads the shell where something is to be run. The build keeps it in a file of its own: see scripts/build.mjs. */
export const loadShell = () => import('../../../kubelet/shell');
export type Shell = Awaited<ReturnType<typeof loadShell>>;
