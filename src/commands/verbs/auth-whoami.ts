/** `stsctl auth whoami`. */

import { typedJson } from '../../core/meta/typed-json';
import { outputFlags } from '../flags/common';
import type { CommandBackend } from '../host';
import { checkTemplate, parseFormat, printStructured } from '../output/format';
import { usageError } from '../targets';
import type { Verb } from '../verb';

interface Review {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: object;
  readonly status: { readonly userInfo: { readonly username?: string; readonly groups?: readonly string[] } };
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
    const { username = '', groups = [] } = review.status.userInfo;
    if (format.kind === 'human')
      return io.out(`ATTRIBUTE   VALUE\nUsername    ${username}\nGroups      [${groups.join(' ')}]\n`);
    if (format.kind === 'name') return io.out('selfsubjectreview.authentication.k8s.io/<unknown>\n');
    if (format.kind === 'json') return io.out(`${typedJson(review, 4)}\n`);
    io.out(await printStructured(format, review, flags.bool('allow-missing-template-keys')));
  },
};
