/** The flags that choose a cluster and how to log in to it, in kubectl's names. */
import type { FlagSpec } from './spec';

const text = (name: string, help: string, short?: string): FlagSpec => ({
  name,
  type: 'string',
  default: '',
  help,
  ...(short && { short }),
});

const FILE = 'of a real cluster';

export const CONNECTION_FLAGS: readonly FlagSpec[] = [
  text(
    'context',
    'The context of the kubeconfig to work in: a real cluster. "local" is the simulated one, as without the flag.',
  ),
  text('kubeconfig', 'The kubeconfig of a real cluster. Default, when --context is given: as kubectl finds it.'),
  text('cluster', 'The cluster of the kubeconfig to work in.'),
  text('user', 'The user of the kubeconfig to log in as.'),
  text('server', 'The address of the API server of a real cluster.', 's'),
  text('token', `The bearer token to log in with, ${FILE}.`),
  text('username', `The name to log in with, ${FILE}.`),
  text('password', `The password to log in with, ${FILE}.`),
  text('certificate-authority', 'A file with the certificates that the server is to be known by.'),
  text('client-certificate', 'A file with the certificate to log in with.'),
  text('client-key', 'A file with the key of that certificate.'),
  text('tls-server-name', "The name that the server's certificate must have, where it is not the host's."),
  {
    name: 'insecure-skip-tls-verify',
    type: 'bool',
    default: 'false',
    help: 'Take any certificate of the server. Connections are then not secure.',
  },
  text('as', 'The user to act as, on a real cluster.'),
  text('as-uid', 'The uid to act as.'),
  { name: 'as-group', type: 'array', help: 'A group to act as; may be repeated.' },
  { name: 'as-user-extra', type: 'array', help: 'KEY=VALUE to act with; may be repeated.' },
];
