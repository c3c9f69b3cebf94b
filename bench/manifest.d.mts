export interface SetOptions {
  readonly claim?: boolean;
  readonly image?: string;
  /** A container that ends with 1 at once. */
  readonly crash?: boolean;
}
export function statefulSet(name: string, replicas: number, policy: string, options?: SetOptions): object;
