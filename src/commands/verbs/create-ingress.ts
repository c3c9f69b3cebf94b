/** `stsctl create ingress`. */
import { CommandError } from '../../core/client/errors';
import { createGenerated, generatorFlags, nameOf, namespaceOf } from '../generators';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'create ingress NAME --rule=host/path=service:port[,tls[=secret]]',
  long: 'Creates an Ingress. It is kept and shown; nothing answers under its hosts.',
  examples: `# Everything under a host goes to a Service
stsctl create ingress web --rule='web.example.com/*=nginx:80'

# The same with a certificate
stsctl create ingress tls --class=nginx --rule='web.example.com/*=nginx:80,tls=web-cert'

# What no rule is for
stsctl create ingress rest --default-backend=nginx:web --annotation=team=data`,
  flags: [
    ...generatorFlags(),
    {
      name: 'rule',
      type: 'array',
      help: 'host/path=service:port[,tls[=secret]]; a * behind the path takes all below it.',
    },
    { name: 'class', type: 'string', default: '', help: 'The class of the Ingress.' },
    { name: 'default-backend', type: 'string', default: '', help: 'service:port for what no rule is for.' },
    { name: 'annotation', type: 'array', help: 'An annotation, as in a=b.' },
  ],
  run: async (context) => {
    const name = nameOf(context);
    const { flags } = context;
    const [rules, fallback, className] = [flags.list('rule'), flags.string('default-backend'), flags.string('class')];
    if (rules.length === 0 && fallback === '')
      throw new CommandError(
        'not enough information provided: every ingress has to either specify a default-backend (which catches all ' +
          'traffic) or a list of rules (which catch specific paths)',
      );
    for (const rule of rules)
      if (!RULE.test(rule))
        throw new CommandError(
          `rule ${rule} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`,
        );
    const annotations = annotationsOf(flags.list('annotation'));
    if (fallback !== '' && !/^[^:]+:[^:]+$/.test(fallback))
      throw new CommandError('default-backend should be in format servicename:serviceport');
    const parsed = rules.map(parseRule);
    const tls = tlsOf(parsed);
    await createGenerated(
      context,
      'ingresses',
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name, ...(annotations && { annotations }), ...namespaceOf(context) },
        spec: {
          ...(className !== '' && { ingressClassName: className }),
          ...(fallback !== '' && { defaultBackend: backendOf(fallback) }),
          ...(tls.length > 0 && { tls }),
          ...(rules.length > 0 && { rules: rulesOf(parsed) }),
        },
        status: { loadBalancer: {} },
      },
      'ingress:',
    );
  },
};

/** As ruleRegex: the host may be a wildcard or absent, the path ends in `*` for all below it. */
const RULE = /^(?<host>[\w*\-.]*)(?<path>\/[^=]*)=(?<service>[\w-]+:[\w-]+)(?<tls>,tls(?:=(?<secret>.*))?)?$/;

interface Rule {
  readonly host: string;
  readonly path: { readonly path: string; readonly pathType: string; readonly backend: object };
  /** The Secret of the certificate, empty for the usual one; undefined without TLS. */
  readonly secret: string | undefined;
}

function parseRule(text: string): Rule {
  const { host = '', path = '', service = '', tls, secret = '' } = RULE.exec(text)?.groups ?? {};
  const prefix = path.endsWith('*');
  return {
    host,
    path: {
      path: prefix ? path.slice(0, -1) : path,
      pathType: prefix ? 'Prefix' : 'Exact',
      backend: backendOf(service),
    },
    secret: tls === undefined ? undefined : secret,
  };
}

function backendOf(text: string): object {
  const [name, port] = text.split(':');
  return { service: { name, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } } };
}

/** Rules of one host share an entry. */
const rulesOf = (rules: readonly Rule[]): object[] =>
  [...new Set(rules.map((rule) => rule.host))].map((host) => ({
    ...(host !== '' && { host }),
    http: { paths: rules.filter((rule) => rule.host === host).map((rule) => rule.path) },
  }));

const tlsOf = (rules: readonly Rule[]): object[] => {
  const secured = rules.flatMap(({ host, secret }) => (secret === undefined ? [] : [{ host, secret }]));
  return [...new Set(secured.map((rule) => rule.secret))].map((secret) => {
    const hosts = [...new Set(secured.filter((rule) => rule.secret === secret && rule.host !== '').map((r) => r.host))];
    return { ...(hosts.length > 0 && { hosts }), ...(secret !== '' && { secretName: secret }) };
  });
};

function annotationsOf(pairs: readonly string[]): Readonly<Record<string, string>> | undefined {
  const annotations: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at <= 0) throw new CommandError(`annotation ${pair} is invalid and should be in format key=[value]`);
    annotations[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return pairs.length === 0 ? undefined : annotations;
}
