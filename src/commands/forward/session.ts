/** A forwarding that goes on: each connection to this machine is joined to one to the pod, until one of them says it is over. */

import { isPodTerminal } from '../../core/api/pod';
import { ApiError } from '../../core/api/status';
import type { Pod } from '../../core/api/types';
import type { Backend } from '../../core/client/backend';
import { mapResource } from '../../core/client/builder';
import type { PortConnection, PortEars } from '../../core/client/container-backend';
import type { ForwardedPort } from '../../core/client/forward/ports';
import type { LocalConnection } from '../host';
import type { Io } from '../io';

export class Forwarding {
  /** Resolves when the pod can't be reached any more. */
  readonly lost: Promise<void>;
  private lose: () => void = () => {};
  private readonly open = new Set<PortConnection>();
  private isOver = false;

  constructor(
    private readonly backend: Backend,
    private readonly pod: Pod,
    private readonly io: Io,
  ) {
    this.lost = new Promise((resolve) => {
      this.lose = resolve;
    });
  }

  /** Joins a connection of this machine to the pod. */
  join(local: LocalConnection, port: ForwardedPort): void {
    this.io.out(`Handling connection for ${port.local}\n`);
    this.io.show();
    const early: (Uint8Array | 'end')[] = [];
    let remote: PortConnection | undefined;
    let isClosed = false;
    const tell = (bytes: Uint8Array | 'end'): void => {
      if (!remote) early.push(bytes);
      else if (bytes === 'end') remote.end();
      else remote.write(bytes);
    };
    local.hear({
      data: tell,
      end: () => tell('end'),
      closed: () => {
        isClosed = true;
        if (remote) this.open.delete(remote);
        remote?.close();
      },
    });
    const ears: PortEars = {
      data: (bytes) => local.write(bytes),
      end: (trouble) => {
        local.end();
        if (trouble === undefined || this.isOver) return;
        this.complain(`an error occurred forwarding ${port.local} -> ${port.remote}: ${trouble}`);
        this.lose();
      },
    };
    const { namespace = '', name } = this.pod.metadata;
    this.backend.forward(namespace, name, port.remote, ears).then(
      (connection) => {
        remote = connection;
        if (isClosed || this.isOver) return connection.close();
        this.open.add(connection);
        for (const bytes of early.splice(0)) tell(bytes);
      },
      async (error: unknown) => {
        local.destroy();
        if (this.isOver) return;
        const why = error instanceof ApiError ? error.status.message : error instanceof Error ? error.message : error;
        this.complain(`error creating forwarding stream for port ${port.local} -> ${port.remote}: ${why}`);
        if (!(await this.isThere())) this.lose();
      },
    );
  }

  /** Loses the pod when it has ended or another has taken its name; looked for only where looking lets no time pass. */
  async follow(): Promise<void> {
    const { metadata } = this.pod;
    const pods = await mapResource(this.backend, 'pods');
    while (!this.isOver) {
      for await (const { type, object } of this.backend.watch(pods, metadata.namespace, { name: metadata.name })) {
        if (this.isOver) return;
        if (type === 'DELETED' || !this.isSame(object as Pod)) return this.lose();
      }
      if (!(await this.isThere())) return this.lose();
    }
  }

  close(): void {
    this.isOver = true;
    for (const connection of this.open) connection.close();
  }

  private async isThere(): Promise<boolean> {
    const { namespace, name } = this.pod.metadata;
    const pods = await mapResource(this.backend, 'pods');
    try {
      return this.isSame((await this.backend.get(pods, namespace, name)) as Pod);
    } catch (error) {
      return !(error instanceof ApiError && error.reason === 'NotFound');
    }
  }

  private isSame = (found: Pod): boolean => found.metadata.uid === this.pod.metadata.uid && !isPodTerminal(found);

  private complain(text: string): void {
    this.io.err(`${text}\n`);
    this.io.show();
  }
}
