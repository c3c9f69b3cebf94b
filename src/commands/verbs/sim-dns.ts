/** `stsctl sim dns`. */
import { CommandError } from '../../core/client/errors';
import type { DnsRecord, RecordType } from '../../core/reports/dns';
import { plainOutput, printPlain, SIM_OUTPUT, simulation } from '../sim';
import { usageError } from '../targets';
import type { Verb } from '../verb';

const TYPES: readonly RecordType[] = ['A', 'SRV', 'PTR', 'CNAME'];
const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/;

export const verb: Verb = {
  usage: 'sim dns NAME [TYPE]',
  long:
    'Asks the DNS of the simulated cluster, as a pod of the namespace would: with its search domains. ' +
    'TYPE is A, SRV, PTR or CNAME; without it an address is looked up backwards and a name forwards. ' +
    'Fails when there is no answer.',
  examples: `# The address of a pod of a StatefulSet under its headless Service
stsctl sim dns web-0.nginx

# All pods behind the Service, from another namespace
stsctl sim dns nginx.default -n kube-system

# The ports of a Service
stsctl sim dns _web._tcp.nginx SRV

# The name of an address
stsctl sim dns 10.96.0.1`,
  flags: [SIM_OUTPUT],
  run: async (context) => {
    const output = plainOutput(context);
    const [name, written, ...more] = context.args;
    if (name === undefined || name === '' || more.length > 0)
      throw usageError(context, 'expected NAME and at most one TYPE');
    const wanted = written?.toUpperCase() ?? (ADDRESS.test(name) ? 'PTR' : 'A');
    const type = TYPES.find((candidate) => candidate === wanted);
    if (!type) throw new CommandError(`unknown type ${JSON.stringify(written)}: must be one of ${TYPES.join(', ')}`);
    const answer = await (await simulation(context)).dns(name, type, context.namespace);
    if (output) await printPlain(context, output, answer);
    else for (const record of [...answer.records, ...answer.additional]) context.io.out(line(record));
    if (answer.records.length > 0) return;
    const reason = answer.status === 'NXDOMAIN' ? 'NXDOMAIN' : `no ${type} record`;
    throw new CommandError(`can't resolve "${name}": ${reason}`);
  },
};

/** As in a zone file. */
const line = ({ name, ttl, type, value }: DnsRecord): string =>
  `${name}.\t${ttl}\tIN\t${type}\t${value}${type === 'A' ? '' : '.'}\n`;
