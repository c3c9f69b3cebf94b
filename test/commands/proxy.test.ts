/** `proxy`: requests passed on to a served cluster with its credentials, and those that are refused. */
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cli, createCli } from '../support/cli';
import { kubeconfigOf, type Served, serve } from '../support/served';

let served: Served;
let cli: Cli;
let flags: string;
beforeAll(async () => {
  served = await serve({ idleMs: 20, paceMs: 5 });
  cli = createCli();
  writeFileSync(`${cli.state}.kubeconfig`, kubeconfigOf(served, { c: undefined }));
  flags = `--kubeconfig ${cli.state}.kubeconfig`;
});
afterAll(async () => {
  cli.dispose();
  await served.stop();
});

interface Asking {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const ask = (port: number, path: string, { method = 'GET', body, headers = {} }: Asking = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (part: Buffer) => {
        text += part.toString('utf8');
      });
      response.on('end', () => resolve(`${response.statusCode} ${text}`));
    });
    sent.on('error', reject);
    sent.end(body);
  });

async function proxied(words: string, work: (port: number) => Promise<void>) {
  let failed: unknown;
  cli.whileListening = async (out) => {
    await work(Number(/127\.0\.0\.1:(\d+)/.exec(out)?.[1])).catch((error: unknown) => {
      failed = error;
    });
  };
  const said = await cli(`proxy --port 0 ${flags} ${words}`.trim());
  if (failed) throw failed;
  return { ...said, out: said.out.replace(/:\d+/, ':PORT') };
}

describe('proxy', () => {
  it('adds the credentials, to reads and writes, and takes none of the client', async () => {
    const said = await proxied('', async (port) => {
      expect(await ask(port, '/api/v1/namespaces/default', { headers: { authorization: 'Bearer x' } })).toMatch(
        /^200 .*"kind":"Namespace"/s,
      );
      const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { a: 'b' } };
      const options = { method: 'POST', body: JSON.stringify(map), headers: { 'content-type': 'application/json' } };
      expect(await ask(port, '/api/v1/namespaces/default/configmaps', options)).toMatch(/^201 /);
      expect(await ask(port, '/api/v1/namespaces/default/configmaps/none')).toMatch(/^404 .*NotFound/s);
    });
    expect(said).toEqual({ out: 'Starting to serve on 127.0.0.1:PORT\n', err: '', code: 0 });
  });

  it('passes a watch on as it comes', async () => {
    await proxied('', async (port) => {
      const text = await new Promise<string>((resolve, reject) => {
        const sent = request(
          { port, host: '127.0.0.1', path: '/api/v1/namespaces?watch=1', agent: false },
          (response) => {
            response.once('data', (part: Buffer) => {
              resolve(part.toString('utf8'));
              sent.destroy();
            });
          },
        );
        sent.on('error', reject);
        sent.end();
      });
      expect(text).toMatch(/^\{"type":"ADDED"/);
    });
  });

  it('refuses what its filters say, and knows no other paths', async () => {
    await proxied('--api-prefix /k8s --reject-methods POST', async (port) => {
      expect(await ask(port, '/k8s/version')).toMatch(/^200 .*gitVersion/s);
      expect(await ask(port, '/version')).toBe('404 404 page not found\n');
      expect(await ask(port, '/k8s/api', { method: 'POST' })).toBe('403 Forbidden\n');
      expect(await ask(port, '/k8s/version', { headers: { host: 'evil.example' } })).toBe('403 Forbidden\n');
    });
    await proxied('', async (port) => {
      expect(await ask(port, '/api/v1/namespaces/default/pods/x/exec?command=sh')).toBe('403 Forbidden\n');
    });
  });

  it('is for real clusters', async () => {
    expect(await cli('proxy')).toEqual({
      out: '',
      err: 'error: the simulated cluster has no server to pass requests on to: offer it with "stsctl serve", or name a real cluster with --context\n',
      code: 1,
    });
  });
});
