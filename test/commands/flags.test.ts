import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFlags } from '../../src/commands/flags/pflag';
import type { FlagSpec } from '../../src/commands/flags/spec';
import { CommandError } from '../../src/core/client/errors';
import { createCli } from '../support/cli';

const SPECS: readonly FlagSpec[] = [
  { name: 'all', short: 'A', type: 'bool', help: '' },
  { name: 'watch', short: 'w', type: 'bool', help: '' },
  { name: 'no-headers', type: 'bool', help: '' },
  { name: 'output', short: 'o', type: 'string', help: '' },
  { name: 'namespace', short: 'n', type: 'string', help: '' },
  { name: 'replicas', type: 'int', help: '' },
  { name: 'timeout', type: 'duration', help: '' },
  { name: 'dry-run', type: 'string', bare: 'unchanged', help: '' },
];

const read = (...argv: string[]) => {
  const { flags, args } = parseFlags(argv, SPECS);
  return { flags: flags.map((f) => `${f.spec.name}=${f.value}`), args };
};

describe('parseFlags', () => {
  test.each<[string[], string[], string[]]>([
    [['pods', '-n', 'a', 'web'], ['namespace=a'], ['pods', 'web']],
    [['-na', '-o=yaml', '--output', 'json'], ['namespace=a', 'output=yaml', 'output=json'], []],
    [['-Aw', '-ojsonpath={.a}'], ['all=true', 'watch=true', 'output=jsonpath={.a}'], []],
    [['-Awojson'], ['all=true', 'watch=true', 'output=json'], []],
    [['--all=false', '--watch', 'false'], ['all=false', 'watch=true'], ['false']],
    [['--dry-run', 'server'], ['dry-run=unchanged'], ['server']],
    [['--dry-run=server', '-'], ['dry-run=server'], ['-']],
    [['--', '--all', '-n'], [], ['--all', '-n']],
    [['--output='], ['output='], []],
    [['--replicas', '-1'], ['replicas=-1'], []],
    [['-n='], ['namespace=='], []],
  ])('%j', (argv, flags, args) => {
    expect(read(...argv)).toEqual({ flags, args });
  });

  test.each([
    [['--nope'], 'unknown flag: --nope'],
    [['-xq'], "unknown shorthand flag: 'x' in -xq"],
    [['-Axq'], "unknown shorthand flag: 'x' in -xq"],
    [['-o'], "flag needs an argument: 'o' in -o"],
    [['-Ao'], "flag needs an argument: 'o' in -o"],
    [['--output'], 'flag needs an argument: --output'],
    [['--=x'], 'bad flag syntax: --=x'],
    [
      ['--all=maybe'],
      'invalid argument "maybe" for "-A, --all" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
    ],
    [
      ['--replicas=abc'],
      'invalid argument "abc" for "--replicas" flag: strconv.ParseInt: parsing "abc": invalid syntax',
    ],
    [['--timeout=5'], 'invalid argument "5" for "--timeout" flag: time: missing unit in duration "5"'],
  ])('%j is refused', (argv, message) => {
    expect(() => read(...argv)).toThrow(new CommandError(message));
  });

  test('loses no word: every one is a flag, a value or an argument', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('-A', '-n', '--output', 'x', '--no-headers', '-', '--all=true', 'y')),
        (argv) => {
          let parsed: ReturnType<typeof read>;
          try {
            parsed = read(...argv);
          } catch (e) {
            return e instanceof CommandError;
          }
          const withValue = parsed.flags.filter((f) => /^(namespace|output)=/.test(f)).length;
          return parsed.flags.length + withValue + parsed.args.length === argv.length;
        },
      ),
    );
  });
});

describe('mistakes on the command line', () => {
  const cases: [string, string, string][] = [
    ['frobnicate', '', 'error: unknown command "frobnicate" for "stsctl"\n'],
    ['gett pods', '', 'error: unknown command "gett" for "stsctl"\n\nDid you mean this?\n\tset\n\tget\n'],
    ['ge', '', 'error: unknown command "ge" for "stsctl"\n\nDid you mean this?\n\tset\n\tget\n\tcp\n'],
    ['get pods --nope', '', "error: unknown flag: --nope\nSee 'stsctl get --help' for usage.\n"],
    [
      'rollout status -x',
      '',
      "error: unknown shorthand flag: 'x' in -x\nSee 'stsctl rollout status --help' for usage.\n",
    ],
    ['apply', '', 'error: must specify one of -f and -k\n'],
    ['apply -f', '', "error: flag needs an argument: 'f' in -f\nSee 'stsctl apply --help' for usage.\n"],
    ['apply web.yaml', '', "error: Unexpected args: [web.yaml]\nSee 'stsctl apply -h' for help and examples\n"],
    ['apply -f x --dry-run=foo', '', 'error: Invalid dry-run value (foo). Must be "none", "server", or "client".\n'],
    [
      'rollout frob sts/web',
      '',
      'error: unknown command "frob sts/web"\nSee \'stsctl rollout -h\' for help and examples\n',
    ],
    ['rollout undo', '', 'error: required resource not specified\n'],
    ['rollout history sts/x --revision=-1', '', 'error: revision must be a positive integer: -1\n'],
    [
      'certificate approve x',
      '',
      'error: the command "certificate" is not supported: the simulated cluster signs no certificates\n',
    ],
    [
      'apply -k .',
      '',
      'error: the flag --kustomize is not supported: no kustomize is built in. Let kubectl or kustomize make the manifests:\n' +
        '  kubectl kustomize . | stsctl apply -f -\n  kustomize build . | stsctl apply -f -\n',
    ],
    [
      "scale -k it's --replicas=2 -n db",
      '',
      'error: the flag --kustomize is not supported: no kustomize is built in. Let kubectl or kustomize make the manifests:\n' +
        "  kubectl kustomize 'it'\\''s' | stsctl scale -f - --replicas=2 --namespace=db\n" +
        "  kustomize build 'it'\\''s' | stsctl scale -f - --replicas=2 --namespace=db\n",
    ],
    [
      'set image -k x a=b',
      '',
      'error: the flag --kustomize is not supported: no kustomize is built in. Let kubectl or kustomize make the manifests:\n' +
        '  kubectl kustomize x | stsctl set image -f - a=b\n  kustomize build x | stsctl set image -f - a=b\n',
    ],
    ['get pods --context=x', '', 'Error in configuration: context was not found for specified context: x\n'],
    [
      'get pods --request-timeout=foo',
      '',
      'error: Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)\n',
    ],
    ['delete pods --now --grace-period=3', '', 'error: --now and --grace-period cannot be specified together\n'],
    ['delete --all', '', 'error: at least one resource must be specified to use a selector\n'],
    [
      'delete sts web --cascade=x',
      '',
      'error: invalid cascade value (x). Must be "background", "foreground", or "orphan"\n',
    ],
    ['label', '', 'error: one or more resources must be specified as <resource> <name> or <resource>/<name>\n'],
    ['label pods a b', '', 'error: at least one label update is required\n'],
    ['label pod x a=b a-', '', 'error: can not both modify and remove a label in the same command\n'],
    ['annotate pods', '', 'error: at least one annotation update is required\n'],
    ['set image pod/x a=b c', '', 'error: all resources must be specified before image changes: c\n'],
    ['patch sts web -p a --patch-file b', '', 'error: cannot specify --patch and --patch-file together\n'],
    [
      'create ns',
      '',
      "error: exactly one NAME is required, got 0\nSee 'stsctl create namespace -h' for help and examples\n",
    ],
    ['create cm x --from-literal=a', '', 'error: invalid literal source a, expected key=value\n'],
    ['version a', '', 'error: extra arguments: [a]\n'],
    ['wait pod/x', '', 'error: unrecognized condition: []\n'],
    ['wait --for=bogus pod/x', '', 'error: unrecognized condition: "bogus"\n'],
    [
      "wait pod/x --for=jsonpath='{.a}'=b=c",
      '',
      "error: jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'\n",
    ],
    [
      'wait pod/x --for=jsonpath={.a}=',
      '',
      "error: jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3\n",
    ],
    [
      'get sts/web web',
      '',
      "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'stsctl get resource/<resource_name>' instead of 'stsctl get resource resource/<resource_name>'\n",
    ],
    ['get sts.v9.nope web', '', 'error: the server doesn\'t have a resource type "sts"\n'],
    [
      'sim clock sideways',
      '',
      'error: unknown clock "sideways": expected wall, virtual, advance DURATION, settle, until CONDITION, pause, resume or rate NUMBER\nSee \'stsctl sim clock -h\' for help and examples\n',
    ],
  ];
  test.each(cases)('%s', async (command, out, err) => {
    const cli = createCli();
    expect(await cli(command)).toEqual({ out, err, code: 1 });
    cli.dispose();
  });

  test('global flags stand before or after the verb', async () => {
    const cli = createCli();
    const same = { out: '', err: 'No resources found in data namespace.\n', code: 0 };
    expect(await cli('-n data get pods')).toEqual(same);
    expect(await cli('get -n=data pods')).toEqual(same);
    expect(await cli('--namespace data get pods')).toEqual(same);
    expect(await cli('get pods --namespace=data')).toEqual(same);
    cli.dispose();
  });

  test('every command has a help page with examples', async () => {
    const cli = createCli();
    const { ENTRIES } = await import('../../src/commands/verbs');
    const paths = ENTRIES.flatMap((e) => [e.name, ...(e.children ?? []).map((c) => `${e.name} ${c.name}`)]);
    for (const path of paths) {
      const help = await cli(`${path} --help`);
      expect(help.code).toBe(0);
      expect(help.err).toBe('');
      expect(help.out, path).toMatch(/\nExamples:\n {2}# /);
      expect(help.out, path).toContain(`\nUsage:\n  stsctl ${path}`);
    }
    cli.dispose();
  });
});
