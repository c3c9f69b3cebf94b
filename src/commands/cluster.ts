/**
 * Which cluster a command talks to: the simulated one, unless a real one is named by --context, --kubeconfig, --cluster or
 * --server, or STSCTL_BACKEND says so. Nothing in between: what does not fit together is refused.
 */
import { CommandError } from '../core/client/errors';
import type { ClusterChoice } from '../core/client/remote';
import { CONNECTION_FLAGS } from './flags/connection';
import type { Flags } from './flags/spec';
import type { Host } from './host';
import { requestTimeout } from './request-timeout';

/** The simulated cluster, as `config get-contexts` lists it. */
export const LOCAL = 'local';

/** Those that name a cluster; the other flags only say how to talk to it. */
const CHOOSING = ['context', 'kubeconfig', 'cluster', 'server'];

/** The real cluster that was chosen; undefined for the simulated one. @throws CommandError for what contradicts itself */
export function chosenCluster(flags: Flags, env: Host['env']): ClusterChoice | undefined {
  const given = CONNECTION_FLAGS.filter((spec) => flags.means(spec) && flags.changed(spec.name)).map(
    ({ name }) => name,
  );
  const setting = env.STSCTL_BACKEND ?? '';
  if (!['', LOCAL, 'cluster'].includes(setting))
    throw new CommandError(`STSCTL_BACKEND is ${JSON.stringify(setting)}: expected local or cluster`);
  const isLocal = flags.string('context') === LOCAL && !flags.changed('kubeconfig');
  const isChosen = !isLocal && (setting === 'cluster' || CHOOSING.some((name) => wordOf(flags, name) !== ''));
  if (isChosen) {
    for (const name of ['state', 'feature-gates'])
      if (flags.changed(name))
        throw new CommandError(
          `--${name} is for the simulated cluster, and ${howChosen(flags)} chooses a real one: leave one of them out`,
        );
    return choiceOf(flags);
  }
  const stray = given.find((name) => name !== 'context' && (flags.string(name) !== '' || flags.list(name).length > 0));
  if (stray !== undefined)
    throw new CommandError(
      isLocal
        ? `--${stray} is for a real cluster, and --context ${LOCAL} chooses the simulated one: leave one of them out`
        : `--${stray} is for a real cluster: name it with --context, --kubeconfig or --server`,
    );
  return undefined;
}

const isGlobal = (flags: Flags, name: string): boolean =>
  CONNECTION_FLAGS.some((spec) => spec.name === name && flags.means(spec));

/** A connection flag's value; empty where the verb means something else by the name, as `create rolebinding --user` does. */
const wordOf = (flags: Flags, name: string): string => (isGlobal(flags, name) ? flags.string(name) : '');

/** What made it a real cluster, as the user wrote it. */
function howChosen(flags: Flags): string {
  const name = CHOOSING.find((one) => wordOf(flags, one) !== '');
  return name === undefined ? 'STSCTL_BACKEND=cluster' : `--${name} ${flags.string(name)}`;
}

/** What the flags say of a kubeconfig, whether or not commands go there. */
export function choiceOf(flags: Flags): ClusterChoice {
  const text = (key: keyof ClusterChoice, name: string) =>
    wordOf(flags, name) === '' ? {} : { [key]: wordOf(flags, name) };
  const list = (key: keyof ClusterChoice, name: string) =>
    isGlobal(flags, name) && flags.list(name).length > 0 ? { [key]: flags.list(name) } : {};
  const timeout = requestTimeout(flags);
  return {
    ...text('kubeconfig', 'kubeconfig'),
    ...text('context', 'context'),
    ...text('cluster', 'cluster'),
    ...text('user', 'user'),
    ...text('server', 'server'),
    ...text('token', 'token'),
    ...text('username', 'username'),
    ...text('password', 'password'),
    ...text('certificateAuthority', 'certificate-authority'),
    ...text('clientCertificate', 'client-certificate'),
    ...text('clientKey', 'client-key'),
    ...text('tlsServerName', 'tls-server-name'),
    ...(flags.changed('insecure-skip-tls-verify') && {
      insecureSkipTlsVerify: flags.bool('insecure-skip-tls-verify'),
    }),
    ...text('as', 'as'),
    ...text('asUid', 'as-uid'),
    ...list('asGroups', 'as-group'),
    ...list('asUserExtra', 'as-user-extra'),
    ...(timeout !== undefined && { requestTimeoutMs: timeout }),
  };
}

/** Commands of kubectl that make a client before they ask for the namespace to work in. */
const SERVER_FIRST = new RegExp(
  `^(?:${[
    'api-(?:resources|versions)',
    'apply$',
    'auth',
    'autoscale',
    'certificate',
    'cluster-info',
    'cordon',
    'create(?! token$)',
    'diff',
    'drain',
    'explain',
    'expose',
    'proxy',
    'replace',
    'run',
    'set (?:env|selector)',
    'top node',
    'uncordon',
    'version',
    'wait',
  ].join('|')})(?: |$)`,
);

/** What kubectl's command asks a kubeconfig for first; who names the namespace need not ask. */
export function asksFirst(path: string, flags: Flags): 'namespace' | 'server' {
  if (flags.string('namespace') !== '' || SERVER_FIRST.test(path)) return 'server';
  return path === 'get' && flags.string('raw') !== '' ? 'server' : 'namespace';
}

/** Commands that are about the engine inside. */
const LOCAL_ONLY = /^(sim|why|serve)( |$)/;

/** @param path without the program's name. @throws CommandError for a command that no real cluster can answer */
export function refuseOnCluster(path: string, flags: Flags, program: string): void {
  if (!LOCAL_ONLY.test(path)) return;
  throw new CommandError(
    `"${program} ${path}" works on the simulated cluster only, and ${howChosen(flags)} chooses a real one: ` +
      (CHOOSING.some((name) => wordOf(flags, name) !== '') ? 'leave it out' : `add --context ${LOCAL}`),
  );
}
