import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cli, createCli, webYaml } from '../support/cli';

let cli: Cli;
beforeEach(() => {
  cli = createCli({ 'web.yaml': webYaml() });
});
afterEach(() => cli.dispose());

const DEPRECATED = 'Flag --record has been deprecated, --record will be removed in the future\n';
const ok = (out: string, err = DEPRECATED) => ({ out, err, code: 0 });
const cause = async (object = 'sts web'): Promise<string> =>
  (await cli(`get ${object} -o jsonpath={.metadata.annotations.kubernetes\\.io/change-cause}`)).out;

describe('--record', () => {
  test('the history of a rollout shows which command made each revision', async () => {
    await cli('apply -f web.yaml --record');
    await cli('sim clock settle');
    expect(await cli('set image sts/web nginx=nginx:1.22 --record')).toEqual(
      ok('statefulset.apps/web image updated\n'),
    );
    await cli('sim clock settle');
    expect((await cli('rollout history sts web')).out).toBe(
      'statefulset.apps/web \nREVISION  CHANGE-CAUSE\n' +
        '1         stsctl apply --filename=web.yaml --record=true\n' +
        '2         stsctl set image sts/web nginx=nginx:1.22 --record=true\n\n',
    );
    expect(await cli('set image sts/web nginx=nginx:1.22 --record')).toEqual(ok(''));
    expect(await cli('set image sts/web nginx=nginx:1.23 --record=false')).toEqual(
      ok('statefulset.apps/web image updated\n'),
    );
    expect(await cause()).toBe('stsctl set image sts/web nginx=nginx:1.22 --record=true');
  });

  test('apply writes it into what it applied, too', async () => {
    await cli('apply -f web.yaml --record');
    expect((await cli('apply view-last-applied sts web')).out).toContain(
      '    kubernetes.io/change-cause: stsctl apply --filename=web.yaml --record=true\n',
    );
    await cli('apply -f web.yaml');
    expect(await cause()).toBe('');
  });

  test.each([
    ['scale sts web --replicas=2 --record', 'scaled'],
    ['set sa --record sts web robot -n default', 'serviceaccount updated'],
    ['set resources sts web --limits=cpu=1 --record', 'resource requirements updated'],
    ['label sts web a=b --record', 'labeled'],
    ['annotate sts web a=b --record', 'annotated'],
    ['patch sts web -p {"spec":{"replicas":1}} --record', 'patched'],
  ])('%s', async (line, done) => {
    await cli('apply -f web.yaml');
    expect(await cli(line)).toEqual(ok(`statefulset.apps/web ${done}\n`));
    const full = line.replace('-p ', '--patch=').replace('-n ', '--namespace=').replace('--record', '--record=true');
    const words = full.split(' ');
    const isFlag = (word: string): boolean => word.startsWith('--');
    expect(await cause()).toBe(
      ['stsctl', ...words.filter((w) => !isFlag(w)), ...words.filter((w) => isFlag(w))].join(' '),
    );
  });

  test('what is new has it from the start; dry runs and verbs without it leave everything alone', async () => {
    await cli('create -f web.yaml --record');
    expect(await cause()).toBe('stsctl create --filename=web.yaml --record=true');
    await cli('run one --image=nginx --record');
    expect(await cause('pod one')).toBe('stsctl run one --image=nginx --record=true');
    expect(await cli('scale sts web --replicas=9 --record --dry-run=client')).toEqual(
      ok('statefulset.apps/web scaled (dry run)\n'),
    );
    expect(await cause()).toBe('stsctl create --filename=web.yaml --record=true');
    expect(await cli('delete sts web --record')).toEqual({
      out: '',
      err: "error: unknown flag: --record\nSee 'stsctl delete --help' for usage.\n",
      code: 1,
    });
  });
});
