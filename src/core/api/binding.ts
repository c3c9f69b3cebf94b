/** What a Binding asks for: the assignment of a pod to a node. */

export interface BindingTarget {
  /** Of the pod; any where it is absent. */
  readonly uid?: string | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  /** `Node`, or nothing. */
  readonly kind?: string | undefined;
  readonly node?: string | undefined;
  readonly dryRun?: boolean | undefined;
}
