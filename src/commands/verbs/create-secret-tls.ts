/** `stsctl create secret tls`. */
import { CommandError } from '../../core/client/errors';
import { nameOf } from '../generators';
import { createSecret, secretFlags } from '../secret';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'create secret tls NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]',
  long: 'Creates a Secret from a certificate and its private key, both in PEM. Whether they belong together is not checked.',
  examples: `# Create one from two files
stsctl create secret tls web --cert=tls.crt --key=tls.key`,
  flags: [
    ...secretFlags(),
    { name: 'cert', type: 'string', default: '', help: 'The file with the certificate, in PEM.' },
    { name: 'key', type: 'string', default: '', help: 'The file with the private key, in PEM.' },
  ],
  run: async (context) => {
    const name = nameOf(context);
    const [cert, key] = [context.flags.string('cert'), context.flags.string('key')];
    if (cert === '' || key === '') throw new CommandError('key and cert must be specified');
    const values = new Map([
      ['tls.crt', read(context, cert)],
      ['tls.key', read(context, key)],
    ]);
    checkPem(values.get('tls.crt'), 'certificate', /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/);
    checkPem(
      values.get('tls.key'),
      'key',
      /-----BEGIN ([A-Z ]+ )?PRIVATE KEY-----[\s\S]+-----END ([A-Z ]+ )?PRIVATE KEY-----/,
    );
    await createSecret(context, name, 'kubernetes.io/tls', values);
  },
};

function read(context: Context, path: string): Uint8Array {
  if (context.host.files.stat(path)?.kind !== 'file')
    throw new CommandError(`Cannot read file ${path}, open ${path}: no such file or directory`);
  return context.host.files.read(path);
}

function checkPem(bytes: Uint8Array | undefined, what: string, pattern: RegExp): void {
  if (!pattern.test(new TextDecoder().decode(bytes)))
    throw new CommandError(`tls: failed to find any PEM data in ${what} input`);
}
