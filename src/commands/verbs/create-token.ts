/** `stsctl create token`. */
import { CommandError, isExpected } from '../../core/client/errors';
import { outputFlags } from '../flags/common';
import { nameOf } from '../generators';
import { checkTemplate, parseFormat, printStructured } from '../output/format';
import { durationOf } from '../targets';
import type { Context, Verb } from '../verb';

const VERSION = 'authentication.k8s.io/v1';
/** The kinds that a token can be bound to, with their versions. */
const BOUND: Readonly<Record<string, string>> = { Node: 'v1', Pod: 'v1', Secret: 'v1' };

export const verb: Verb = {
  usage: 'create token SERVICE_ACCOUNT_NAME',
  long:
    'Asks a cluster for a token of a service account and prints it. "stsctl serve" makes and takes such tokens, too; the ' +
    'simulated cluster makes none while nobody serves it.',
  examples: `# A token for the service account backup, to be used with --token
stsctl create token backup --kubeconfig stsctl.kubeconfig

# One that is good for ten minutes, and for somebody else than the API server
stsctl create token backup --duration 10m --audience https://vault.example.com --context prod

# One that is good for as long as the pod backup-0 lives
stsctl create token backup --bound-object-kind Pod --bound-object-name backup-0 --context prod`,
  flags: [
    ...outputFlags(),
    { name: 'audience', type: 'array', help: 'Whom the token is for; the API server unless told. May be repeated.' },
    {
      name: 'duration',
      type: 'duration',
      default: '0s',
      help: 'How long the token is good for, ten minutes at least; what the server thinks right for 0.',
    },
    {
      name: 'bound-object-kind',
      type: 'string',
      default: '',
      help: 'The token goes with an object of this kind: Node, Pod or Secret. Needs --bound-object-name.',
    },
    { name: 'bound-object-name', type: 'string', default: '', help: 'The name of that object.' },
    {
      name: 'bound-object-uid',
      type: 'string',
      default: '',
      help: 'The uid of that object; of whichever has the name unless told.',
    },
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags, io, host, namespace } = context;
  const format = parseFormat(flags, host);
  await checkTemplate(format);
  const name = nameOf(context);
  const spec = specOf(context);
  const { remote } = await context.backend();
  if (!remote)
    throw new CommandError(
      'failed to create token: the simulated cluster makes tokens while it is served only: start ' +
        `"${host.program} serve" and ask it with --kubeconfig`,
    );
  const request = {
    kind: 'TokenRequest',
    apiVersion: VERSION,
    metadata: { creationTimestamp: null },
    spec,
    status: { token: '', expirationTimestamp: null },
  };
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/serviceaccounts/${encodeURIComponent(name)}/token`;
  let answer: { readonly kind: string; readonly apiVersion: string; readonly status?: { readonly token?: string } };
  try {
    answer = JSON.parse(await remote.raw({ method: 'POST', path, body: JSON.stringify(request) }));
  } catch (e) {
    throw isExpected(e) ? new CommandError(`failed to create token: ${e.message}`) : e;
  }
  const token = answer.status?.token ?? '';
  if (token === '') throw new CommandError('failed to create token: no token in server response');
  if (format.kind === 'human') return io.out(`${token}\n`);
  if (format.kind === 'name') return io.out(`tokenrequest.authentication.k8s.io/${name}\n`);
  io.out(await printStructured(format, answer, flags.bool('allow-missing-template-keys')));
}

/** What the flags ask for. @throws CommandError as CreateTokenOptions.Validate */
function specOf({ flags }: Context): object {
  const duration = durationOf(flags, 'duration');
  if (duration < 0) throw new CommandError('--duration must be greater than or equal to 0');
  if (duration % 1000 !== 0) throw new CommandError('--duration cannot be expressed in units less than seconds');
  const audiences = flags.list('audience');
  if (audiences.includes('')) throw new CommandError('--audience must not be an empty string');
  const [kind, name, uid] = ['kind', 'name', 'uid'].map((word) => flags.string(`bound-object-${word}`));
  if (!kind) {
    for (const [word, value] of Object.entries({ name, uid }))
      if (value) throw new CommandError(`--bound-object-${word} can only be set if --bound-object-kind is provided`);
  } else {
    if (!Object.hasOwn(BOUND, kind))
      throw new CommandError(`supported --bound-object-kind values are ${Object.keys(BOUND).join(', ')}`);
    if (!name) throw new CommandError('--bound-object-name is required if --bound-object-kind is provided');
  }
  return {
    audiences: audiences.length > 0 ? audiences : null,
    expirationSeconds: duration > 0 ? duration / 1000 : null,
    boundObjectRef: kind ? { kind, apiVersion: BOUND[kind], name, ...(uid && { uid }) } : null,
  };
}
