/** One contract, several backends: what the local one answers, the others answer too. */
import { describe, expect, it } from 'vitest';
import { SCENARIOS, type Scenario } from './scenarios';
import { type Kind, LOCAL, OTHERS } from './stages';

async function play({ open }: Kind, { run }: Scenario): Promise<unknown> {
  const stage = await open();
  try {
    return plain(await run(stage), stage.namespace);
  } finally {
    await stage.close();
  }
}

/** Fields that are undefined are not there, and every namespace has the same name. */
const plain = (seen: unknown, namespace: string): unknown =>
  JSON.parse(JSON.stringify(seen).replaceAll(namespace, 'NAMESPACE'));

describe('the contract of backends', () => {
  it.each(SCENARIOS)('$name: local', async (scenario) => {
    expect(await play(LOCAL, scenario)).toMatchSnapshot();
  });

  for (const kind of OTHERS)
    describe.skipIf(kind.skip !== undefined)(`${kind.name}${kind.skip ? ` (left out: ${kind.skip})` : ''}`, () => {
      it.each(SCENARIOS)('$name', { timeout: kind.timeoutMs ?? 60_000 }, async (scenario) => {
        expect(await play(kind, scenario)).toEqual(await play(LOCAL, scenario));
      });
    });
});
