/** Base64 as Go's decoder reads it. */

const DIGIT = /[A-Za-z0-9+/]/;

/** The first byte that Go's decoder refuses: newlines are passed over, padding is needed and ends the text. */
export function corruptByte(bytes: Uint8Array): number | undefined {
  const shown: { character: string; at: number }[] = [];
  bytes.forEach((byte, at) => {
    if (byte !== 10 && byte !== 13) shown.push({ character: String.fromCharCode(byte), at });
  });
  for (let i = 0; i < shown.length; i++) {
    const { character, at } = shown[i]!;
    if (DIGIT.test(character)) continue;
    const place = i % 4;
    if (character !== '=' || place < 2) return at;
    if (place === 2 && shown[i + 1] === undefined) return bytes.length;
    if (place === 2 && shown[i + 1]!.character !== '=') return shown[i + 1]!.at - 1;
    return shown[i + (place === 2 ? 2 : 1)]?.at;
  }
  const rest = shown.length % 4;
  return rest === 0 ? undefined : bytes.length - rest;
}
