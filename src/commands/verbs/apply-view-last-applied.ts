/** `stsctl apply view-last-applied`. */

import type { KubeObject } from '../../core/api/types';
import { CommandError, forEach } from '../../core/client/errors';
import { infosOf } from '../../core/client/fetch';
import { lastApplied } from '../../core/client/last-applied';
import { goQuote } from '../../core/meta/gofmt';
import { parseJson } from '../../core/meta/json';
import { all, fileFlags, SELECTOR } from '../flags/common';
import { findObjects, readFiles, usageError } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'apply view-last-applied (TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)',
  long: 'Shows the configuration that was applied last, as apply wrote it down in an annotation.',
  examples: `# What was applied last to StatefulSet web
stsctl apply -f web.yaml
stsctl apply view-last-applied sts/web

# In JSON
stsctl apply view-last-applied -f web.yaml -o json`,
  flags: [
    ...fileFlags('Files that name the objects.'),
    SELECTOR,
    all(),
    { name: 'output', short: 'o', type: 'string', default: 'yaml', help: 'yaml or json.' },
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags, args, io } = context;
  const files = await readFiles(context);
  const entries = await findObjects(context, {
    args,
    ...(files && { files }),
    allowEmptySelector: flags.bool('all'),
    latest: true,
  });
  const output = flags.string('output');
  const texts: string[] = [];
  await forEach(entries, async (entry) => {
    const [info] = infosOf([entry]);
    const text = lastApplied(info.object as KubeObject);
    // kubectl loses its complaint where no file is to be named in it.
    if (text === undefined && info.source)
      throw new CommandError(
        `error when no last-applied-configuration annotation found on resource: ${info.name}\n ${goQuote(info.source)}: <nil>`,
      );
    if (text !== undefined) texts.push(text);
  });
  if (output !== '' && output !== 'yaml' && output !== 'json')
    throw usageError(context, `Unexpected -o output mode: ${output}, the flag 'output' must be one of yaml|json`);
  const { toYaml } = await import('../../render/yaml');
  const { goStringify } = await import('../../core/meta/gojson');
  for (const text of texts) {
    const value = parseJson(text);
    io.out(output === 'json' ? `${goStringify(value, '  ')}\n` : toYaml(value));
  }
}
