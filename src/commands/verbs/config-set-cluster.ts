/** `stsctl config set-cluster`. */
import { goQuote } from '../../core/meta/gofmt';
import { boolFlag, editKubeConfig, given, givenBool, onlyArgument, textFlag } from '../config/edit';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage:
    'config set-cluster NAME [--server=server] [--certificate-authority=path/to/certificate/authority] ' +
    '[--insecure-skip-tls-verify=true] [--tls-server-name=example.com]',
  long:
    'Sets a cluster in the kubeconfig that --kubeconfig or KUBECONFIG names, or makes it. What no flag names stays; an empty value ' +
    'takes it away.',
  examples: `# Where the cluster dev is
stsctl config set-cluster dev --server=https://dev.example.com:6443 --kubeconfig kc

# Take the certificate that it is to be known by into the file
stsctl config set-cluster dev --certificate-authority=tls.crt --embed-certs --kubeconfig kc`,
  flags: [
    textFlag('server', 'The address of the API server.'),
    textFlag('tls-server-name', "The name that the server's certificate must have; --server takes it away."),
    boolFlag('insecure-skip-tls-verify', 'Take any certificate of the server. Connections are then not secure.'),
    textFlag('certificate-authority', 'A file with the certificates that the server is to be known by.'),
    boolFlag('embed-certs', 'Take in what that file holds.'),
    textFlag('proxy-url', 'The proxy to go through.'),
  ],
  run: async (context) => {
    const [name = ''] = onlyArgument(context);
    const { flags } = context;
    await editKubeConfig(context, {
      kind: 'set-cluster',
      name,
      server: given(flags, 'server'),
      tlsServerName: given(flags, 'tls-server-name'),
      insecureSkipTlsVerify: givenBool(flags, 'insecure-skip-tls-verify'),
      certificateAuthority: given(flags, 'certificate-authority'),
      embedCerts: flags.bool('embed-certs'),
      proxyUrl: given(flags, 'proxy-url'),
    });
    context.io.out(`Cluster ${goQuote(name)} set.\n`);
  },
};
