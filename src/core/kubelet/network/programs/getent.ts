/** `getent hosts|ahosts NAME` and `host NAME`: short answers of the pod's resolver. */

import type { DnsRecord } from '../../../reports/dns';
import { isAddress } from '../../dns';
import { fail, ok, type Program, type ProgramContext, type ProgramResult } from '../../shell/program';

export const getent: Program = {
  name: 'getent',
  run: async ([database, ...names], context) => {
    if (database === undefined) return fail('getent: wrong number of arguments\n');
    if (database !== 'hosts' && database !== 'ahosts' && database !== 'ahostsv4') {
      return fail(`Unknown database: ${database}\n`);
    }
    const lines = names.flatMap((name) => entries(database, name, context));
    if (lines.length > 0) return ok(`${lines.join('\n')}\n`);
    context.networkFailed();
    return { stdout: '', stderr: '', exitCode: 2 };
  },
};

/** Columns as in glibc: addresses 15 wide and a space. */
function entries(database: string, name: string, { network }: ProgramContext): readonly string[] {
  if (isAddress(name)) {
    const known = network.lookup(name, 'PTR').records.map(({ value }) => value);
    return known.length > 0 ? [`${name.padEnd(15)} ${known.join(' ')}`] : [];
  }
  const full = network.lookup(name, 'A').records.at(-1)?.name ?? name;
  const addresses = network.resolve(name);
  if (database === 'hosts') return addresses.map((address) => `${address.padEnd(15)} ${full}`);
  return addresses.flatMap((address, i) => [
    `${address.padEnd(15)} STREAM ${i === 0 ? full : ''}`,
    `${address.padEnd(15)} DGRAM  `,
    `${address.padEnd(15)} RAW    `,
  ]);
}

export const host: Program = {
  name: 'host',
  run: async (args, context) => {
    const at = args.indexOf('-t');
    const type = at < 0 ? undefined : args[at + 1]?.toUpperCase();
    const name = args.find((arg, i) => !arg.startsWith('-') && (at < 0 || i !== at + 1));
    if (name === undefined) return fail('Usage: host [-t type] name\n');
    const wanted = type ?? (isAddress(name) ? 'PTR' : 'A');
    if (wanted !== 'A' && wanted !== 'PTR' && wanted !== 'SRV' && wanted !== 'CNAME') {
      return fail(`host: the type ${wanted} is not simulated\n`);
    }
    const answer = context.network.lookup(name, wanted);
    if (answer.records.length > 0) return ok(answer.records.map(sentence).join(''));
    context.networkFailed();
    if (answer.status === 'NOERROR') return ok(`${answer.name} has no ${wanted} record\n`);
    return { stdout: `Host ${name} not found: 3(NXDOMAIN)\n`, stderr: '', exitCode: 1 } satisfies ProgramResult;
  },
};

function sentence({ name, type, value }: DnsRecord): string {
  if (type === 'A') return `${name} has address ${value}\n`;
  if (type === 'PTR') return `${name} domain name pointer ${value}.\n`;
  if (type === 'SRV') return `${name} has SRV record ${value}.\n`;
  return `${name} is an alias for ${value}.\n`;
}
