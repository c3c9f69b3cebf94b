/** What describe makes of the names of a custom resource's fields, as kubectl 1.36.3 answered. */
import { expect, test } from 'vitest';
import { titleOf } from '../../src/render/describe/generic';

test.each([
  ['creationTimestamp', 'Creation Timestamp'],
  ['HTTPSPort', 'HTTPSPort'],
  ['myURLPath', 'My URLPath'],
  ['fooBarBAZQux', 'Foo Bar BAZQux'],
  ['podCIDR', 'Pod CIDR'],
  ['aBCD', 'A BCD'],
  ['ABCd', 'ABCd'],
  ['theURLs', 'The URLs'],
  ['externalIPs', 'External I Ps'],
  ['podUid', 'Pod UID'],
  ['guidUrlApi', 'GUID URL API'],
  ['a-bC', 'A - B C'],
  ['aÉb', 'A Éb'],
  ['ipv4Address', 'ipv4Address'],
  ['a.bC', 'a.bC'],
])('%s: %s', (field, title) => {
  expect(titleOf(field)).toBe(title);
});
