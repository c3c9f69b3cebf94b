/** The token subresource of service accounts: a token for one, for a while, perhaps only as long as another object lives. */
import { randomUUID } from 'node:crypto';
import { resourceForKind, splitApiVersion } from '../api/resources';
import { ApiError, badRequest, type FieldError, invalid } from '../api/status';
import type { KubeObject, Pod } from '../api/types';
import type { Backend } from '../client/backend';
import type { ServedBackend } from '../client/served';
import { toTime } from '../meta/time';
import { type Answer, type Call, unrecognizedAs } from './call';
import { methodNotAllowed } from './status';
import type { Target } from './target';
import { type Claims, ISSUER, type TokenRef, type Tokens } from './tokens';

const VERSION = 'authentication.k8s.io/v1';
const DEFAULT_S = 3600;
const LEAST_S = 600;
const MOST_S = 2 ** 32;

interface Spec {
  readonly audiences?: readonly string[] | null;
  readonly expirationSeconds?: number | null;
  readonly boundObjectRef?: {
    readonly kind?: string;
    readonly apiVersion?: string;
    readonly name?: string;
    readonly uid?: string;
  } | null;
}

/** Throws Invalid, BadRequest, NotFound, and Conflict for an object that was made anew. As TokenREST.Create. */
export async function answerToken(
  { backend, tokens }: { readonly backend: ServedBackend; readonly tokens: Tokens },
  call: Call,
  { resource, namespace = '', name = '' }: Target,
): Promise<Answer> {
  if (call.method !== 'POST') throw methodNotAllowed();
  const { metadata, spec } = requestIn(await call.body(unrecognizedAs('TokenRequest')));
  check({ metadata, spec }, namespace, name);
  const status = await backend.perform(async (cluster) => {
    const account = await cluster.get(resource, namespace, name);
    const bound = await boundTo(cluster, namespace, name, spec.boundObjectRef);
    const seconds = Math.floor((await cluster.now()) / 1000);
    const exp = seconds + (spec.expirationSeconds ?? DEFAULT_S);
    const claims: Claims = {
      aud: audiencesOf(spec),
      exp,
      iat: seconds,
      iss: ISSUER,
      jti: randomUUID(),
      'kubernetes.io': { namespace, ...bound, serviceaccount: refTo(account) },
      nbf: seconds,
      sub: `system:serviceaccount:${namespace}:${name}`,
    };
    return { token: tokens.sign(claims), expirationTimestamp: toTime(exp * 1000), made: toTime(seconds * 1000) };
  }, call.warn);
  const { made, ...told } = status;
  const answer = {
    kind: 'TokenRequest',
    apiVersion: VERSION,
    metadata: { name, namespace, creationTimestamp: made },
    spec: {
      audiences: audiencesOf(spec),
      expirationSeconds: spec.expirationSeconds ?? DEFAULT_S,
      boundObjectRef: spec.boundObjectRef ?? null,
    },
    status: told,
  };
  return { code: 201, body: answer };
}

const audiencesOf = ({ audiences }: Spec): readonly string[] => (audiences?.length ? audiences : [ISSUER]);

const refTo = ({ metadata: { name, uid } }: KubeObject): TokenRef => ({ name, uid });

interface Asked {
  readonly metadata: { readonly name?: string; readonly namespace?: string };
  readonly spec: Spec;
}

/** Throws BadRequest. */
function requestIn(body: unknown): Asked {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw badRequest('the object provided is unrecognized (must be of type TokenRequest)');
  const {
    apiVersion = VERSION,
    kind = 'TokenRequest',
    metadata,
    spec,
  } = body as Partial<Asked> & Record<string, unknown>;
  if (apiVersion !== VERSION || kind !== 'TokenRequest')
    throw badRequest(
      `the API version in the data (${String(apiVersion)}) does not match the expected API version (${VERSION})`,
    );
  const wanted = spec ?? {};
  const { audiences, expirationSeconds } = wanted;
  const isRight =
    (!audiences || (Array.isArray(audiences) && audiences.every((one) => typeof one === 'string'))) &&
    Number.isSafeInteger(expirationSeconds ?? 0);
  if (!isRight) throw badRequest('the spec of the TokenRequest can not be read');
  return { metadata: metadata ?? {}, spec: wanted };
}

/** As the strategy and ValidateTokenRequest. */
function check({ metadata, spec }: Asked, namespace: string, name: string): void {
  const errors: FieldError[] = [];
  const says = (field: string, value: unknown, detail: string): void =>
    void errors.push({ type: 'Invalid value', field, value, detail });
  if (metadata.name && metadata.name !== name)
    says('metadata.name', metadata.name, 'must match the service account name if specified');
  if (metadata.namespace && metadata.namespace !== namespace)
    says('metadata.namespace', metadata.namespace, 'must match the service account namespace if specified');
  const seconds = spec.expirationSeconds ?? DEFAULT_S;
  if (seconds < LEAST_S) says('spec.expirationSeconds', seconds, 'may not specify a duration less than 10 minutes');
  if (seconds > MOST_S) says('spec.expirationSeconds', seconds, 'may not specify a duration larger than 2^32 seconds');
  if (errors.length > 0) throw invalid('authentication.k8s.io', 'TokenRequest', name, errors);
}

type Bound = Partial<Record<'pod' | 'secret' | 'node', TokenRef>>;

async function boundTo(
  cluster: Backend,
  namespace: string,
  account: string,
  ref: Spec['boundObjectRef'],
): Promise<Bound> {
  if (!ref) return {};
  const { kind = '', apiVersion = '', name = '', uid } = ref;
  const [group, version] = splitApiVersion(apiVersion);
  const resource = group === '' && ['Pod', 'Secret', 'Node'].includes(kind) ? resourceForKind('v1', kind) : undefined;
  if (!resource) throw badRequest(`cannot bind token to object of type ${group}/${version}, Kind=${kind}`);
  const object = await cluster.get(resource, resource.namespaced ? namespace : undefined, name);
  const { serviceAccountName = 'default', nodeName } =
    kind === 'Pod' ? (object as unknown as Pod).spec : ({} as Partial<Pod['spec']>);
  if (kind === 'Pod' && serviceAccountName !== account)
    throw badRequest(
      `cannot bind token for serviceaccount ${JSON.stringify(account)} to pod running with serviceaccount ` +
        `${JSON.stringify(serviceAccountName)}`,
    );
  if (uid && uid !== object.metadata.uid) throw madeAnew(kind, name, uid, object.metadata.uid);
  // A pod's token names its node, too.
  const node = nodeName ? await nodeAt(cluster, nodeName) : undefined;
  return { [kind.toLowerCase()]: refTo(object), ...(node && { node }) };
}

async function nodeAt(cluster: Backend, name: string): Promise<TokenRef | undefined> {
  const nodes = await cluster.list(resourceForKind('v1', 'Node')!, undefined);
  const node = nodes.items.find(({ metadata }) => metadata.name === name);
  return node && refTo(node);
}

const madeAnew = (kind: string, name: string, uid: string, now: string): ApiError =>
  new ApiError({
    apiVersion: 'v1',
    kind: 'Status',
    metadata: {},
    status: 'Failure',
    message:
      `Operation cannot be fulfilled on ${kind} ${JSON.stringify(name)}: the UID in the bound object reference (${uid}) does ` +
      `not match the UID in record (${now}). The object might have been deleted and then recreated`,
    reason: 'Conflict',
    details: { name, kind },
    code: 409,
  });
