import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cli, createCli, webYaml } from '../support/cli';

let cli: Cli;
beforeEach(async () => {
  cli = createCli({ 'web.yaml': webYaml() });
  await cli('apply -f web.yaml');
  await cli('sim clock settle');
});
afterEach(() => cli.dispose());

/** What is offered for the last word, and the number behind it. */
async function offers(...words: readonly string[]): Promise<string> {
  const { out, err, code } = await cli(['__completeNoDesc', ...words]);
  expect([err, code]).toEqual(['', 0]);
  return out.trimEnd().split('\n').join(' ');
}

test('commands and what is below them', async () => {
  expect(await offers('ge')).toBe('get :4');
  expect(await offers('api-')).toBe('api-resources api-versions :4');
  expect(await offers('rollout', 'st')).toBe('status :4');
  expect(await offers('config', 'use')).toBe('use-context :4');
  expect(await offers('nope', '')).toBe(':4');
  expect((await cli(['__complete', 'api-v'])).out).toBe('api-versions\tList the groups and versions of the API\n:4\n');
});

test('what a plan is of', async () => {
  expect(await offers('plan', 'sc')).toBe('scale :4');
  expect(await offers('plan', 'ge')).toBe(':4');
  expect(await offers('plan', '--com')).toBe('--compare= :6');
  expect(await offers('plan', '-o', '')).toBe('json yaml :4');
  expect(await offers('plan', '-o', 'json', 'set', 'im')).toBe('image :4');
  expect(await offers('plan', 'scale', 'sts/')).toBe('sts/web :4');
  expect(await offers('plan', 'scale', '--rep')).toBe('--replicas= :6');
  expect(await offers('plan', 'delete', 'pod', '--cascade=o')).toBe('--cascade=orphan :4');
  expect(await offers('plan', '-n', 'kube-system', 'delete', 'pods', '')).toBe(':4');
});

test('kinds and names', async () => {
  expect(await offers('get', 'statef')).toBe('statefulsets :4');
  expect(await offers('get', 'pods', '')).toBe('web-0 web-1 :4');
  expect(await offers('describe', 'po', 'web-0', '')).toBe('web-1 :4');
  expect(await offers('delete', 'pods/')).toBe('pods/web-0 pods/web-1 :4');
  expect(await offers('get', 'pods,statef')).toBe('pods,statefulsets :4');
  expect(await offers('rollout', 'status', 'sts/')).toBe('sts/web :4');
  expect(await offers('-n', 'kube-system', 'get', 'pods', '')).toBe(':4');
  expect(await offers('explain', 'statef')).toBe('statefulsets :4');
  expect(await offers('config', 'use-context', '')).toBe('local :4');
  expect(await offers('completion', '')).toBe('bash zsh fish powershell :4');
});

test('flags and their values', async () => {
  expect(await offers('get', '--show-')).toBe('--show-labels --show-kind --show-managed-fields :4');
  expect(await offers('scale', 'sts', 'web', '--repl')).toBe('--replicas= :6');
  expect(await offers('get', 'pods', '-n', 'kube-s')).toBe('kube-system :4');
  expect(await offers('get', 'pods', '--namespace=kube-s')).toBe('--namespace=kube-system :4');
  expect(await offers('get', '-o', 'custom-columns-')).toBe('custom-columns-file= :6');
  expect(await offers('patch', '--type', '')).toBe('json merge strategic :4');
  expect(await offers('events', '--for', 'pods/')).toBe('pods/web-0 pods/web-1 :4');
  expect(await offers('apply', '-f', '')).toBe(':0');
  expect(await offers('set', 'image', 'sts/web', '')).toBe('nginx= :6');
  expect(await offers('explain', 'sts', '--api-version', 'ap')).toBe(
    'apiextensions.k8s.io/v1 apiregistration.k8s.io/v1 apps/v1 :4',
  );
  expect(await offers('get', '--nope', '-o', 'ya')).toBe('yaml :4');
});

test('the namespace counts wherever it stands', async () => {
  for (const words of [
    ['-n', 'kube-system', 'get', 'pods', ''],
    ['get', '-n', 'kube-system', 'pods', ''],
    ['get', 'pods', '--namespace=kube-system', ''],
  ])
    expect(await offers(...words)).toBe(':4');
  expect(await offers('get', '-n', 'default', 'pods', '')).toBe('web-0 web-1 :4');
});

test('behind -- nothing is a flag', async () => {
  expect(await offers('get', 'pods', '--', '')).toBe('web-0 web-1 :4');
  expect(await offers('get', '--', 'statef')).toBe('statefulsets :4');
  expect(await offers('get', '--', '-')).toBe(':4');
  expect(await offers('rollout', 'status', '--', 'sts/')).toBe('sts/web :4');
});

test('names with colons', async () => {
  cli.files.set(
    'role.yaml',
    'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: "system:web"}\nrules: []\n',
  );
  await cli('apply -f role.yaml');
  expect(await offers('get', 'clusterroles', 'system:')).toBe('system:web :4');
  expect(await offers('get', 'clusterrole/sys')).toBe('clusterrole/system:web :4');
});

test('the namespace of the context counts', async () => {
  await cli('config set-context --current -n kube-system');
  expect(await offers('get', 'pods', '')).toBe(':4');
});

test('completion says what it does not have', async () => {
  expect(await cli('completion')).toEqual({
    out: '',
    err: "error: Shell not specified.\nSee 'stsctl completion -h' for help and examples\n",
    code: 1,
  });
  expect((await cli('completion tcsh')).err).toBe(
    'error: Unsupported shell type "tcsh".\nSee \'stsctl completion -h\' for help and examples\n',
  );
});

describe('in a shell', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stsctl-completion-'));
    const program = join(folder, 'stsctl');
    writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${resolve('bin/stsctl.js')}" "$@"\n`);
    chmodSync(program, 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function shell(program: string, args: readonly string[], script: string) {
    const env = {
      ...process.env,
      PATH: `${folder}${delimiter}${process.env.PATH}`,
      STSCTL_STATE: cli.state,
      STSCTL_CLOCK: 'virtual',
    };
    return spawnSync(program, [...args, '-c', script], { encoding: 'utf8', env, cwd: folder });
  }
  const has = (program: string): boolean => spawnSync(program, ['-c', 'true']).status === 0;

  test.runIf(has('bash'))('bash', () => {
    const script = `
      source <(stsctl completion bash)
      try() { COMP_LINE="$1" COMP_POINT=\${#1}; COMPREPLY=(); __start_stsctl 2>/dev/null; echo "\${COMPREPLY[*]}"; }
      try 'stsctl get pods '
      try 'stsctl get pods --namespace=kube-s'
      try 'stsctl rollout st'
      try 'stsctl set image sts/web ng'
      try 'stsctl get pods $(touch pwned) '
      ls
    `;
    expect(shell('bash', ['--norc'], script).stdout).toBe(
      'web-0 web-1\nkube-system\nstatus\nnginx=\nweb-0 web-1\nstsctl\n',
    );
  });

  test.runIf(has('fish'))('fish', () => {
    writeFileSync(join(folder, 'web.yaml'), '');
    const script = `
      source (stsctl completion fish | psub)
      complete -C 'stsctl get pods '
      complete -C 'stsctl get pods --namespace=kube-s'
      complete -C 'stsctl rollout st'
      complete -C 'stsctl set image sts/web ng'
      complete -C 'stsctl apply -f w'
      complete -C 'stsctl apply --filename=w'
    `;
    expect(shell('fish', ['-N'], script).stdout).toBe(
      'web-0\nweb-1\n--namespace=kube-system\nstatus\tFollow a rollout to its end\nnginx=\nweb.yaml\n--filename=web.yaml\n',
    );
  });

  test.runIf(has('zsh'))('zsh', () => {
    // What the script hands to zsh's own menu is printed instead.
    const script = `
      compdef() { :; }
      _describe() { print -r -- "\${(P)3}" "\${@:4}"; }
      _files() { print files; }
      compset() { print compset "$@"; }
      source <(stsctl completion zsh)
      try() { words=(stsctl "$@"); CURRENT=\${#words}; _stsctl; }
      try get pods ''
      try rollout st
      try set image sts/web ng
      try apply -f ''
      try apply --filename=w
    `;
    expect(shell('zsh', ['-f'], script).stdout).toBe(
      'web-0 web-1\nstatus:Follow a rollout to its end\nnginx= -S \nfiles\ncompset -P *=\nfiles\n',
    );
  });
});
