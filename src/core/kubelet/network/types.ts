/** The cluster's network as a program in a pod sees it. Types only. */
import type { IFileSystem } from 'just-bash';
import type { PodContainer } from '../../apiserver/container-runtime';
import type { DnsAnswer, RecordType } from '../../reports/dns';
import type { ImageModel } from '../catalogue/model';

/** A container that listens where somebody connected to. */
export interface Connection {
  readonly address: string;
  /** The port that the container listens on, after a Service has translated it. */
  readonly port: number;
  /** `http`, `redis`, `mysql`, `zookeeper`, or `tcp` where nothing more is known. */
  readonly protocol: string;
  readonly container: PodContainer;
  readonly model: ImageModel | undefined;
  /** Goes in: to its files, and to what it prints. */
  open(): Promise<Peer>;
}

/** The inside of a container that somebody talks to. */
export interface Peer {
  readonly fs: IFileSystem;
  /** A line that the container prints. */
  log(line: string): void;
}

export type Refusal = 'unknown host' | 'refused' | 'timeout';

export interface Network {
  /** The address of the cluster's DNS server. */
  readonly nameserver: string;
  /** Asks the cluster's DNS with the pod's search domains; a name that ends in a dot is taken as it is. */
  lookup(name: string, type: RecordType): DnsAnswer;
  /** The addresses of a host: an address itself, `localhost`, a name of /etc/hosts or of the cluster's DNS. */
  resolve(host: string): readonly string[];
  /** Who answers at that address and port now. */
  connect(host: string, port: number): Connection | Refusal;
  /** Whether an address answers to a ping. */
  reaches(address: string): boolean;
}
