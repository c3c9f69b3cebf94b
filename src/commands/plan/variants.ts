/** What `--compare` puts side by side: `policy=OrderedReady,Parallel`, `partition=0,2`, `gate=MaxUnavailableStatefulSet`. */
import { CommandError } from '../../core/client/errors';

export interface Variant {
  /** `policy=Parallel`, or several of them. */
  readonly label: string;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly gates: Readonly<Record<string, boolean>>;
}

const MAX_UNAVAILABLE = 'MaxUnavailableStatefulSet';
/** More are a table that nobody reads. */
const MOST = 16;

const rolling = (value: object): object => ({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: value } });

interface Setting {
  readonly words?: readonly string[];
  /** What values are, where they are not words. */
  readonly kind?: string;
  spec?(value: string): object | undefined;
  gates?(value: string): Record<string, boolean>;
}

const SETTINGS: Readonly<Record<string, Setting>> = {
  policy: { words: ['OrderedReady', 'Parallel'], spec: (podManagementPolicy) => ({ podManagementPolicy }) },
  strategy: {
    words: ['RollingUpdate', 'OnDelete'],
    spec: (type) => ({ updateStrategy: { type, ...(type === 'OnDelete' && { rollingUpdate: null }) } }),
  },
  partition: { spec: (value) => whole(value, (partition) => rolling({ partition })) },
  maxUnavailable: {
    kind: 'a whole number from 1, or a percentage up to 100%',
    spec: (value) =>
      /^(?:100|[1-9]\d?)%$/.test(value)
        ? rolling({ maxUnavailable: value })
        : whole(value, (n) => rolling({ maxUnavailable: n }), 1),
    // Without the gate the field means nothing.
    gates: () => ({ [MAX_UNAVAILABLE]: true }),
  },
  minReadySeconds: { spec: (value) => whole(value, (minReadySeconds) => ({ minReadySeconds })) },
};

function whole(value: string, use: (n: number) => object, least = 0): object | undefined {
  return /^\d{1,9}$/.test(value) && Number(value) >= least ? use(Number(value)) : undefined;
}

/** Each `--compare` in every combination with the others. @throws CommandError naming what makes no sense */
export function parseVariants(texts: readonly string[]): Variant[] {
  let variants: Variant[] = [{ label: '', spec: {}, gates: {} }];
  const compared = new Set<string>();
  for (const text of texts) {
    const { key, choices } = parseOne(text);
    if (compared.has(key)) fail(text, `${key} is compared already`);
    compared.add(key);
    variants = variants.flatMap((variant) => choices.map((choice) => joined(variant, choice)));
  }
  variants = sensible(variants);
  if (variants.length > MOST)
    throw new CommandError(`--compare makes ${variants.length} variants; at most ${MOST} are compared`);
  return variants;
}

/**
 * OnDelete knows neither partition nor maxUnavailable: it is played once, whatever they are. What remains is told apart by its
 * label.
 */
function sensible(variants: readonly Variant[]): Variant[] {
  const found = new Map<string, Variant>();
  for (const variant of variants) {
    const { updateStrategy } = variant.spec;
    const isOnDelete = variant.label.split(' ').includes('strategy=OnDelete');
    const one = isOnDelete && isRecord(updateStrategy) ? onDelete(variant) : variant;
    found.set(one.label, one);
  }
  return [...found.values()];
}

const onDelete = ({ label, spec, gates }: Variant): Variant => ({
  label: label
    .split(' ')
    .filter((part) => !/^(?:partition|maxUnavailable)=/.test(part))
    .join(' '),
  spec: { ...spec, updateStrategy: { type: 'OnDelete', rollingUpdate: null } },
  gates,
});

function parseOne(text: string): { readonly key: string; readonly choices: Variant[] } {
  const at = text.indexOf('=');
  const key = at < 0 ? text : text.slice(0, at);
  const values = at < 0 ? [] : text.slice(at + 1).split(',');
  if (key === 'gate') return { key: `gate ${values[0]}`, choices: gate(text, values) };
  const setting = Object.hasOwn(SETTINGS, key) ? SETTINGS[key] : undefined;
  if (!setting)
    return fail(text, `expected one of ${[...Object.keys(SETTINGS), 'gate'].join(', ')}, as in partition=0,2`);
  if (values.length < 2)
    return fail(text, `two or more values are compared, as in ${key}=${(setting.words ?? ['1', '2']).join(',')}`);
  if (new Set(values).size < values.length) return fail(text, 'a value is there twice');
  const choices = values.map((value) => {
    const spec = setting.words && !setting.words.includes(value) ? undefined : setting.spec?.(value);
    if (!spec)
      return fail(
        text,
        `${JSON.stringify(value)} is no ${key}: it is ${setting.words?.join(' or ') ?? setting.kind ?? 'a whole number'}`,
      );
    return { label: `${key}=${value}`, spec: spec as Variant['spec'], gates: setting.gates?.(value) ?? {} };
  });
  return { key, choices };
}

function gate(text: string, [name = '', ...more]: readonly string[]): Variant[] {
  if (name === '' || more.length > 0) return fail(text, 'expected gate=NAME');
  if (name !== MAX_UNAVAILABLE)
    return fail(text, `nothing here asks for the gate ${name}: expected ${MAX_UNAVAILABLE}`);
  return [false, true].map((on) => ({ label: `${name}=${on}`, spec: {}, gates: { [name]: on } }));
}

function joined(a: Variant, b: Variant): Variant {
  return {
    label: a.label === '' ? b.label : `${a.label} ${b.label}`,
    spec: merged(a.spec, b.spec),
    gates: { ...a.gates, ...b.gates },
  };
}

function merged(a: Variant['spec'], b: Variant['spec']): Variant['spec'] {
  const both: Record<string, unknown> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const before = both[key];
    both[key] = isRecord(before) && isRecord(value) ? merged(before, value) : value;
  }
  return both;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function fail(text: string, why: string): never {
  throw new CommandError(`invalid --compare ${JSON.stringify(text)}: ${why}`);
}
