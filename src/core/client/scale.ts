/** Changing the number of replicas through the scale subresource, with preconditions (as kubectl's GenericScaler). */
import { isConflict } from '../api/status';
import type { KubeObject, Manifest } from '../api/types';
import type { Backend } from './backend';
import type { Info } from './builder';
import { CommandError } from './errors';
import { until } from './watching';

export interface ScaleOptions {
  readonly replicas: number;
  /** The number of replicas there must be now; undefined for any. */
  readonly currentReplicas?: number;
  readonly resourceVersion?: string;
  readonly dryRun: boolean;
  /** Wait so many ms for the new number; undefined does not wait. */
  readonly waitMs?: number;
  beforeWait?(): Promise<void>;
}

const RETRIES = 5;

/** @throws CommandError when a precondition fails, ApiError for kinds that cannot be scaled */
export async function scaleObject(backend: Backend, info: Info, options: ScaleOptions): Promise<void> {
  const conditional = options.currentReplicas !== undefined || options.resourceVersion !== undefined;
  if (conditional) await scaleIf(backend, info, options);
  else
    await backend.patch(
      info.resource,
      info.namespace,
      info.name,
      'merge',
      { spec: { replicas: options.replicas } },
      { subresource: 'scale', dryRun: options.dryRun },
    );
  if (options.waitMs !== undefined) await waitForReplicas(backend, info, options, options.waitMs);
}

async function scaleIf(backend: Backend, info: Info, options: ScaleOptions): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const scale = await backend.get(info.resource, info.namespace, info.name, { subresource: 'scale' });
    const now = replicasOf(scale, 'spec');
    if (options.currentReplicas !== undefined && now !== options.currentReplicas)
      throw new CommandError(`Expected replicas to be ${options.currentReplicas}, was ${now}`);
    const version = scale.metadata.resourceVersion;
    if (options.resourceVersion !== undefined && version !== options.resourceVersion)
      throw new CommandError(`Expected resource version to be ${options.resourceVersion}, was ${version}`);
    const wanted: Manifest = { ...scale, spec: { replicas: options.replicas } };
    try {
      await backend.update(info.resource, info.namespace, wanted, { subresource: 'scale', dryRun: options.dryRun });
      return;
    } catch (e) {
      if (!isConflict(e) || options.resourceVersion !== undefined || attempt >= RETRIES) throw e;
    }
  }
}

async function waitForReplicas(backend: Backend, info: Info, options: ScaleOptions, waitMs: number): Promise<void> {
  const deadline = (await backend.now()) + waitMs;
  const waiting = { deadline, ...(options.beforeWait && { beforeWait: options.beforeWait }) };
  const ended = await until(
    backend,
    info,
    waiting,
    (object) =>
      object !== undefined &&
      replicasOf(object, 'spec') === options.replicas &&
      replicasOf(object, 'status') === options.replicas,
  );
  if (ended === 'timeout') throw new CommandError('timed out waiting for the condition');
}

function replicasOf(object: KubeObject, part: 'spec' | 'status'): number {
  const value = object[part];
  const replicas = typeof value === 'object' && value !== null && 'replicas' in value ? value.replicas : undefined;
  return typeof replicas === 'number' ? replicas : 0;
}
