/** `ping`: a running pod or a node answers, a Service's address and everything else is silent. */
import { fail, type Program, type ProgramContext, type ProgramResult } from '../../shell/program';
import { readOptions } from './options';

export type PingStyle = 'busybox' | 'iputils';

/** Without -c ping goes on for ever; so many are shown. */
const SHOWN = 4;
const BYTES = 56;
/** Round trips, ms: the network is not simulated, so they are always the same. */
const TIMES = ['0.078', '0.064', '0.061', '0.066'];

export const ping = (style: PingStyle): Program => ({
  name: 'ping',
  run: async (args, context) => {
    const options = readOptions(args, { flags: '46qnAv', values: 'cisWwIt' });
    if (options.unknown) return fail(`ping: invalid option -- '${options.unknown.slice(1)}'\n`, usageCode(style));
    if (options.incomplete) return fail(`ping: option requires an argument -- '${options.incomplete.slice(1)}'\n`, 1);
    const [name] = options.rest;
    if (name === undefined) return fail('ping: usage error: Destination address required\n', usageCode(style));
    const count = options.value('c');
    if (count !== undefined && !/^[1-9]\d{0,5}$/.test(count)) return fail(`ping: invalid number '${count}'\n`, 1);
    const [address] = context.network.resolve(name);
    if (address === undefined) {
      context.networkFailed();
      return style === 'busybox'
        ? fail(`ping: bad address '${name}'\n`)
        : fail(`ping: ${name}: Name or service not known\n`, 2);
    }
    return talk({ style, name, address, count: count === undefined ? undefined : Number(count), options }, context);
  },
});

const usageCode = (style: PingStyle): number => (style === 'busybox' ? 1 : 2);

interface Talk {
  readonly style: PingStyle;
  readonly name: string;
  readonly address: string;
  readonly count: number | undefined;
  readonly options: ReturnType<typeof readOptions>;
}

async function talk({ style, name, address, count, options }: Talk, context: ProgramContext): Promise<ProgramResult> {
  const sent = count ?? SHOWN;
  const interval = Number(options.value('i') ?? 1) * 1000;
  const deadline = Number(options.value('w') ?? Number.POSITIVE_INFINITY) * 1000;
  const wait = Number(options.value('W') ?? 10) * 1000;
  const peer = style === 'busybox' ? '' : await named(address, context);
  context.print(
    style === 'busybox'
      ? `PING ${name} (${address}): ${BYTES} data bytes\n`
      : `PING ${peer || name} (${address}) ${BYTES}(${BYTES + 28}) bytes of data.\n`,
  );
  const begun = context.now();
  let received = 0;
  let tried = 0;
  for (let i = 0; i < sent; i++) {
    if (i > 0) await context.sleep(interval);
    if (context.now() - begun >= deadline) break;
    tried++;
    if (!context.network.reaches(address)) continue;
    received++;
    const seq = style === 'busybox' ? `seq=${i}` : `icmp_seq=${i + 1}`;
    const from = peer ? `${peer} (${address})` : address;
    if (!options.has('q')) context.print(`64 bytes from ${from}: ${seq} ttl=64 time=${timeOf(i)} ms\n`);
  }
  if (count === undefined && received > 0) return context.runsOn();
  if (received < tried) {
    await context.sleep(Math.min(wait, Math.max(0, deadline - (context.now() - begun))));
    context.networkFailed();
  }
  const took = context.now() - begun;
  return { stdout: summary({ style, name, tried, received, took }), stderr: '', exitCode: received > 0 ? 0 : 1 };
}

const timeOf = (i: number): string => TIMES[i % TIMES.length] ?? '';

async function named(address: string, { network }: ProgramContext): Promise<string> {
  return network.lookup(address, 'PTR').records[0]?.value ?? '';
}

function summary(result: {
  readonly style: PingStyle;
  readonly name: string;
  readonly tried: number;
  readonly received: number;
  readonly took: number;
}): string {
  const { style, name, tried, received, took } = result;
  const lost = tried === 0 ? 0 : Math.round(((tried - received) * 100) / tried);
  const head = `\n--- ${name} ping statistics ---\n`;
  const times = Array.from({ length: received }, (_, i) => Number(timeOf(i)));
  const [min, max] = [Math.min(...times), Math.max(...times)];
  const mean = times.reduce((sum, time) => sum + time, 0) / Math.max(1, received);
  const numbers = [min, mean, max].map((time) => time.toFixed(3)).join('/');
  if (style === 'busybox') {
    const line = `${tried} packets transmitted, ${received} packets received, ${lost}% packet loss\n`;
    return head + line + (received > 0 ? `round-trip min/avg/max = ${numbers} ms\n` : '');
  }
  const line = `${tried} packets transmitted, ${received} received, ${lost}% packet loss, time ${took}ms\n`;
  return head + line + (received > 0 ? `rtt min/avg/max/mdev = ${numbers}/0.005 ms\n` : '\n');
}
