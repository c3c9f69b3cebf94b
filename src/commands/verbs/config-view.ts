/** `stsctl config view`. */

import { typedJson } from '../../core/meta/typed-json';
import { configJson, kubeConfig, noArguments } from '../config/kubeconfig';
import { outputFlags } from '../flags/common';
import { checkTemplate, parseFormat, printStructured } from '../output/format';
import type { Verb } from '../verb';

const taken = (name: string, value: 'true' | 'false') =>
  ({
    name,
    type: 'bool',
    default: value,
    help: 'Taken for compatibility; there is one context.',
    hidden: true,
  }) as const;

export const verb: Verb = {
  usage: 'config view',
  long: 'Shows the configuration: the simulated cluster is the one context "local".',
  examples: `# The whole configuration
stsctl config view

# The namespace that commands work in
stsctl config view --minify -o jsonpath='{..namespace}'`,
  flags: [
    ...outputFlags(),
    taken('minify', 'false'),
    taken('flatten', 'false'),
    taken('raw', 'false'),
    taken('merge', 'true'),
  ],
  run: async (context) => {
    const { flags, io } = context;
    const format = parseFormat(flags, context.host);
    await checkTemplate(format);
    noArguments(context);
    const config = configJson(await kubeConfig(context));
    if (format.kind === 'name') return io.out('config/<unknown>\n');
    if (format.kind === 'json') return io.out(`${typedJson(config, 4)}\n`);
    const shown = format.kind === 'human' ? ({ kind: 'yaml', template: '' } as const) : format;
    io.out(await printStructured(shown, config, flags.bool('allow-missing-template-keys')));
  },
};
