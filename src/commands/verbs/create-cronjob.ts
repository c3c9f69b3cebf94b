/** `stsctl create cronjob`. */
import { createGenerated, generatorFlags, nameBeforeDash, namespaceOf } from '../generators';
import type { Verb } from '../verb';
import { podTemplate } from './create-job';

export const verb: Verb = {
  usage: "create cronjob NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...]",
  long: 'Creates a CronJob. It is kept and shown; the simulated cluster starts no Jobs for it.',
  examples: `# Every night at three
stsctl create cronjob backup --image=busybox --schedule='0 3 * * *' -- date`,
  flags: [
    ...generatorFlags(),
    { name: 'image', type: 'string', default: '', help: 'The image. Required.', required: true },
    { name: 'schedule', type: 'string', default: '', help: 'When, as cron writes it. Required.', required: true },
    { name: 'restart', type: 'string', default: '', help: 'OnFailure or Never; OnFailure if absent.' },
  ],
  run: async (context) => {
    const { name, words } = nameBeforeDash(context);
    const { flags } = context;
    const template = podTemplate(name, flags.string('image'), words, flags.string('restart') || 'OnFailure');
    await createGenerated(
      context,
      'cronjobs',
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name, ...namespaceOf(context) },
        spec: { schedule: flags.string('schedule'), jobTemplate: { metadata: { name }, spec: { template } } },
        status: {},
      },
      'cronjob:',
    );
  },
};
