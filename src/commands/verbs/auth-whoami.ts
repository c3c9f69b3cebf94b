/** `stsctl auth whoami`. */

import { typedJson } from '../../core/meta/typed-json';
import { outputFlags } from '../flags/common';
import type { CommandBackend } from '../host';
import { checkTemplate, parseFormat, printStructured } from '../output/format';
import { usageError } from '../targets';
import type { Verb } from '../verb';

interface UserInfo {
  readonly username?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

interface Review {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: object;
  readonly status: { readonly userInfo: UserInfo };
}

/** Whom the simulated cluster knows. */
const REVIEW: Review = {
  kind: 'SelfSubjectReview',
  apiVersion: 'authentication.k8s.io/v1',
  metadata: {},
  status: { userInfo: { username: 'kubernetes-admin', groups: ['kubeadm:cluster-admins', 'system:authenticated'] } },
};

async function reviewOf({ remote }: CommandBackend): Promise<Review> {
  if (!remote) return REVIEW;
  const { kind, apiVersion } = REVIEW;
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const answer = await remote.raw({ method: 'POST', path, body: JSON.stringify({ kind, apiVersion }) });
  return JSON.parse(answer) as Review;
}

export const verb: Verb = {
  usage: 'auth whoami',
  long: 'Shows as whom commands work. The simulated cluster knows one user, who may do everything.',
  examples: `# Who am I?
stsctl auth whoami

# Only the name
stsctl auth whoami -o jsonpath='{.status.userInfo.username}'`,
  flags: outputFlags(),
  run: async (context) => {
    const { flags, io, args, host } = context;
    const format = parseFormat(flags, host);
    await checkTemplate(format);
    if (args.length > 0) throw usageError(context, `unexpected arguments: [${args.join(' ')}]`);
    const review = await reviewOf(await context.backend());
    if (format.kind === 'human') return io.out(tableOf(review.status.userInfo));
    if (format.kind === 'name') return io.out('selfsubjectreview.authentication.k8s.io/<unknown>\n');
    if (format.kind === 'json') return io.out(`${typedJson(review, 4)}\n`);
    io.out(await printStructured(format, review, flags.bool('allow-missing-template-keys')));
  },
};

/** What is known of a user, a line each (as printTableSelfSubjectAccessReview). */
function tableOf({ username, uid, groups = [], extra = {} }: UserInfo): string {
  const list = (values: readonly string[]): string => `[${values.join(' ')}]`;
  const rows = [
    ['ATTRIBUTE', 'VALUE'],
    ...(username ? [['Username', username]] : []),
    ...(uid ? [['UID', uid]] : []),
    ...(groups.length > 0 ? [['Groups', list(groups)]] : []),
    ...Object.keys(extra)
      .sort()
      .map((key) => [`Extra: ${key}`, list(extra[key] ?? [])]),
  ];
  const width = Math.max(...rows.map(([name = '']) => name.length)) + 3;
  return rows.map(([name = '', value]) => `${name.padEnd(width)}${value}\n`).join('');
}
