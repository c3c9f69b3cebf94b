/** Which words a YAML reader of any version might take for something else than text (as kyaml's isTypeAmbiguous). */

const WORDS = new Set(['null', '~', '', 't', 'f', 'true', 'y', 'yes', 'on', 'false', 'n', 'no', 'off']);

export const ambiguousInYaml = (text: string): boolean =>
  WORDS.has(text.toLowerCase()) || isNumber(text.replaceAll('_', '')) || isSexagesimal(text) || isTimestamp(text);

/** What Go's ParseInt (any base) or ParseFloat reads. */
const isNumber = (text: string): boolean =>
  /^[+-]?(0x[\da-f]+|0o?[0-7]+|0b[01]+)$/i.test(text) ||
  /^[+-]?(\d+(?:\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ||
  /^[+-]?0x([\da-f]+(?:\.[\da-f]*)?|\.[\da-f]+)p[+-]?\d+$/i.test(text) ||
  /^[+-]?(\.?inf|infinity)$|^\.?nan$/i.test(text);

const isSexagesimal = (text: string): boolean => /^[+-]?[1-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/.test(text);

const isTimestamp = (text: string): boolean => {
  const found = /^\d{4}-(\d{1,2})-(\d{1,2})([Tt ]\d{1,2}:\d{1,2}:\d{1,2}([.,]\d+)?(Z|[+-]\d\d:\d\d)?)?$/.exec(text);
  return found !== null && Number(found[1]) >= 1 && Number(found[1]) <= 12 && Number(found[2]) >= 1;
};
