/** `stsctl create configmap`, from literals and files. */
import { CommandError } from '../../core/client/errors';
import { isConfigMapKey } from '../../core/meta/names';
import { laterFlags } from '../flags/common';
import { createGenerated, generatorFlags, nameOf } from '../generators';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'create configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  long: 'Creates a ConfigMap from literal values and files.',
  examples: `# Create a ConfigMap with two keys
stsctl create configmap app --from-literal=mode=prod --from-literal=level=info

# Create one whose key redis.conf holds the content of a file
stsctl create configmap redis --from-file=redis.conf`,
  flags: [
    ...generatorFlags(),
    { name: 'from-literal', type: 'array', help: 'A key and its value, as in mode=prod.' },
    { name: 'from-file', type: 'list', help: 'A file, or key=file: its content under its name, or under the key.' },
    ...laterFlags(['append-hash'], ['from-env-file']),
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const name = nameOf(context);
  const data: Record<string, string> = {};
  const add = (key: string, value: string): void => {
    const wrong = isConfigMapKey(key);
    if (wrong.length > 0)
      throw new CommandError(`${JSON.stringify(key)} is not a valid key name for a ConfigMap: ${wrong.join(',')}`);
    if (Object.hasOwn(data, key))
      throw new CommandError(
        `cannot add key ${JSON.stringify(key)}, another key by that name already exists in Data for ConfigMap ${JSON.stringify(name)}`,
      );
    data[key] = value;
  };
  for (const source of context.flags.list('from-file')) {
    const equals = source.indexOf('=');
    const path = equals < 0 ? source : source.slice(equals + 1);
    if (context.host.files.stat(path)?.kind !== 'file')
      throw new CommandError(`error reading ${path}: no such file or directory`);
    const key = equals < 0 ? path.slice(path.lastIndexOf('/') + 1) : source.slice(0, equals);
    add(key, new TextDecoder().decode(context.host.files.read(path)));
  }
  for (const literal of context.flags.list('from-literal')) {
    const equals = literal.indexOf('=');
    if (equals <= 0) throw new CommandError(`invalid literal source ${literal}, expected key=value`);
    add(literal.slice(0, equals), literal.slice(equals + 1).replace(/^(["'])(.*)\1$/s, '$2'));
  }
  await createGenerated(context, 'configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...(context.explicitNamespace && { namespace: context.namespace }) },
    ...(Object.keys(data).length > 0 && { data }),
  });
}
