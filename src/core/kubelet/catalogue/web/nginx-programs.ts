/** The `nginx` program and what else lies in its image. */
import { fail, type Program, type ProgramContext, type ProgramResult } from '../../shell/program';
import { entrypoint } from '../image';
import { checkConfig, DEFAULT_CONFIG_PATH } from './nginx-config';

export async function nginxPrograms(version: string, isSmall: boolean): Promise<readonly Program[]> {
  const { busyboxClients, curl, getent } = await import('../../network/programs');
  return [program(version), entrypoint('nginx'), curl, getent, ...(isSmall ? busyboxClients() : [])];
}

const program = (version: string): Program => ({
  name: 'nginx',
  run: async (args, context) => {
    if (args.includes('-v')) return fail(`nginx version: nginx/${version}\n`, 0);
    if (args.includes('-V')) return fail(`nginx version: nginx/${version}\nTLS SNI support enabled\n`, 0);
    const unknown = args.find((arg, i) => arg.startsWith('-') && !/^-[tTqscgpe]$/.test(arg) && !isValue(args, i));
    if (unknown !== undefined) return fail(`nginx: invalid option: "${unknown.slice(1)}"\n`);
    const path = optionValue(args, '-c') ?? DEFAULT_CONFIG_PATH;
    const refused = await check(path, context);
    if (args.includes('-t') || args.includes('-T')) return refused ?? tested(path);
    const signal = optionValue(args, '-s');
    if (signal !== undefined) return refused ?? signalled(signal, context);
    if (refused) return refused;
    return context.runsOn();
  },
});

const isValue = (args: readonly string[], i: number): boolean => /^-[scgpe]$/.test(args[i - 1] ?? '');
const optionValue = (args: readonly string[], option: string): string | undefined => {
  const at = args.indexOf(option);
  return at < 0 ? undefined : args[at + 1];
};

const tested = (path: string): ProgramResult =>
  fail(`nginx: the configuration file ${path} syntax is ok\nnginx: configuration file ${path} test is successful\n`, 0);

async function check(path: string, { fs }: ProgramContext): Promise<ProgramResult | undefined> {
  const problem = await checkConfig(fs, path);
  if (problem === undefined) return undefined;
  return fail(`nginx: [emerg] ${problem}\nnginx: configuration file ${path} test failed\n`);
}

/** Every file is read anew for each request, so a reload has nothing left to do. */
async function signalled(signal: string, context: ProgramContext): Promise<ProgramResult> {
  const now = new Date(context.now()).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
  if (signal === 'reload' || signal === 'reopen') return fail(`${now} [notice] 42#42: signal process started\n`, 0);
  if (signal === 'stop' || signal === 'quit') {
    return fail('nginx: stopping it from inside is not simulated; delete the pod instead\n');
  }
  return fail(`nginx: invalid option: "-s ${signal}"\n`);
}
