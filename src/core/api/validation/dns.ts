/** How a pod finds names and which names it has: its resolver, its hosts file, its host name (as validatePodDNSConfig and kin). */
import { isDns1123Subdomain, isDns1123SubdomainWithUnderscore } from '../../meta/names';
import { utf8Length } from '../../meta/text';
import { asList, asObject, asString, asStrings, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { forbidden, invalid, invalids, required, tooLong } from './errors';
import { validateIP } from './ip';

const MAX_SERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_CHARACTERS = 2048;
const MAX_HOST_NAME = 64;

export function validateDnsConfig(spec: Json, path: string): FieldError[] {
  if (!isSet(spec.dnsConfig) && spec.dnsPolicy !== 'None') return [];
  const config = asObject(spec.dnsConfig);
  const servers = asStrings(config.nameservers);
  const searches = asStrings(config.searches);
  if (spec.dnsPolicy === 'None') {
    if (!isSet(spec.dnsConfig)) return [required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')];
    if (servers.length === 0) {
      const why = 'must provide at least one DNS nameserver when `dnsPolicy` is None';
      return [required(`${path}.nameservers`, why)];
    }
  }
  const errors: FieldError[] = [];
  if (servers.length > MAX_SERVERS) {
    errors.push(invalid(`${path}.nameservers`, servers, `must not have more than ${MAX_SERVERS} nameservers`));
  }
  for (const [i, server] of servers.entries()) errors.push(...validateIP(`${path}.nameservers[${i}]`, server));
  if (searches.length > MAX_SEARCHES) {
    errors.push(invalid(`${path}.searches`, searches, `must not have more than ${MAX_SEARCHES} search paths`));
  }
  if (utf8Length(searches.join(' ')) > MAX_SEARCH_CHARACTERS) {
    const why = `must not have more than ${MAX_SEARCH_CHARACTERS} characters (including spaces) in the search list`;
    errors.push(invalid(`${path}.searches`, searches, why));
  }
  for (const [i, search] of searches.entries()) {
    if (search === '.') continue;
    const plain = search.endsWith('.') ? search.slice(0, -1) : search;
    errors.push(...invalids(`${path}.searches[${i}]`, plain, isDns1123SubdomainWithUnderscore(plain)));
  }
  for (const [i, option] of asList(config.options).entries()) {
    if (!asString(option.name)) errors.push(required(`${path}.options[${i}]`, 'must not be empty'));
  }
  return errors;
}

export function validateHostAliases(aliases: readonly Json[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [i, alias] of aliases.entries()) {
    errors.push(...validateIP(`${path}[${i}].ip`, asString(alias.ip)));
    for (const [j, host] of asStrings(alias.hostnames).entries()) {
      errors.push(...invalids(`${path}[${i}].hostnames[${j}]`, host, isDns1123Subdomain(host)));
    }
  }
  return errors;
}

/** As validatePodHostName. */
export function validateHostnameOverride(spec: Json, path: string): FieldError[] {
  if (!isSet(spec.hostnameOverride)) return [];
  const name = asString(spec.hostnameOverride);
  const at = `${path}.hostnameOverride`;
  const errors: FieldError[] = [];
  if (spec.setHostnameAsFQDN === true) {
    errors.push(forbidden(at, 'may not be specified when setHostnameAsFQDN is true'));
  }
  if (spec.hostNetwork === true) errors.push(forbidden(at, 'may not be specified when hostNetwork is true'));
  if (utf8Length(name) > MAX_HOST_NAME) errors.push(tooLong(at, MAX_HOST_NAME));
  return [...errors, ...invalids(at, name, isDns1123Subdomain(name))];
}
