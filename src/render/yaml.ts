/**
 * JSON values as `-o yaml` prints them. kubectl's emitter (go-yaml 2) has its own rules for which strings are quoted,
 * where long ones are folded and how keys are ordered, so it is written out here: js-yaml's emitter disagrees on
 * base-60 numbers, emoji, tabs, long keys and natural key order, and would have to be loaded first.
 */
import { compareKeys } from './yaml-keys';
import { renderScalar, scalarFits } from './yaml-scalar';

/** Keys longer than this many bytes are written as `? key`. */
const LONGEST_SIMPLE_KEY = 128;

/** The document, newline at the end. Keys are sorted; undefined fields are left out (as JSON would). */
export function toYaml(value: unknown): string {
  const out = new Pen();
  if (isMap(value) && !isEmpty(value)) writeMap(value, 0, out, true);
  else if (Array.isArray(value) && value.length > 0) writeList(value, 0, out, true);
  else out.write(scalar(value, 0, 0));
  return out.onNewLine ? out.text : `${out.text}\n`;
}

/** What `toYaml` makes of the List of some objects, at least one, in pieces of an object each. */
export function* listAsYaml(items: Iterable<unknown>): Iterable<string> {
  yield 'apiVersion: v1\nitems:\n';
  for (const item of items) yield toYaml([item]);
  yield 'kind: List\nmetadata:\n  resourceVersion: ""\n';
}

type Json = Readonly<Record<string, unknown>>;

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

function isEmpty(map: Json): boolean {
  for (const key in map) if (map[key] !== undefined) return false;
  return true;
}

/** `fresh`: the first key stands where the pen is (after a dash, or at the start), not on a line of its own. */
function writeMap(map: Json, indent: number, out: Pen, fresh: boolean): void {
  const pad = ' '.repeat(indent);
  let first = fresh;
  for (const key of sortedKeys(map)) {
    const value = map[key];
    if (first) first = false;
    else breakLine(out, pad);
    const text = simpleKey(key);
    if (text !== undefined) {
      out.write(text);
      out.write(':');
      writeValue(value, indent, indent + text.length + 1, out);
    } else {
      out.write('? ');
      out.write(renderScalar(key, { column: indent + 2, indent: indent + 2, key: false }));
      breakLine(out, pad);
      out.write(':');
      if (isMap(value) && !isEmpty(value)) {
        out.write(' ');
        writeMap(value, indent + 2, out, true);
      } else if (Array.isArray(value) && value.length > 0) {
        out.write(' ');
        writeList(value, indent + 2, out, true);
      } else {
        out.write(' ');
        out.write(scalar(value, indent + 2, indent + 2));
      }
    }
  }
}

/** Field names need no look at each character; most keys are such. */
const FIELD_NAME = /^[a-z][A-Za-z]{5,40}$/;

/** The key as it stands before its colon, or undefined for one that needs a question mark. */
function simpleKey(key: string): string | undefined {
  if (FIELD_NAME.test(key)) return key;
  if (!scalarFits(key, LONGEST_SIMPLE_KEY)) return undefined;
  return renderScalar(key, { column: 0, indent: 0, key: true });
}

function writeValue(value: unknown, indent: number, column: number, out: Pen): void {
  if (isMap(value) && !isEmpty(value)) {
    breakLine(out, ' '.repeat(indent + 2));
    writeMap(value, indent + 2, out, true);
  } else if (Array.isArray(value) && value.length > 0) {
    // A list inside a map is not indented further.
    breakLine(out, ' '.repeat(indent));
    writeList(value, indent, out, true);
  } else {
    out.write(' ');
    out.write(scalar(value, column + 1, indent + 2));
  }
}

function writeList(list: readonly unknown[], indent: number, out: Pen, fresh: boolean): void {
  const pad = ' '.repeat(indent);
  let first = fresh;
  for (const item of list) {
    if (first) first = false;
    else breakLine(out, pad);
    out.write('- ');
    if (isMap(item) && !isEmpty(item)) writeMap(item, indent + 2, out, true);
    else if (Array.isArray(item) && item.length > 0) writeList(item, indent + 2, out, true);
    else out.write(scalar(item, indent + 2, indent + 2));
  }
}

/** A new line, unless a literal block already ended with one. */
function breakLine(out: Pen, pad: string): void {
  out.write(out.onNewLine ? pad : `\n${pad}`);
}

/** The text so far. Appending to one string is what V8 does best, as long as nobody looks at its end. */
class Pen {
  text = '';
  onNewLine = false;

  write(piece: string): void {
    this.text += piece;
    this.onNewLine = piece.charCodeAt(piece.length - 1) === 10;
  }
}

function scalar(value: unknown, column: number, indent: number): string {
  if (typeof value === 'string') return renderScalar(value, { column, indent, key: false });
  if (typeof value === 'number') return goNumber(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (Array.isArray(value)) return '[]';
  return value === null || value === undefined ? 'null' : '{}';
}

/** Whole numbers that fit 64 bits in full, others as strconv.FormatFloat(f, 'g', -1, 64). */
function goNumber(value: number): string {
  if (Number.isInteger(value) && value > -(2 ** 63) && value < 2 ** 64) return String(value);
  const [digits, exponent] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return value.toFixed(Math.max(0, fractionDigits(digits) - power));
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

const fractionDigits = (digits: string): number => (digits.includes('.') ? digits.length - digits.indexOf('.') - 1 : 0);

function sortedKeys(map: Json): string[] {
  const keys: string[] = [];
  for (const key of Object.keys(map)) if (map[key] !== undefined) keys.push(key);
  return keys.length < 2 ? keys : keys.sort(compareKeys);
}
