/** Which Kubernetes stsctl behaves like. */
export const KUBERNETES_VERSION = 'v1.36.2';
