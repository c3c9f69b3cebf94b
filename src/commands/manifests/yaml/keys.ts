/** Map keys as text (as sigs.k8s.io/yaml's convertToJSONableObject): a float has the digits of 32 bits. */
import type { Scalar } from '../scalars';
import { YamlError } from './errors';

export interface Key {
  /** The same for equal keys: of one type and with one value. */
  readonly id: string;
  /** The name in JSON; `value` is shown where there is none. @throws YamlError */
  text(value: () => string): string;
}

const MAX_INT64 = 2n ** 63n - 1n;

export function keyOf(scalar: Scalar & { readonly text: string }): Key {
  const named = (name: string): Key => ({ id: `${scalar.kind} ${name}`, text: () => name });
  switch (scalar.kind) {
    case 'str':
      return named(scalar.text);
    case 'bool':
      return named(String(scalar.value));
    case 'float':
      return named(floatText(scalar.value));
    case 'int':
      if (scalar.value > MAX_INT64) return unsupported('uint64', `0x${scalar.value.toString(16)}`);
      return named(String(scalar.value));
    case 'null':
      return unsupported('%!s(<nil>)', '<nil>');
  }
}

const unsupported = (type: string, key: string): Key => ({
  id: `${type} ${key}`,
  text: (value) => {
    throw new YamlError(`unsupported map key of type: ${type}, key: ${key}, value: ${value()}`);
  },
});

/** As strconv.FormatFloat(f, 'g', -1, 32), infinities and NaN in YAML's spelling. */
function floatText(value: number): string {
  const single = Math.fround(value);
  if (Number.isNaN(single)) return '.nan';
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  if (Object.is(single, -0)) return '-0';
  let digits = single.toExponential(8);
  for (let count = 0; count < 8; count++) {
    const shorter = single.toExponential(count);
    if (Math.fround(Number(shorter)) !== single) continue;
    digits = shorter;
    break;
  }
  const [mantissa = '', exponent = ''] = digits.split('e');
  const power = Number(exponent);
  const fraction = mantissa.split('.')[1]?.length ?? 0;
  // The digits are few, so a double prints them without others.
  if (power >= -4 && power < 6) return Number(digits).toFixed(Math.max(0, fraction - power));
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
