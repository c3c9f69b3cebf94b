/** Quantities: their canonical form, their order and the refusals must be kubectl's. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resourceForKind } from '../../src/core/api/resources';
import { Quantity } from '../../src/core/meta/quantity';
import { FakeApiServer, pathOf } from './support/api-server';
import { describeOracle, kubectl, runs } from './support/kubectl';

const digits = fc.oneof(
  fc.constantFrom('0', '1', '00', '007', '10', '100', '1000', '1024', '1500', '999', '2048', '1048576', '123456789'),
  fc.nat(2000).map(String),
  fc.bigInt(0n, 10n ** 20n).map(String),
  fc.constantFrom('9223372036854775807', '9223372036854775808', '999999999999999999', '1000000000000000000'),
);
const fraction = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('.', '.0', '.5', '.25', '.125', '.001', '.500', '.0001', '.000000001', '.0000000001'),
  },
  { weight: 1, arbitrary: fc.nat(99999).map((value) => `.${value}`) },
);
const suffix = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('', '', 'm', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi') },
  { weight: 2, arbitrary: fc.constantFrom('n', 'u', 'T', 'P', 'E', 'Ti', 'Pi', 'Ei') },
  { weight: 2, arbitrary: fc.constantFrom('e3', 'E3', 'e-3', 'e0', 'e+2', 'E-9', 'e18', 'e-10', 'e1', 'E6') },
);
const sign = fc.constantFrom('', '', '', '+', '-');
const wellFormed = fc.tuple(sign, digits, fraction, suffix).map((parts) => parts.join(''));
const malformed = fc.constantFrom(
  ...[
    'x',
    '1x',
    '1 ',
    'Ki',
    '1kk',
    '1K',
    '1mi',
    '--1',
    '1.1.1',
    '+',
    '1e',
    '1e3.5',
    '0x10',
    '1i',
    '1_000',
    '1ki',
    'e3',
    '١',
  ],
);

const canonical = (text: string): string => {
  try {
    return Quantity.parse(text).toString();
  } catch (error) {
    return (error as Error).message;
  }
};

/** What kubectl says of a text that is none; a few that look so are zero. */
const refusal = (text: string): string => {
  try {
    Quantity.parse(text);
    return '';
  } catch (error) {
    return `error: ${(error as Error).message}\n`;
  }
};

const container = (limits: Readonly<Record<string, string>>) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: { containers: [{ name: 'c', image: 'i', resources: { limits } }] },
});

describeOracle('quantities', () => {
  test('their canonical form', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(wellFormed, { minLength: 1, maxLength: 150, size: 'max' }), async (texts) => {
        const limits = Object.fromEntries(texts.map((text, index) => [`r${index}`, text]));
        const answer = await kubectl(
          ['set', 'image', '--local', '-f', '-', 'c=j', '-o', 'jsonpath={.spec.containers[0].resources.limits}'],
          JSON.stringify(container(limits)),
        );
        expect(answer.err).toBe('');
        const printed = JSON.parse(answer.out) as Record<string, string>;
        expect(texts.map((text) => [text, canonical(text)])).toEqual(
          texts.map((text, index) => [text, printed[`r${index}`]]),
        );
      }),
      runs(12),
    );
  });

  test('what is none, or looks so', async () => {
    await fc.assert(
      fc.asyncProperty(malformed, async (text) => {
        const answer = await kubectl(
          ['set', 'resources', '--local', '-f', '-', `--limits=cpu=${text}`],
          JSON.stringify(container({})),
        );
        expect([text, refusal(text)]).toEqual([text, answer.err]);
      }),
      runs(10),
    );
  });

  let server: FakeApiServer;
  beforeAll(async () => {
    server = await FakeApiServer.start();
  });
  afterAll(() => server.stop());

  test('their order', async () => {
    const secrets = resourceForKind('v1', 'Secret')!;
    await fc.assert(
      fc.asyncProperty(fc.array(wellFormed, { minLength: 2, maxLength: 150, size: 'max' }), async (texts) => {
        const items = texts.map((q, index) => ({
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: `s${index}` },
          q,
        }));
        const list = pathOf(secrets, '').replace(/\/$/, '');
        server.objects.set(list, { apiVersion: 'v1', kind: 'SecretList', metadata: {}, items });
        const args = ['get', 'secrets', '--sort-by={.q}', '-o', 'jsonpath={.items[*].q}', '--server', server.url];
        const answer = await kubectl(args);
        expect(answer.err).toBe('');
        const sorted = answer.out.split(' ');
        expect([...sorted].sort()).toEqual([...texts].sort());
        for (const [index, text] of sorted.slice(1).entries()) {
          const previous = sorted[index]!;
          expect([previous, text, Quantity.parse(previous).compare(Quantity.parse(text)) <= 0]).toEqual([
            previous,
            text,
            true,
          ]);
        }
      }),
      runs(6),
    );
  });
});
