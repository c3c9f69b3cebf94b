/** `stsctl create poddisruptionbudget`. */
import { CommandError } from '../../core/client/errors';
import { createGenerated, generatorFlags, nameOf, namespaceOf } from '../generators';
import { labelSelectorOf } from '../selector-flag';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'create poddisruptionbudget NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]',
  long: 'Creates a PodDisruptionBudget: how many of the pods that a selector finds must stay while others are evicted.',
  examples: `# Two pods labelled app=nginx always stay
stsctl create poddisruptionbudget web --selector=app=nginx --min-available=2

# Half of them may be gone at a time
stsctl create pdb half --selector=app=nginx --max-unavailable=50%`,
  flags: [
    ...generatorFlags(),
    { name: 'selector', type: 'string', default: '', help: 'The labels of the pods, as in app=nginx,tier in (a,b).' },
    { name: 'min-available', type: 'string', default: '', help: 'How many must stay: a number or a percentage.' },
    { name: 'max-unavailable', type: 'string', default: '', help: 'How many may be gone: a number or a percentage.' },
  ],
  run: async (context) => {
    const name = nameOf(context);
    const { flags } = context;
    const [min, max] = [flags.string('min-available'), flags.string('max-unavailable')];
    if (flags.string('selector') === '') throw new CommandError('a selector must be specified');
    if (min === '' && max === '') throw new CommandError('one of min-available or max-unavailable must be specified');
    if (min !== '' && max !== '') throw new CommandError('min-available and max-unavailable cannot be both specified');
    const minAvailable = min === '' ? {} : { minAvailable: countOf(min, 'min-available') };
    const maxUnavailable = max === '' ? {} : { maxUnavailable: countOf(max, 'max-unavailable') };
    await createGenerated(
      context,
      'poddisruptionbudgets',
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name, ...namespaceOf(context) },
        spec: { ...minAvailable, selector: labelSelectorOf(flags.string('selector')), ...maxUnavailable },
        status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
      },
      'poddisruptionbudgets:',
    );
  },
};

function countOf(text: string, flag: string): number | string {
  if (!/^\d+%?$/.test(text)) throw new CommandError(`invalid format specified for ${flag}`);
  return text.endsWith('%') ? text : Number(text);
}
