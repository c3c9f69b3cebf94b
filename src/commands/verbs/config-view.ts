/** `stsctl config view`. */
import { CommandError } from '../../core/client/errors';
import { typedJson } from '../../core/meta/typed-json';
import { kubeConfig, localJson, noArguments } from '../config/kubeconfig';
import { outputFlags } from '../flags/common';
import { checkTemplate, parseFormat, printStructured } from '../output/format';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'config view',
  long:
    'Shows the configuration: of a kubeconfig that is given with --kubeconfig or KUBECONFIG, without its secrets; else the ' +
    'simulated cluster, which is the one context "local".',
  examples: `# The whole configuration
stsctl config view

# The namespace that commands work in
stsctl config view --minify -o jsonpath='{..namespace}'`,
  flags: [
    ...outputFlags(),
    { name: 'minify', type: 'bool', default: 'false', help: 'Only what the current context needs.' },
    {
      name: 'flatten',
      type: 'bool',
      default: 'false',
      help: 'With the content of certificate files in their place, and with secrets: a kubeconfig that stands by itself.',
    },
    { name: 'raw', type: 'bool', default: 'false', help: 'With secrets and certificates.' },
    {
      name: 'merge',
      type: 'bool',
      default: 'true',
      help: 'Merge all files of KUBECONFIG; false needs one that --kubeconfig names.',
    },
  ],
  run: async (context) => {
    const { flags, io } = context;
    const format = parseFormat(flags, context.host);
    await checkTemplate(format);
    noArguments(context);
    if (!flags.bool('merge') && flags.string('kubeconfig') === '')
      throw new CommandError('if merge==false a precise file must be specified');
    const known = await kubeConfig(context);
    const config =
      known.file?.shown({ minify: flags.bool('minify'), raw: flags.bool('raw'), flatten: flags.bool('flatten') }) ??
      localJson(known);
    if (format.kind === 'name') return io.out('config/<unknown>\n');
    if (format.kind === 'json') return io.out(`${typedJson(config, 4)}\n`);
    const shown = format.kind === 'human' ? ({ kind: 'yaml', template: '' } as const) : format;
    io.out(await printStructured(shown, config, flags.bool('allow-missing-template-keys')));
  },
};
