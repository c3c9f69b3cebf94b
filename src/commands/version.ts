/** Which Kubernetes stsctl behaves like. */
export const KUBERNETES_VERSION = 'v1.36.2';
/** The kustomize that kubectl of this version carries; kubectl tells it, so do we. */
export const KUSTOMIZE_VERSION = 'v5.8.1';
/** Ours: the one of package.json. */
export const STSCTL_VERSION = '0.1.0';

/**
 * What is told of a build, in the order of Kubernetes' own fields. There is no Go in it, and the same sources make the same program
 * at any time: those fields are empty, and the date is the one that Kubernetes gives where none is known.
 */
const buildOf = (platform: string): Readonly<Record<string, string>> => ({
  gitVersion: KUBERNETES_VERSION,
  gitCommit: '',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform,
});

const numbers = (): readonly [major: string, minor: string] => {
  const [major = '', minor = ''] = KUBERNETES_VERSION.slice(1).split('.');
  return [major, minor];
};

/** The client as `version -o json` shows it. @param platform as Go names it: `linux/amd64` */
export function clientVersion(platform: string): Readonly<Record<string, string>> {
  const [major, minor] = numbers();
  return { major, minor, ...buildOf(platform) };
}

/** The simulated cluster as the API's `/version` shows it: a server that also says which versions it stands for. */
export function serverVersion(platform: string): Readonly<Record<string, string>> {
  const [major, minor] = numbers();
  return {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
    ...buildOf(platform),
  };
}
