/** `dig`: DNS answers in BIND's presentation. */

import type { DnsAnswer, DnsRecord, RecordType } from '../../../reports/dns';
import { reverseName } from '../../dns';
import { fail, ok, type Program, type ProgramContext, type ProgramResult } from '../../shell/program';

const TYPES: readonly string[] = ['A', 'AAAA', 'SRV', 'PTR', 'CNAME', 'ANY', 'TXT', 'NS', 'SOA', 'MX'];

interface Question {
  readonly name: string;
  readonly type: string;
  readonly isShort: boolean;
  readonly searches: boolean;
  /** `+noall +answer`. */
  readonly answerOnly: boolean;
  readonly server: string | undefined;
}

export const dig: Program = {
  name: 'dig',
  run: async (args, context) => {
    const question = read(args);
    if (typeof question === 'string') return fail(question);
    const server = question.server === undefined ? context.network.nameserver : address(question.server, context);
    if (server === undefined) {
      context.networkFailed();
      return fail(`dig: couldn't get address for '${question.server}': not found\n`, 10);
    }
    if (server !== context.network.nameserver) return timedOut(question, server, context);
    return report(question, server, context);
  },
};

const address = (server: string, { network }: ProgramContext): string | undefined => network.resolve(server)[0];

function read(args: readonly string[]): Question | string {
  const flags = new Set<string>();
  let [name, type, server]: (string | undefined)[] = [undefined, undefined, undefined];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    const upper = arg.toUpperCase();
    if (arg.startsWith('+')) flags.add(arg.slice(1));
    else if (arg.startsWith('@')) server = arg.slice(1);
    else if (arg === '-x') {
      name = reverseName(args[++i] ?? '');
      type = 'PTR';
    } else if (arg === '-t') type = args[++i]?.toUpperCase();
    else if (arg === '-q') name = args[++i];
    else if (arg === '-p') i++;
    else if (arg === '-4' || upper === 'IN') continue;
    else if (arg.startsWith('-')) return `Invalid option: ${arg}\nUsage:  dig [@server] [name] [type] [+option ...]\n`;
    else if (TYPES.includes(upper)) type = upper;
    else if (name === undefined) name = arg;
    else return `dig: the simulated dig answers one question at a time, not ${arg} too\n`;
  }
  if (name === undefined) return 'dig: name what to look up; the root servers are not simulated\n';
  const wanted = type ?? 'A';
  if (!TYPES.includes(wanted)) return `;; Warning, ignoring invalid type ${wanted}\n`;
  return {
    name,
    type: wanted,
    isShort: flags.has('short'),
    searches: flags.has('search'),
    answerOnly: flags.has('noall') && flags.has('answer'),
    server,
  };
}

async function timedOut(question: Question, server: string, context: ProgramContext): Promise<ProgramResult> {
  await context.sleep(15_000);
  context.networkFailed();
  const head = question.isShort ? '' : banner(question);
  return {
    stdout: `${head};; communications error to ${server}#53: timed out\n;; no servers could be reached\n`,
    stderr: '',
    exitCode: 9,
  };
}

const banner = ({ name, type }: Question): string =>
  `\n; <<>> DiG 9.18 <<>> ${name}${type === 'A' ? '' : ` ${type}`}\n;; global options: +cmd\n`;

/** Without +search a name is taken as it is. */
function ask({ name, type, searches }: Question, { network }: ProgramContext): DnsAnswer {
  const known = (['A', 'SRV', 'PTR', 'CNAME'] as const).find(
    (candidate): candidate is RecordType => candidate === type,
  );
  const question = searches || known === 'PTR' ? name : `${name.replace(/\.$/, '')}.`;
  const answer = network.lookup(question, known ?? 'A');
  if (known || type === 'ANY') return answer;
  return { ...answer, records: answer.records.filter((record) => record.type === 'CNAME'), additional: [] };
}

function report(question: Question, server: string, context: ProgramContext): ProgramResult {
  const answer = ask(question, context);
  if (answer.records.length === 0) context.networkFailed();
  if (question.isShort) return ok(answer.records.map((record) => `${shownValue(record)}\n`).join(''));
  const rows = answer.records.map(row);
  if (question.answerOnly) return ok(rows.join(''));
  const id = identifier(answer.name + question.type);
  const { records, additional } = answer;
  const parts = [
    banner(question),
    ';; Got answer:\n',
    `;; ->>HEADER<<- opcode: QUERY, status: ${answer.status}, id: ${id}\n`,
    `;; flags: qr aa rd; QUERY: 1, ANSWER: ${records.length}, AUTHORITY: ${records.length > 0 ? 0 : 1}, ` +
      `ADDITIONAL: ${additional.length + 1}\n`,
    ';; WARNING: recursion requested but not available\n\n',
    ';; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: 1232\n',
    `;; QUESTION SECTION:\n;${answer.name}.\t\tIN\t${question.type}\n\n`,
    ...(rows.length > 0
      ? [`;; ANSWER SECTION:\n${rows.join('')}\n`]
      : [`;; AUTHORITY SECTION:\n${authority(context)}\n`]),
    ...(additional.length > 0 ? [`;; ADDITIONAL SECTION:\n${additional.map(row).join('')}\n`] : []),
    `;; Query time: 0 msec\n;; SERVER: ${server}#53(${server}) (UDP)\n;; WHEN: ${when(context.now())}\n`,
    `;; MSG SIZE  rcvd: ${size(answer)}\n\n`,
  ];
  return ok(parts.join(''));
}

/** Names end in a dot where they are values. */
const shownValue = ({ type, value }: DnsRecord): string => (type === 'A' ? value : `${value}.`);
const row = (record: DnsRecord): string =>
  `${record.name}.\t${record.ttl}\tIN\t${record.type}\t${shownValue(record)}\n`;

const authority = (context: ProgramContext): string =>
  `cluster.local.\t\t30\tIN\tSOA\tns.dns.cluster.local. hostmaster.cluster.local. ${Math.floor(context.now() / 1000)} 7200 1800 86400 30\n`;

/** Message ids are random; here the same question has the same one. */
function identifier(text: string): number {
  let hash = 7;
  for (const character of text) hash = (hash * 31 + character.charCodeAt(0)) % 65_536;
  return hash;
}

/** bytes of such an answer, names written in full */
const size = ({ name, records, additional }: DnsAnswer): number =>
  12 + name.length + 6 + 11 + [...records, ...additional].reduce((sum, { value }) => sum + 16 + value.length, 0);

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function when(ms: number): string {
  const date = new Date(ms);
  const time = date.toISOString().slice(11, 19);
  const day = String(date.getUTCDate()).padStart(2, '0');
  return `${WEEKDAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${day} ${time} UTC ${date.getUTCFullYear()}`;
}
