/** `stsctl create secret docker-registry`. */
import { CommandError } from '../../core/client/errors';
import { goJsonString } from '../../core/meta/gojson';
import { nameOf } from '../generators';
import { base64, fileSource, readSource } from '../key-sources';
import { createSecret, secretFlags } from '../secret';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage:
    'create secret docker-registry NAME --docker-username=user --docker-password=password --docker-email=email ' +
    '[--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none]',
  long: 'Creates a Secret with which images are pulled from a registry.',
  examples: `# Create one for a registry of one's own
stsctl create secret docker-registry pull --docker-server=registry.example.com --docker-username=me --docker-password=x`,
  flags: [
    ...secretFlags(),
    { name: 'docker-username', type: 'string', default: '', help: 'The user name.' },
    { name: 'docker-password', type: 'string', default: '', help: 'The password.' },
    { name: 'docker-email', type: 'string', default: '', help: 'The e-mail address.' },
    { name: 'docker-server', type: 'string', default: 'https://index.docker.io/v1/', help: 'The registry.' },
    {
      name: 'from-file',
      type: 'list',
      help: 'A file that holds the whole configuration, in place of the flags above.',
    },
  ],
  run,
};

const KEY = '.dockerconfigjson';

async function run(context: Context): Promise<void> {
  const { flags } = context;
  const name = nameOf(context);
  const [user, password, server] = ['username', 'password', 'server'].map((f) => flags.string(`docker-${f}`));
  const files = flags.list('from-file');
  if (files.length === 0 && (user === '' || password === '' || server === ''))
    throw new CommandError(
      'either --from-file or the combination of --docker-username, --docker-password and --docker-server is required',
    );
  const values = new Map<string, Uint8Array>();
  for (const source of files)
    for (const { key, path } of fileSource(context, source.includes('=') ? source : `${KEY}=${source}`))
      values.set(key, readSource(context, path));
  if (files.length === 0)
    values.set(KEY, new TextEncoder().encode(configuration(server, user, password, flags.string('docker-email'))));
  await createSecret(context, name, 'kubernetes.io/dockerconfigjson', values);
}

/** The registry's configuration, fields in the order in which kubectl writes them. */
function configuration(server: string, user: string, password: string, email: string): string {
  const auth = base64(new TextEncoder().encode(`${user}:${password}`));
  const fields = [
    `"username":${goJsonString(user)}`,
    `"password":${goJsonString(password)}`,
    ...(email === '' ? [] : [`"email":${goJsonString(email)}`]),
    `"auth":${goJsonString(auth)}`,
  ];
  return `{"auths":{${goJsonString(server)}:{${fields.join(',')}}}}`;
}
