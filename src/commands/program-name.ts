/** The name by which the user called the program: a link named `kubectl` makes every text speak of `kubectl`. */

export const OWN_NAME = 'stsctl';

/**
 * Our own words with commands named as the user called the program. Only the bare word in front of a blank or a quote counts,
 * so that `stsctl.dev/ready` and paths stay. Never for what objects hold.
 */
export const asCalled = (text: string, program: string): string =>
  program === OWN_NAME ? text : text.replace(/(?<![\w./-])stsctl(?=[ "']|$)/gm, program);
