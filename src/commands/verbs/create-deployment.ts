/** `stsctl create deployment`. */
import { CommandError } from '../../core/client/errors';
import { createGenerated, generatorFlags, nameBeforeDash, namespaceOf } from '../generators';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'create deployment NAME --image=image -- [COMMAND] [args...]',
  long: 'Creates a Deployment. It is kept and shown; the simulated cluster runs no pods for it.',
  examples: `# A Deployment of one image
stsctl create deployment api --image=nginx

# Three replicas that listen on a port, with a command
stsctl create deployment worker --image=busybox --replicas=3 --port=8080 -- date`,
  flags: [
    ...generatorFlags(),
    { name: 'image', type: 'list', help: 'An image for each container. Required.', required: true },
    { name: 'port', type: 'int', bits: 32, default: '-1', help: 'The port that the first container listens on.' },
    { name: 'replicas', short: 'r', type: 'int', bits: 32, default: '1', help: 'How many pods.' },
  ],
  run: async (context) => {
    const { name, words } = nameBeforeDash(context);
    const { flags } = context;
    const images = flags.list('image');
    if (images.length > 1 && words.length > 0)
      throw new CommandError('cannot specify multiple --image options and command');
    const port = flags.int('port');
    const containers = images.map((image, i) => ({
      name: containerName(image),
      image,
      ...(words.length > 0 && { command: words }),
      ...(i === 0 && port >= 0 && { ports: [{ containerPort: port }] }),
      resources: {},
    }));
    const labels = { app: name };
    await createGenerated(
      context,
      'deployments',
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, labels, ...namespaceOf(context) },
        spec: {
          replicas: flags.int('replicas'),
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers } },
          strategy: {},
        },
        status: {},
      },
      'deployment:',
    );
  },
};

/** The image's last word without tag and digest, made fit for a name. */
function containerName(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1);
  return last.split(':')[0].split('@')[0].replaceAll('_', '-').toLowerCase();
}
