/** `stsctl config set`. */
import { CommandError } from '../../core/client/errors';
import { goQuote } from '../../core/meta/gofmt';
import { boolFlag, editKubeConfig, onlyArgument } from '../config/edit';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'config set PROPERTY_NAME PROPERTY_VALUE',
  long:
    'Sets one value in the kubeconfig that --kubeconfig or KUBECONFIG names. A property is the way to it, with dots: ' +
    'clusters.NAME.server. What is on the way and missing is made.\n\n' +
    'Certificates and keys (the fields that end with -data) are given in base64, or as they are with --set-raw-bytes.',
  examples: `# The server of the cluster dev
stsctl config set clusters.dev.server https://dev.example.com:6443 --kubeconfig kc

# The context to work in
stsctl config set current-context dev --kubeconfig kc`,
  flags: [boolFlag('set-raw-bytes', 'Take the value of a certificate or key as it is, not as base64.')],
  run: async (context) => {
    const [property = '', value = ''] = onlyArgument(context, 2);
    if (value === '') throw new CommandError('you cannot use set to unset a property');
    if (property === '') throw new CommandError('you must specify a property');
    await editKubeConfig(context, { kind: 'set', property, value, raw: context.flags.bool('set-raw-bytes') });
    context.io.out(`Property ${goQuote(property)} set.\n`);
  },
};
