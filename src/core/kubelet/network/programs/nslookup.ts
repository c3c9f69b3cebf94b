/** `nslookup`: in the words of old busybox (to 1.28), of newer busybox, and of BIND. */

import type { DnsRecord, RecordType } from '../../../reports/dns';
import { isAddress } from '../../dns';
import { fail, type Program, type ProgramContext, type ProgramResult } from '../../shell/program';

export type NslookupStyle = 'old busybox' | 'busybox' | 'bind';

/**
 * Newer busybox itself asks for a name with dots only as it is written. Here the pod's search domains are always tried, as by
 * every other program of the pod.
 */
export const nslookup = (style: NslookupStyle): Program => ({
  name: 'nslookup',
  run: async (args, context) => {
    const types = args.flatMap((arg) => /^-(?:query|type|querytype|q)=(.+)$/.exec(arg)?.[1]?.toUpperCase() ?? []);
    const [name, server] = args.filter((arg) => !arg.startsWith('-'));
    if (name === undefined) return usage(style);
    const used = server === undefined ? context.network.nameserver : context.network.resolve(server)[0];
    if (used === undefined) return unreachable(context, `can't resolve '${server}'`);
    if (used !== context.network.nameserver) return timedOut(style, context, used);
    const type = types[0] ?? (isAddress(name) ? 'PTR' : 'A');
    return style === 'old busybox' ? old(name, context) : modern(style, name, type, context);
  },
});

const usage = (style: NslookupStyle): ProgramResult =>
  style === 'bind'
    ? fail('nslookup: the interactive mode is not simulated: name a host\n')
    : fail(
        'BusyBox multi-call binary.\n\nUsage: nslookup [HOST] [SERVER]\n\n' +
          'Query the nameserver for the IP address of the given HOST\noptionally using a specified DNS server\n',
      );

function unreachable(context: ProgramContext, reason: string): ProgramResult {
  context.networkFailed();
  return fail(`nslookup: ${reason}\n`);
}

/** Only the cluster's own DNS server answers; the world outside is not there. */
async function timedOut(style: NslookupStyle, context: ProgramContext, server: string): Promise<ProgramResult> {
  await context.sleep(style === 'bind' ? 15_000 : 10_000);
  context.networkFailed();
  if (style === 'old busybox') return fail(`${oldServer(context, server)}\nnslookup: can't resolve '(null)'\n`);
  return { stdout: ';; connection timed out; no servers could be reached\n\n', stderr: '', exitCode: 1 };
}

/** Each address with the name that it has, as getaddrinfo and getnameinfo give them. */
function old(name: string, context: ProgramContext): ProgramResult {
  const { network } = context;
  const header = `${oldServer(context, network.nameserver)}\n`;
  const addresses = network.resolve(name);
  if (addresses.length === 0) {
    context.networkFailed();
    return { stdout: header, stderr: `nslookup: can't resolve '${name}'\n`, exitCode: 1 };
  }
  const lines = addresses.map((address, i) => `Address ${i + 1}: ${address}${named(context, address)}`);
  return { stdout: `${header}Name:      ${name}\n${lines.join('\n')}\n`, stderr: '', exitCode: 0 };
}

const oldServer = (context: ProgramContext, server: string): string =>
  `Server:    ${server}\nAddress 1: ${server}${named(context, server)}\n`;

function named({ network }: ProgramContext, address: string): string {
  const name = network.lookup(address, 'PTR').records[0]?.value;
  return name === undefined ? '' : ` ${name}`;
}

const TYPES: readonly string[] = ['A', 'SRV', 'PTR', 'CNAME'];

function modern(style: NslookupStyle, name: string, type: string, context: ProgramContext): ProgramResult {
  const { network } = context;
  const port = style === 'bind' ? '#' : ':';
  const header = `Server:\t\t${network.nameserver}\nAddress:\t${network.nameserver}${port}53\n\n`;
  const known = TYPES.find((candidate): candidate is RecordType => candidate === type);
  const answer = network.lookup(name, known ?? 'A');
  if (answer.status === 'NXDOMAIN') {
    context.networkFailed();
    const line = `** server can't find ${name}: NXDOMAIN\n\n`;
    const twice = style === 'busybox' && type === 'A';
    return { stdout: header + line + (twice ? line : ''), stderr: '', exitCode: 1 };
  }
  const lines = known ? answer.records.flatMap((record) => shown(record, style)) : [];
  if (lines.length === 0) {
    context.networkFailed();
    return { stdout: `${header}*** Can't find ${name}: No answer\n\n`, stderr: '', exitCode: 1 };
  }
  const end = style === 'busybox' && type === 'A' ? '\n\n' : '\n';
  return { stdout: `${header}${lines.join('\n')}\n${end}`, stderr: '', exitCode: 0 };
}

function shown({ name, type, value }: DnsRecord, style: NslookupStyle): readonly string[] {
  const dot = style === 'bind' ? '.' : '';
  switch (type) {
    case 'A':
      return [`Name:\t${name}`, `Address: ${value}`];
    case 'CNAME':
      return [`${name}\tcanonical name = ${value}${dot}`];
    case 'PTR':
      return [`${name}\tname = ${value}${dot}`];
    case 'SRV':
      return [`${name}\tservice = ${value}${dot}`];
  }
}
