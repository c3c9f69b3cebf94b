/** IP addresses and ranges as the API server reads them. */
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

export const validateIP = (path: string, text: string): FieldError[] =>
  isIP(text) ? [] : [invalid(path, text, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')];

export function validateCIDR(path: string, text: string): FieldError[] {
  const [address, bits, ...rest] = text.split('/');
  const most = isIPv4(address!) ? 32 : isIPv6(address!) ? 128 : -1;
  const fine = rest.length === 0 && /^\d{1,3}$/.test(bits ?? '') && Number(bits) <= most;
  return fine ? [] : [invalid(path, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')];
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
