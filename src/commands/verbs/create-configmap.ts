/** `stsctl create configmap`, from literals and files. */
import { APPEND_HASH, withHash } from '../append-hash';
import { createGenerated, generatorFlags, nameOf, namespaceOf } from '../generators';
import { base64, keySourceFlags, readKeySources, utf8 } from '../key-sources';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'create configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  long: 'Creates a ConfigMap from literal values and files. Content that is not text goes to binaryData.',
  examples: `# Create a ConfigMap with two keys
stsctl create configmap app --from-literal=mode=prod --from-literal=level=info

# Create one whose key redis.conf holds the content of a file
stsctl create configmap redis --from-file=redis.conf

# The same under another key
stsctl create configmap redis2 --from-file=server.conf=redis.conf

# Create one from lines KEY=VALUE, with a hash of its content in its name
stsctl create configmap env --from-env-file=app.env --append-hash`,
  flags: [...generatorFlags(), ...keySourceFlags(), APPEND_HASH],
  run,
};

async function run(context: Context): Promise<void> {
  const name = nameOf(context);
  const data: Record<string, string> = {};
  const binaryData: Record<string, string> = {};
  for (const [key, bytes] of readKeySources(context, 'ConfigMap', name)) {
    const text = utf8(bytes);
    if (text === undefined) binaryData[key] = base64(bytes);
    else data[key] = text;
  }
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...namespaceOf(context) },
    ...(Object.keys(data).length > 0 && { data }),
    ...(Object.keys(binaryData).length > 0 && { binaryData }),
  };
  await createGenerated(context, 'configmaps', withHash(context, object), 'configmap:');
}
