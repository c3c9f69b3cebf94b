/** `stsctl sim snapshot diff`. */
import type { KubeObject } from '../../core/api/types';
import { masked } from '../../core/client/diff';
import { PlainError } from '../../core/client/errors';
import { toTime } from '../../core/meta/time';
import { past } from '../past';
import { simulation } from '../sim';
import { usageError } from '../targets';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'sim snapshot diff NAME [NAME]',
  long:
    'Shows what differs between a snapshot and the cluster as it is, or a second snapshot: objects as "diff" shows them, without ' +
    'events and resource versions, then the files of volumes and pods.\n\n' +
    'Exit code: 0 no differences, 1 differences or a failure.',
  examples: `# What has changed since?
stsctl sim snapshot diff before-upgrade

# From one to the other
stsctl sim snapshot diff monday tuesday`,
  flags: [{ name: 'show-secrets', type: 'bool', default: 'false', help: 'Show the values of Secrets.' }],
  run: async (context) => {
    const [name, other, ...more] = context.args;
    if (name === undefined || more.length > 0) throw usageError(context, 'expected one or two NAMEs');
    const { objects, files } = await (await past(context)).compareSnapshots(name, other);
    const { toYaml } = await import('../../render/yaml');
    const { unifiedDiff } = await import('../../render/unified-diff');
    const now = toTime((await (await simulation(context)).clock()).now);
    const time = `${now.slice(0, 10)} ${now.slice(11, 19)}.000000000 +0000`;
    const secrets = context.flags.bool('show-secrets');
    for (const object of objects) {
      const { title, before, after } = secrets ? plain(object) : hidden(object);
      const [a, b] = [`${name}/${title}`, `${other ?? 'NOW'}/${title}`];
      const [from, to] = [before ? toYaml(before) : '', after ? toYaml(after) : ''];
      context.io.out(`diff -u -N ${a} ${b}\n${unifiedDiff({ path: a, text: from }, { path: b, text: to }, time)}`);
    }
    for (const { path, change } of files) context.io.out(`File ${path} ${change}\n`);
    if (objects.length + files.length > 0) throw new PlainError('');
  },
};

interface Pair {
  readonly before?: KubeObject;
  readonly after?: KubeObject;
}

function plain({ before, after }: Pair): Pair & { readonly title: string } {
  const object = (after ?? before) as KubeObject;
  const { namespace = '', name } = object.metadata;
  return {
    title: `${object.apiVersion.replace('/', '.')}.${object.kind}.${namespace}.${name}`,
    ...(before && { before }),
    ...(after && { after }),
  };
}

/** With the values of Secrets hidden, equal ones alike. */
function hidden(pair: Pair): Pair & { readonly title: string } {
  const { title, before, after } = plain(pair);
  if (after) {
    const { live, merged } = masked({ name: title, live: before, merged: after });
    return { title, ...(live && { before: live }), after: merged };
  }
  return { title, before: masked({ name: title, live: undefined, merged: before as KubeObject }).merged };
}
