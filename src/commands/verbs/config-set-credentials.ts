/** `stsctl config set-credentials`. */
import { parsePairs } from '../../core/client/metadata-edit';
import { goQuote } from '../../core/meta/gofmt';
import { boolFlag, editKubeConfig, given, givenBool, textFlag, unexpected } from '../config/edit';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage:
    'config set-credentials NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] [--token=bearer_token] ' +
    '[--username=basic_user] [--password=basic_password] [--auth-provider=provider_name] [--auth-provider-arg=key=value] ' +
    '[--exec-command=exec_command] [--exec-api-version=exec_api_version] [--exec-arg=arg] [--exec-env=key=value]',
  long:
    'Sets a user in the kubeconfig that --kubeconfig or KUBECONFIG names, or makes it. What no flag names stays; an empty value takes ' +
    'it away. A token and a user name take the place of each other.',
  examples: `# The user dev logs in with a token
stsctl config set-credentials dev --token=secret --kubeconfig kc

# With a certificate, taken into the file
stsctl config set-credentials dev --client-certificate=tls.crt --client-key=tls.key --embed-certs --kubeconfig kc

# With what a program prints
stsctl config set-credentials dev --exec-command=get-token --exec-api-version=client.authentication.k8s.io/v1 --exec-arg=--cluster=dev --kubeconfig kc`,
  flags: [
    textFlag('client-certificate', 'A file with the certificate to log in with.'),
    textFlag('client-key', 'A file with the key of that certificate.'),
    boolFlag('embed-certs', 'Take in what the certificate and key files hold.'),
    textFlag('token', 'The bearer token to log in with.'),
    textFlag('username', 'The name to log in with.'),
    textFlag('password', 'The password to log in with.'),
    textFlag('auth-provider', 'What provides credentials.'),
    { name: 'auth-provider-arg', type: 'list', help: 'KEY=VALUE for the provider; KEY- takes it away.' },
    textFlag('exec-command', 'The program that prints credentials; its earlier arguments are taken away.'),
    textFlag('exec-api-version', 'The version of the API in which it does.'),
    { name: 'exec-arg', type: 'list', help: 'An argument for it; all earlier ones are replaced.' },
    { name: 'exec-env', type: 'array', help: 'KEY=VALUE for its environment; KEY- takes it away.' },
    textFlag('exec-interactive-mode', 'Whether it may ask the user: IfAvailable, Never or Always.'),
    boolFlag('exec-provide-cluster-info', 'Tell it about the cluster.'),
  ],
  run: async (context) => {
    const { flags } = context;
    const [name, ...more] = context.args;
    if (name === undefined || more.length > 0) throw unexpected(context, 'unexpected args');
    const execArgs = flags.list('exec-arg');
    const change = {
      kind: 'set-user',
      name,
      clientCertificate: given(flags, 'client-certificate'),
      clientKey: given(flags, 'client-key'),
      embedCerts: flags.bool('embed-certs'),
      token: given(flags, 'token'),
      username: given(flags, 'username'),
      password: given(flags, 'password'),
      authProvider: given(flags, 'auth-provider'),
      authProviderArgs: parsePairs(flags.list('auth-provider-arg'), 'auth-provider-arg', true),
      execCommand: given(flags, 'exec-command'),
      execApiVersion: given(flags, 'exec-api-version'),
      execArgs: execArgs.length > 0 ? execArgs : undefined,
      execEnv: parsePairs(flags.list('exec-env'), 'exec-env', true),
      execInteractiveMode: given(flags, 'exec-interactive-mode'),
      execProvideClusterInfo: givenBool(flags, 'exec-provide-cluster-info'),
    } as const;
    await editKubeConfig(context, change);
    context.io.out(`User ${goQuote(name)} set.\n`);
  },
};
