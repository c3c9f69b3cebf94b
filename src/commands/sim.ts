/** What the `sim` commands share: the engine's own verbs, which only the simulated cluster has. */
import { CommandError } from '../core/client/errors';
import type { SimulationVerbs } from './host';
import type { Context } from './verb';

/** @throws CommandError on a real cluster */
export async function simulation(context: Context): Promise<SimulationVerbs> {
  const backend = await context.backend();
  if (!backend.sim) throw new CommandError(`${context.path} needs a simulated cluster; ${backend.name} is a real one`);
  return backend.sim;
}

/** `-o` of the sim commands: json, yaml, or nothing. */
export function plainOutput(context: Context): 'json' | 'yaml' | '' {
  const output = context.flags.string('output');
  if (output === '' || output === 'json' || output === 'yaml') return output;
  throw new CommandError("--output must be 'yaml' or 'json'");
}

export const SIM_OUTPUT = {
  name: 'output',
  short: 'o',
  type: 'string',
  default: '',
  help: 'json or yaml.',
} as const;

export const SIM_NO_HEADERS = {
  name: 'no-headers',
  type: 'bool',
  default: 'false',
  help: 'Leave out the header of the table.',
} as const;

/** Prints a value as `-o` asks, when it does. */
export async function printPlain(context: Context, output: 'json' | 'yaml', value: unknown): Promise<void> {
  if (output === 'json') context.io.out((await import('../render/json')).toJson(value));
  else context.io.out((await import('../render/yaml')).toYaml(value));
}
