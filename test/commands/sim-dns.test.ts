import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cli, createCli, webYaml } from '../support/cli';

let cli: Cli;
beforeEach(async () => {
  cli = createCli({ 'web.yaml': webYaml() });
  await cli('apply -f web.yaml');
  await cli('sim clock settle');
});
afterEach(() => cli.dispose());

const address = async (pod: string) => (await cli(`get pod ${pod} -o jsonpath={.status.podIP}`)).out;

test('answers as a pod of the namespace would be answered', async () => {
  const [first, second] = [await address('web-0'), await address('web-1')];
  const line = (name: string, value: string) => `${name}.default.svc.cluster.local.\t30\tIN\tA\t${value}\n`;
  expect(await cli('sim dns web-0.nginx')).toEqual({ out: line('web-0.nginx', first), err: '', code: 0 });
  expect((await cli('sim dns nginx.default -n kube-system')).out).toBe(line('nginx', first) + line('nginx', second));
  expect((await cli('sim dns 10.96.0.1')).out).toBe(
    '1.0.96.10.in-addr.arpa.\t30\tIN\tPTR\tkubernetes.default.svc.cluster.local.\n',
  );
});

test.each([
  ['sim dns web-9.nginx', 'error: can\'t resolve "web-9.nginx": NXDOMAIN\n'],
  ['sim dns nginx -n kube-system', 'error: can\'t resolve "nginx": NXDOMAIN\n'],
  ['sim dns nginx MX', 'error: unknown type "MX": must be one of A, SRV, PTR, CNAME\n'],
  ['sim dns', "error: expected NAME and at most one TYPE\nSee 'stsctl sim dns -h' for help and examples\n"],
])('%s fails', async (line, err) => {
  expect(await cli(line)).toEqual({ out: '', err, code: 1 });
});
