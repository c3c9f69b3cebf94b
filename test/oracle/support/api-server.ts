/** As much of an API server as `kubectl apply` and `kubectl get` need: kinds to discover, objects to read, and an ear for what is sent. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { allResources, type ResourceInfo } from '../../../src/core/api/resources';
import type { JsonObject } from '../../../src/core/meta/objects';

export interface Request {
  readonly method: string;
  /** `/api/v1/namespaces/default/pods/p` */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: string;
}

export class FakeApiServer {
  /** What a GET of the path answers; everything else is not found. */
  readonly objects = new Map<string, JsonObject>();
  /** What was asked since somebody last looked, discovery aside. */
  requests: Request[] = [];

  private constructor(
    private readonly server: Server,
    private readonly resources: readonly ResourceInfo[],
  ) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => {
        const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
        const method = request.method ?? '';
        const contentType = request.headers['content-type'] ?? '';
        const found = this.answer({ method, path: pathname, query: searchParams, contentType, body });
        const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 };
        response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
        response.end(JSON.stringify(found ?? { ...status, message: `${pathname} is not there` }));
      });
    });
  }

  /** A server on a port of the loopback interface; it knows the built-in kinds and those given. */
  static async start(custom: readonly ResourceInfo[] = []): Promise<FakeApiServer> {
    const server = createServer();
    const made = new FakeApiServer(server, [...allResources(), ...custom]);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** What was asked since the last call. */
  taken(): Request[] {
    const requests = this.requests;
    this.requests = [];
    return requests;
  }

  private answer(request: Request): unknown {
    const discovered = this.discover(request.path);
    if (discovered) return discovered;
    this.requests.push(request);
    return this.objects.get(request.path);
  }

  private discover(path: string): unknown {
    const groups = [...new Set(this.resources.map(({ group }) => group))].filter((group) => group !== '');
    if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
    if (path === '/apis') {
      const all = groups.map((group) => {
        const versions = this.versionsOf(group).map((version) => ({ groupVersion: `${group}/${version}`, version }));
        return { name: group, versions, preferredVersion: versions[0] };
      });
      return { kind: 'APIGroupList', apiVersion: 'v1', groups: all };
    }
    const [, group = '', version] = /^\/(?:api|apis\/([^/]+))\/([^/]+)$/.exec(path) ?? [];
    if (version === undefined) return undefined;
    const resources = this.resources
      .filter((each) => each.group === group && each.version === version)
      .map(({ plural, singular, kind, namespaced, shortNames }) => {
        const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
        return { name: plural, singularName: singular, kind, namespaced, shortNames, verbs };
      });
    const groupVersion = group ? `${group}/${version}` : version;
    return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
  }

  private versionsOf(group: string): string[] {
    return [...new Set(this.resources.filter((each) => each.group === group).map(({ version }) => version))];
  }
}

/** Where the API has the object. */
export function pathOf(resource: ResourceInfo, name: string): string {
  const root = resource.group ? `/apis/${resource.group}/${resource.version}` : `/api/${resource.version}`;
  return `${root}${resource.namespaced ? '/namespaces/default' : ''}/${resource.plural}/${name}`;
}
