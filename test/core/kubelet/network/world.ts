/** A virtual cluster whose pods can be entered, with short words for what goes into it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject, Manifest, Pod } from '../../../../src/core/api/types';
import { PodRuntime } from '../../../../src/core/backends/local/pods/runtime';
import { Cluster } from '../../../../src/core/simulation/cluster';

export const START = Date.UTC(2026, 0, 1);

export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | undefined;
}

export class World {
  readonly cluster = Cluster.create({ now: START, clock: 'virtual', seed: 0 });
  private readonly folder = mkdtempSync(join(tmpdir(), 'stsctl-world-'));
  readonly runtime = new PodRuntime(join(this.folder, 'state'));

  create(...manifests: readonly Manifest[]): this {
    for (const manifest of manifests) this.cluster.store.create<KubeObject>(manifest);
    this.cluster.settle();
    return this;
  }

  delete(resource: string, name: string): void {
    this.cluster.store.delete(resource, 'default', name, {});
    this.cluster.settle();
  }

  pod(name: string, namespace = 'default'): Pod {
    const pod = this.cluster.store.get<Pod>('pods', namespace, name);
    if (!pod) throw new Error(`no pod ${name}`);
    return pod;
  }

  /** Runs a command line in a pod, its output whole. */
  async run(
    pod: string,
    line: string,
    { stdin, namespace, env }: { stdin?: string; namespace?: string; env?: Record<string, string> } = {},
  ): Promise<Printed> {
    const streams = { stdout: '', stderr: '' };
    const found = this.pod(pod, namespace);
    const container = found.spec.containers[0]?.name ?? '';
    const decoder = { stdout: new TextDecoder(), stderr: new TextDecoder() };
    const outcome = await this.runtime.exec(this.cluster, found, container, 0, {
      line,
      daemon: false,
      ...(stdin !== undefined && { stdin }),
      ...(env && { env }),
      onOutput: (stream, bytes) => {
        streams[stream] += decoder[stream].decode(bytes, { stream: true });
      },
    });
    return { ...streams, code: outcome.exitCode };
  }

  async out(pod: string, line: string, options: Parameters<World['run']>[2] = {}): Promise<string> {
    return (await this.run(pod, line, options)).stdout;
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface PodWish {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly labels?: Record<string, string>;
  readonly spec?: object;
  readonly container?: object;
  readonly namespace?: string;
}

export const podManifest = (
  name: string,
  { image = 'busybox', command, ports, labels = {}, spec = {}, container = {}, namespace = 'default' }: PodWish = {},
): Manifest => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels },
  spec: {
    containers: [
      {
        name: 'c',
        image,
        ...(command && { command }),
        ...(ports && { ports }),
        ...container,
      },
    ],
    ...spec,
  },
});

export const serviceManifest = (name: string, spec: object = {}, namespace = 'default'): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec: { clusterIP: 'None', selector: { app: name }, ports: [{ name: 'web', port: 80 }], ...spec },
});

export const setManifest = (name: string, service: string, replicas: number, template: object): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name, namespace: 'default' },
  spec: {
    serviceName: service,
    replicas,
    selector: { matchLabels: { app: service } },
    template: { metadata: { labels: { app: service } }, spec: template },
  },
});
