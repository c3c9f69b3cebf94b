/** Which Kubernetes stsctl behaves like. */
export const KUBERNETES_VERSION = 'v1.36.2';
/** The kustomize that kubectl of this version carries; kubectl tells it, so do we. */
export const KUSTOMIZE_VERSION = 'v5.8.1';
/** Ours: the one of package.json. */
export const STSCTL_VERSION = '0.1.0';

/** The version as an object, as the API's `/version` and `version -o json` show it. */
export function versionInfo(): Readonly<Record<string, string>> {
  const [major = '', minor = ''] = KUBERNETES_VERSION.slice(1).split('.');
  return { major, minor, gitVersion: KUBERNETES_VERSION };
}
