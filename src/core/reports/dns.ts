/** What the cluster's DNS answers. */

export type RecordType = 'A' | 'SRV' | 'PTR' | 'CNAME';

export interface DnsRecord {
  /** Fully qualified, without the last dot. */
  readonly name: string;
  readonly type: RecordType;
  /** An address, a name, or `priority weight port target` of an SRV record. */
  readonly value: string;
  /** seconds */
  readonly ttl: number;
}

export interface DnsAnswer {
  readonly status: 'NOERROR' | 'NXDOMAIN';
  /** The fully qualified name that answered, after the search domains were tried. */
  readonly name: string;
  readonly records: readonly DnsRecord[];
  /** A records of the targets of SRV records. */
  readonly additional: readonly DnsRecord[];
}
