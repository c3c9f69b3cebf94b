/** IP addresses and ranges as the API server reads them. */
import { goQuote } from '../../meta/gofmt';
import type { FieldError } from '../status';
import { invalid, invalids } from './errors';

/** Leading zeros are tolerated (as netutils.ParseIPSloppy). */
export function isIPv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

export function isIPv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1);
  const embedded = last?.includes('.') === true;
  if (embedded && !isIPv4(last!)) return false;
  const hex = embedded ? groups.slice(0, -1) : groups;
  if (!hex.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  const count = hex.length + (embedded ? 2 : 0);
  return halves.length === 2 ? count < 8 : count === 8;
}

export const isIP = (text: string): boolean => isIPv4(text) || isIPv6(text);

/** As IsValidIPForLegacyField with StrictIPCIDRValidation. Addresses that were stored before may stay as they are. */
export function validateIP(path: string, text: string): FieldError[] {
  if (!isIP(text)) return [invalid(path, text, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')];
  if (hasLeadingZeros(text)) return [invalid(path, text, 'must not have leading 0s')];
  return isMapped(text) ? [invalid(path, text, 'must not be an IPv4-mapped IPv6 address')] : [];
}

/** `10.0.0.01`, also at the end of an IPv6 address. */
const hasLeadingZeros = (text: string): boolean => {
  const tail = text.slice(text.lastIndexOf(':') + 1);
  return tail.includes('.') && tail.split('.').some((part) => part.length > 1 && part.startsWith('0'));
};

const isMapped = (text: string): boolean => {
  const groups = text.includes(':') ? ipv6Groups(text) : [];
  return groups.length === 8 && groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
};

/** The eight numbers of an IPv6 address that is one. */
function ipv6Groups(text: string): number[] {
  const read = (part: string): number[] =>
    part === '' ? [] : part.split(':').flatMap((group) => (group.includes('.') ? pair(group) : [parseInt(group, 16)]));
  const [head = '', tail] = text.split('::');
  const before = read(head);
  const after = tail === undefined ? [] : read(tail);
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function pair(ipv4: string): number[] {
  const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number);
  return [a * 256 + b, c * 256 + d];
}

/** What the API server says of an address that it accepts but would write otherwise (as GetWarningsForIP). */
export function ipWarnings(path: string, text: string): string[] {
  if (!text.includes(':') || validateIP(path, text).length > 0) return [];
  const canonical = canonicalIPv6(text);
  if (canonical === text) return [];
  return [`${path}: IPv6 address ${goQuote(text)} should be in RFC 5952 canonical format (${goQuote(canonical)})`];
}

/** The longest run of zeros, of two groups at least and the first of equals, becomes `::`. */
function canonicalIPv6(text: string): string {
  const groups = ipv6Groups(text);
  let [start, length] = [-1, 1];
  for (let i = 0; i < groups.length; i++) {
    let end = i;
    while (groups[end] === 0) end++;
    if (end - i > length) [start, length] = [i, end - i];
  }
  const hex = groups.map((group) => group.toString(16));
  if (start < 0) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

/** As IsValidCIDRForLegacyField with StrictIPCIDRValidation, which is on since 1.36. */
export function validateCIDR(path: string, text: string): FieldError[] {
  const [address = '', bits = '', ...rest] = text.split('/');
  const most = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  if (rest.length > 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > most) {
    return [invalid(path, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')];
  }
  if (hasLeadingZeros(address) || (bits.length > 1 && bits.startsWith('0'))) {
    return [invalid(path, text, 'must not have leading 0s in IP or prefix length')];
  }
  if (isMapped(address)) return [invalid(path, text, 'must not have an IPv4-mapped IPv6 address')];
  return hasHostBits(address, Number(bits)) ? [invalid(path, text, BEYOND_PREFIX)] : [];
}

const BEYOND_PREFIX = 'must not have bits set beyond the prefix length';

/** Whether a bit is set that the prefix does not cover. */
function hasHostBits(address: string, prefix: number): boolean {
  const groups = address.includes(':') ? ipv6Groups(address) : pair(address);
  return groups.some((group, i) => {
    const covered = Math.min(16, Math.max(0, prefix - i * 16));
    return (group & (0xffff >> covered)) !== 0;
  });
}

/** What is accepted as a range but would be written otherwise (as GetWarningsForCIDR). */
export function cidrWarnings(path: string, text: string): string[] {
  if (!text.includes(':') || validateCIDR(path, text).length > 0) return [];
  const [address = '', bits = ''] = text.split('/');
  const canonical = `${canonicalIPv6(address)}/${bits}`;
  if (canonical === text) return [];
  return [`${path}: IPv6 CIDR value ${goQuote(text)} should be in RFC 5952 canonical format (${goQuote(canonical)})`];
}

/** As ValidateNonSpecialIP: no unspecified, loopback or link-local addresses. */
export function validateNonSpecialIP(text: string, path: string): FieldError[] {
  if (!isIP(text)) return [invalid(path, text, 'must be a valid IP address')];
  const lower = text.toLowerCase();
  const v4 = isIPv4(text) ? text.split('.').map(Number) : undefined;
  const messages: string[] = [];
  if (lower === '::' || text === '0.0.0.0') messages.push(`may not be unspecified (${text})`);
  if (v4?.[0] === 127 || lower === '::1') messages.push('may not be in the loopback range (127.0.0.0/8, ::1/128)');
  if ((v4?.[0] === 169 && v4[1] === 254) || /^fe[89ab]/.test(lower)) {
    messages.push('may not be in the link-local range (169.254.0.0/16, fe80::/10)');
  }
  if ((v4?.[0] === 224 && v4[1] === 0 && v4[2] === 0) || /^ff.2:/.test(lower)) {
    messages.push('may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)');
  }
  return invalids(path, text, messages);
}
