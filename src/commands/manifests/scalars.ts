/**
 * What a plain YAML scalar means to kubectl: YAML 1.1 as go-yaml reads it. `yes` is true, `0777` is 511, `1_000` is 1000,
 * `2026-01-01` and `1:30` stay text.
 */
/** Fewer characters than these never need a second look: 2^53 has sixteen digits. */
const LONG = 16;

/** Whether a Go int64 or uint64 holds it; what neither holds is a float to go-yaml. */
const fitsInteger = (value: bigint): boolean => value >= -(2n ** 63n) && value < 2n ** 64n;

export type Scalar =
  | { readonly kind: 'null' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int'; readonly value: number | bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'str' };

const STR: Scalar = { kind: 'str' };
const NULL: Scalar = { kind: 'null' };

/** As go-yaml's `resolve`, by the first character and then by shape. */
export function classify(text: string): Scalar {
  if (text === '') return NULL;
  const first = text[0];
  if ('yYnNtTfFoO~'.includes(first)) return word(text);
  if (first === '.') return special(text) ?? float(text) ?? STR;
  if ((first >= '0' && first <= '9') || first === '+' || first === '-') return special(text) ?? number(text) ?? STR;
  return STR;
}

function word(text: string): Scalar {
  if (/^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/.test(text)) return { kind: 'bool', value: true };
  if (/^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/.test(text)) return { kind: 'bool', value: false };
  return /^(?:~|null|Null|NULL)$/.test(text) ? NULL : STR;
}

function special(text: string): Scalar | undefined {
  if (/^[+]?\.(?:inf|Inf|INF)$/.test(text)) return { kind: 'float', value: Number.POSITIVE_INFINITY };
  if (/^-\.(?:inf|Inf|INF)$/.test(text)) return { kind: 'float', value: Number.NEGATIVE_INFINITY };
  return /^\.(?:nan|NaN|NAN)$/.test(text) ? { kind: 'float', value: Number.NaN } : undefined;
}

function number(text: string): Scalar | undefined {
  const plain = text.replaceAll('_', '');
  const integer = /^([-+]?)(0[xX][\da-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9]\d*)$/.exec(plain);
  if (!integer) return float(plain);
  const digits = integer[2].replace(/^0(?=[0-7])/, '0o');
  if (digits.length >= LONG) {
    const whole = integer[1] === '-' ? -BigInt(digits) : BigInt(digits);
    // Beyond 64 bits go-yaml tries a decimal float; other bases have none and stay text.
    return fitsInteger(whole) ? { kind: 'int', value: whole } : float(plain);
  }
  const value = Number(digits);
  return { kind: 'int', value: value === 0 ? 0 : integer[1] === '-' ? -value : value };
}

function float(text: string): Scalar | undefined {
  if (!/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? { kind: 'float', value } : undefined;
}
