/** Keys and hash slots, as the cluster specification counts them: CRC16 (XMODEM) modulo 16384, of the part in braces. */

export const SLOTS = 16_384;

export function slotOf(key: string): number {
  const open = key.indexOf('{');
  const close = key.indexOf('}', open + 1);
  const part = open >= 0 && close > open + 1 ? key.slice(open + 1, close) : key;
  return crc16(new TextEncoder().encode(part)) % SLOTS;
}

function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

export type Range = readonly [number, number];

/** `0-5460 5462` */
export const rangesText = (ranges: readonly Range[]): string =>
  ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(' ');

export const countSlots = (ranges: readonly Range[]): number =>
  ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);

/** Shares of all slots for so many masters, as redis-cli deals them out. */
export function shares(masters: number): Range[] {
  const each = SLOTS / masters;
  let first = 0;
  return Array.from({ length: masters }, (_, i): Range => {
    const last = i === masters - 1 ? SLOTS - 1 : Math.min(SLOTS - 1, Math.round(i * each + each - 1));
    const range: Range = [first, Math.max(first, last)];
    first = range[1] + 1;
    return range;
  });
}
