/** What only Windows understands: its users, its credentials, and containers that are processes of the host. */
import { isDns1123Subdomain } from '../../meta/names';
import { utf8Length } from '../../meta/text';
import { asObject, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { containersOf } from './containers-of';
import { invalid, invalids } from './errors';

const MAX_CREDENTIALS_KIB = 64;
const MAX_DOMAIN = 256;
const MAX_USER = 104;
const NETBIOS = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const DOMAIN = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;
const CONTROL = /\p{Cc}/u;

/** As validateWindowsSecurityContextOptions. */
export function validateWindowsOptions(options: unknown, path: string): FieldError[] {
  if (!isSet(options)) return [];
  const { gmsaCredentialSpecName: name, gmsaCredentialSpec: credentials, runAsUserName: user } = asObject(options);
  const errors: FieldError[] = [];
  if (typeof name === 'string') {
    errors.push(...invalids(`${path}.gmsaCredentialSpecName`, name, isDns1123Subdomain(name)));
  }
  const at = `${path}.gmsaCredentialSpec`;
  if (credentials === '') errors.push(invalid(at, credentials, 'gmsaCredentialSpec cannot be an empty string'));
  else if (typeof credentials === 'string' && utf8Length(credentials) > MAX_CREDENTIALS_KIB * 1024) {
    errors.push(invalid(at, credentials, `gmsaCredentialSpec size must be under ${MAX_CREDENTIALS_KIB} KiB`));
  }
  if (typeof user === 'string') errors.push(...invalids(`${path}.runAsUserName`, user, wrongUserName(user)));
  return errors;
}

function wrongUserName(name: string): string[] {
  if (name === '') return ['runAsUserName cannot be an empty string'];
  if (CONTROL.test(name)) return ['runAsUserName cannot contain control characters'];
  const parts = name.split('\\');
  if (parts.length > 2) return ['runAsUserName cannot contain more than one backslash'];
  const user = parts.at(-1)!;
  const domain = parts.length === 2 ? parts[0]! : undefined;
  const messages: string[] = [];
  if (domain !== undefined) {
    if (utf8Length(domain) >= MAX_DOMAIN) {
      messages.push(`runAsUserName's Domain length must be under ${MAX_DOMAIN} characters`);
    }
    if (!NETBIOS.test(domain) && !DOMAIN.test(domain)) {
      messages.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
    }
  }
  if (user === '') messages.push("runAsUserName's User cannot be empty");
  else if (utf8Length(user) > MAX_USER) {
    messages.push(`runAsUserName's User length must not be longer than ${MAX_USER} characters`);
  }
  if (/^[. ]+$/.test(user)) messages.push("runAsUserName's User cannot contain only periods or spaces");
  if (/["/\\:;|=,+*?<>@[\]]/.test(user)) {
    messages.push('runAsUserName\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]');
  }
  return messages;
}

/** Containers that are processes of their host come alone (as validateWindowsHostProcessPod). */
export function validateHostProcess(spec: Json, path: string): FieldError[] {
  const own = (holder: Json): unknown => asObject(asObject(holder.securityContext).windowsOptions).hostProcess;
  const pod = own(spec);
  const containers = containersOf(spec, path);
  if (!isSet(pod) && !containers.some(([container]) => isSet(own(container)))) return [];
  const errors: FieldError[] = [];
  let count = 0;
  for (const [container, at] of containers) {
    const value = own(container);
    if (isSet(pod) && isSet(value) && pod !== value) {
      const why = `pod hostProcess value must be identical if both are specified, was ${String(pod)}`;
      errors.push(invalid(`${at}.securityContext.windowsOptions.hostProcess`, value, why));
    }
    if ((value ?? pod) === true) count++;
  }
  if (count === 0) return errors;
  if (count !== containers.length) {
    const why = 'If pod contains any hostProcess containers then all containers must be HostProcess containers';
    errors.push(invalid(path, '', why));
  }
  if (spec.hostNetwork !== true) {
    const why = 'hostNetwork must be true if pod contains any hostProcess containers';
    errors.push(invalid(`${path}.hostNetwork`, false, why));
  }
  return errors;
}
