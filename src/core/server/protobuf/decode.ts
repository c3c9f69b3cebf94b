/** A protobuf body as the object that JSON would be: typed clients send their requests so, and do not fall back. */
import { toTime } from '../../meta/time';
import { messageNamed, messageOf, type ProtobufField } from './messages';

export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** A message, a field or an encoding that is not known here. */
export class ProtobufError extends Error {}

const MAGIC = [0x6b, 0x38, 0x73, 0x00];

/** Reads the envelope (runtime.Unknown) and the object inside. Throws ProtobufError. */
export function decodeProtobuf(bytes: Uint8Array): object {
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) throw new ProtobufError('it does not begin as protobuf does');
  let type: Record<string, unknown> = {};
  let raw = new Uint8Array();
  for (const { number, value } of fieldsOf(bytes.subarray(MAGIC.length))) {
    if (number === 1) type = message('TypeMeta', bytesIn(value));
    if (number === 2) raw = Uint8Array.from(bytesIn(value));
  }
  const { apiVersion, kind } = type;
  return { apiVersion, kind, ...message(messageNamed(String(apiVersion), String(kind)), raw) };
}

type Value = bigint | Uint8Array;

function* fieldsOf(bytes: Uint8Array): Iterable<{ readonly number: number; readonly value: Value }> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) break;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw new ProtobufError('a number is cut short');
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    if ((tag & 7) === 0) {
      yield { number: tag >> 3, value: varint() };
    } else if ((tag & 7) === 2) {
      const length = Number(varint());
      if (length < 0 || at + length > bytes.length) throw new ProtobufError('a field is cut short');
      yield { number: tag >> 3, value: bytes.subarray(at, at + length) };
      at += length;
    } else throw new ProtobufError(`wire type ${tag & 7} is not used`);
  }
}

function message(name: string, bytes: Uint8Array): Record<string, unknown> {
  const fields = messageOf(name);
  if (!fields) throw new ProtobufError(`the message ${name} is not known`);
  const object = new Map<string, unknown>();
  for (const { number, value } of fieldsOf(bytes)) {
    const field = fields.get(number);
    if (!field) throw new ProtobufError(`field ${number} of ${name} is not known`);
    put(object, field, value);
  }
  return Object.fromEntries(object);
}

function put(object: Map<string, unknown>, { name, type, wrap }: ProtobufField, value: Value): void {
  if (name === '^') {
    for (const [inner, held] of Object.entries(message(type, bytesIn(value)))) object.set(inner, held);
  } else if (wrap === 'list') {
    object.set(name, [...((object.get(name) as unknown[] | undefined) ?? []), read(type, value)]);
  } else if (wrap === 'map') {
    let key = '';
    let held: unknown = read(type, type === 'i' || type === 'b' ? 0n : new Uint8Array());
    for (const entry of fieldsOf(bytesIn(value))) {
      if (entry.number === 1) key = text(entry.value);
      else held = read(type, entry.value);
    }
    object.set(
      name,
      Object.fromEntries([...Object.entries((object.get(name) as object | undefined) ?? {}), [key, held]]),
    );
  } else object.set(name, read(type, value));
}

function read(type: string, value: Value): unknown {
  switch (type) {
    case 's':
      return text(value);
    case 'i':
      return Number(numberIn(value));
    case 'b':
      return numberIn(value) !== 0n;
    case 'y':
      return Buffer.from(bytesIn(value)).toString('base64');
    case 'q': {
      const [first] = fieldsOf(bytesIn(value));
      return first ? text(first.value) : '0';
    }
    case 't':
    case 'u':
      return time(bytesIn(value), type === 'u');
    case 'x': {
      const parts = new Map([...fieldsOf(bytesIn(value))].map((part) => [part.number, part.value]));
      const kind = parts.get(1);
      if (kind !== undefined && numberIn(kind) === 1n) return text(parts.get(3) ?? new Uint8Array());
      return Number(numberIn(parts.get(2) ?? 0n));
    }
    default:
      return message(type, bytesIn(value));
  }
}

/** No time at all is written as an empty message. */
function time(bytes: Uint8Array, isFine: boolean): string | null {
  const parts = new Map([...fieldsOf(bytes)].map((part) => [part.number, part.value]));
  const seconds = parts.get(1);
  if (seconds === undefined) return null;
  const whole = toTime(Number(numberIn(seconds)) * 1000);
  const micros = Math.floor(Number(numberIn(parts.get(2) ?? 0n)) / 1000);
  return isFine ? whole.replace('Z', `.${String(micros).padStart(6, '0')}Z`) : whole;
}

const text = (value: Value): string => new TextDecoder().decode(bytesIn(value));

function bytesIn(value: Value): Uint8Array {
  if (typeof value === 'bigint') throw new ProtobufError('a number stands where bytes belong');
  return value;
}

function numberIn(value: Value): bigint {
  if (typeof value !== 'bigint') throw new ProtobufError('bytes stand where a number belongs');
  return value;
}
