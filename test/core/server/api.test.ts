/** The API over HTTPS: who is let in, what is offered, objects and their life, refusals, forms of answers, limits. */
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configMap, MAPS, PODS, SETS, type Served, serve, webSet } from '../../support/served';

let at: Served;
beforeAll(async () => {
  at = await serve();
});
afterAll(async () => {
  expect(at.troubles).toEqual([]);
  await at.stop();
});

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

describe('who is let in', () => {
  it('is nobody without the token', async () => {
    for (const authorization of ['', 'Bearer', 'Bearer wrong', 'Basic YTpi', 'Bearer a-token-for-tests2']) {
      const reply = await at.call('GET', '/api/v1/pods', undefined, { authorization });
      expect([reply.code, reply.body.reason, reply.body.kind]).toEqual([401, 'Unauthorized', 'Status']);
    }
    expect((await at.call('GET', '/version', undefined, { authorization: '' })).code).toBe(401);
  });

  it('is everybody who asks whether the server lives', async () => {
    for (const path of ['/healthz', '/livez', '/readyz']) {
      const reply = await at.call('GET', path, undefined, { authorization: '' });
      expect([reply.code, reply.text]).toEqual([200, 'ok']);
    }
  });

  it('is told who he is', async () => {
    const body = { kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1' };
    const reply = await at.call('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', body);
    expect([reply.code, reply.body.status.userInfo.username]).toEqual([201, 'kubernetes-admin']);
  });
});

describe('discovery', () => {
  it('lists groups, versions and kinds', async () => {
    expect((await at.call('GET', '/api')).body.versions).toEqual(['v1']);
    const groups = (await at.call('GET', '/apis')).body.groups;
    expect(groups.find((g: { name: string }) => g.name === 'apps').preferredVersion).toEqual({
      groupVersion: 'apps/v1',
      version: 'v1',
    });
    const { resources, groupVersion } = (await at.call('GET', '/apis/apps/v1')).body;
    expect(groupVersion).toBe('apps/v1');
    expect(resources.map((r: { name: string }) => r.name)).toContain('statefulsets/scale');
    expect(resources.find((r: { name: string }) => r.name === 'statefulsets')).toEqual({
      name: 'statefulsets',
      singularName: 'statefulset',
      namespaced: true,
      kind: 'StatefulSet',
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      shortNames: ['sts'],
      categories: ['all'],
    });
  });

  it('tells all at once to clients that ask so', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    const reply = await at.call('GET', '/apis', undefined, { accept });
    expect(reply.headers['content-type']).toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
    const apps = reply.body.items.find((g: { metadata: { name: string } }) => g.metadata.name === 'apps');
    const sets = apps.versions[0].resources.find((r: { resource: string }) => r.resource === 'statefulsets');
    expect(sets.subresources.map((s: { subresource: string }) => s.subresource)).toEqual(['status', 'scale']);
    expect(sets.scope).toBe('Namespaced');
    const core = await at.call('GET', '/api', undefined, { accept });
    expect(core.body.items).toHaveLength(1);
  });

  it('describes schemas with the keys of strategic patches', async () => {
    const { paths } = (await at.call('GET', '/openapi/v3')).body;
    const { schemas } = (await at.call('GET', paths['apis/apps/v1'].serverRelativeURL)).body.components;
    const containers = schemas['io.k8s.api.core.v1.PodSpec'].properties.containers;
    expect(containers['x-kubernetes-patch-merge-key']).toBe('name');
    expect(containers['x-kubernetes-patch-strategy']).toBe('merge');
    expect(
      schemas['io.k8s.api.apps.v1.StatefulSet']?.['x-kubernetes-group-version-kind'] ??
        schemas['io.k8s.api.core.v1.StatefulSet']['x-kubernetes-group-version-kind'],
    ).toEqual([{ group: 'apps', kind: 'StatefulSet', version: 'v1' }]);
    const names = new Set(Object.keys(schemas));
    const refs = [...JSON.stringify(schemas).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
    expect(refs.filter((name) => !names.has(name!))).toEqual([]);
  });

  it('answers v2 in the form that clients ask for', async () => {
    const accept = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
    const reply = await at.call('GET', '/openapi/v2', undefined, { accept });
    expect(reply.headers['content-type']).toBe('application/com.github.proto-openapi.spec.v2.v1.0+protobuf');
    expect(reply.text).toContain('Kubernetes');
  });
});

describe('an object', () => {
  it('is created, read, updated, patched and deleted', async () => {
    const created = await at.call('POST', MAPS, configMap('life', { a: '1' }));
    expect([created.code, created.body.metadata.namespace]).toEqual([201, 'default']);
    const again = await at.call('POST', MAPS, configMap('life'));
    expect([again.code, again.body.reason]).toEqual([409, 'AlreadyExists']);
    const stale = { ...created.body, data: { a: '2' } };
    const updated = await at.call('PUT', `${MAPS}/life`, stale);
    expect([updated.code, updated.body.data]).toEqual([200, { a: '2' }]);
    const conflict = await at.call('PUT', `${MAPS}/life`, { ...stale, data: { a: '3' } });
    expect([conflict.code, conflict.body.reason]).toEqual([409, 'Conflict']);
    const patches: [string, unknown][] = [
      ['application/merge-patch+json', { data: { b: '4' } }],
      ['application/json-patch+json', [{ op: 'add', path: '/data/c', value: '5' }]],
      ['application/strategic-merge-patch+json', { data: { d: '6' } }],
    ];
    for (const [type, patch] of patches)
      expect((await at.call('PATCH', `${MAPS}/life`, patch, { 'content-type': type })).code).toBe(200);
    const read = await at.call('GET', `${MAPS}/life`);
    expect(read.body.data).toEqual({ a: '2', b: '4', c: '5', d: '6' });
    expect(Object.keys(read.body).slice(0, 3)).toEqual(['kind', 'apiVersion', 'metadata']);
    const deleted = await at.call('DELETE', `${MAPS}/life`);
    expect(deleted.body).toMatchObject({ kind: 'Status', status: 'Success', details: { name: 'life' } });
    expect((await at.call('GET', `${MAPS}/life`)).code).toBe(404);
  });

  it('is applied: created, changed, and defended against others', async () => {
    const apply = (manager: string, data: object, force = '') =>
      at.call(
        'PATCH',
        `${MAPS}/applied?fieldManager=${manager}${force}`,
        { ...configMap('applied'), data },
        {
          'content-type': 'application/apply-patch+yaml',
        },
      );
    expect((await apply('one', { a: '1' })).code).toBe(201);
    expect((await apply('one', { a: '2' })).code).toBe(200);
    const refused = await apply('two', { a: '3' });
    expect([refused.code, refused.body.reason]).toEqual([409, 'Conflict']);
    expect((await apply('two', { a: '3' }, '&force=true')).body.data).toEqual({ a: '3' });
    expect((await apply('', { a: '3' })).code).toBe(422);
  });

  it('is taken as YAML too', async () => {
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\ndata:\n  a: "1"\n';
    const reply = await at.call('POST', MAPS, yaml, { 'content-type': 'application/yaml' });
    expect([reply.code, reply.body.data]).toEqual([201, { a: '1' }]);
  });

  it('is tried only, with dryRun', async () => {
    expect((await at.call('POST', `${MAPS}?dryRun=All`, configMap('dry'))).code).toBe(201);
    expect((await at.call('GET', `${MAPS}/dry`)).code).toBe(404);
    expect((await at.call('POST', `${MAPS}?dryRun=Some`, configMap('dry'))).code).toBe(422);
  });

  it('is checked field by field as asked', async () => {
    const wrong = { ...configMap('fields'), dota: {} };
    const strict = await at.call('POST', `${MAPS}?fieldValidation=Strict`, wrong);
    expect([strict.code, strict.body.message]).toEqual([
      400,
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dota"',
    ]);
    const warned = await at.call('POST', MAPS, wrong);
    expect(warned.headers.warning).toBe('299 - "unknown field \\"dota\\""');
    const silent = await at.call('PUT', `${MAPS}/fields?fieldValidation=Ignore`, wrong);
    expect([silent.code, silent.headers.warning]).toEqual([200, undefined]);
  });

  it('is scaled, and its status written', async () => {
    await at.call('POST', SETS, webSet(0));
    const scale = (await at.call('GET', `${SETS}/web/scale`)).body;
    expect(scale).toMatchObject({ kind: 'Scale', apiVersion: 'autoscaling/v1', status: { replicas: 0 } });
    const scaled = await at.call('PUT', `${SETS}/web/scale`, { ...scale, spec: { replicas: 2 } });
    expect(scaled.body.spec.replicas).toBe(2);
    const patched = await at.call(
      'PATCH',
      `${SETS}/web/scale`,
      { spec: { replicas: 1 } },
      {
        'content-type': 'application/merge-patch+json',
      },
    );
    expect(patched.body.spec.replicas).toBe(1);
    const status = { status: { collisionCount: 3 } };
    const written = await at.call('PATCH', `${SETS}/web/status`, status, {
      'content-type': 'application/merge-patch+json',
    });
    expect(written.body).toMatchObject({ status: { collisionCount: 3 } });
    expect((await at.call('GET', `${PODS}/web-0/scale`)).code).toBe(404);
    expect((await at.call('GET', `${PODS}/web-0/proxy`)).code).toBe(501);
  });
});

describe('deletion', () => {
  it('takes its options from the body, and ends a pod gracefully', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'lone' },
      spec: { containers: [{ name: 'c', image: 'nginx' }] },
    };
    await at.call('POST', PODS, pod);
    const wrong = await at.call('DELETE', `${PODS}/lone`, { preconditions: { uid: 'another' } });
    expect([wrong.code, wrong.body.reason]).toEqual([409, 'Conflict']);
    const dry = await at.call('DELETE', `${PODS}/lone`, { dryRun: ['All'] });
    expect([dry.code, dry.body.kind]).toEqual([200, 'Pod']);
    const gone = await at.call('DELETE', `${PODS}/lone`, { kind: 'DeleteOptions', gracePeriodSeconds: 7 });
    expect(gone.body.metadata.deletionGracePeriodSeconds).toBe(7);
    const bad = await at.call('DELETE', `${PODS}/lone?propagationPolicy=Sideways`);
    expect(bad.code).toBe(422);
  });

  it('of a collection takes what the selectors name', async () => {
    for (const name of ['c1', 'c2']) await at.call('POST', MAPS, configMap(name));
    const reply = await at.call('DELETE', `${MAPS}?fieldSelector=metadata.name%3Dc1`);
    expect(reply.body.items.map((i: { metadata: { name: string } }) => i.metadata.name)).toEqual(['c1']);
    expect((await at.call('GET', `${MAPS}/c1`)).code).toBe(404);
    expect((await at.call('GET', `${MAPS}/c2`)).code).toBe(200);
    expect((await at.call('DELETE', '/api/v1/namespaces')).code).toBe(405);
  });

  it('by eviction asks the disruption budget', async () => {
    const pod = (name: string) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels: { guarded: 'yes' } },
      spec: { containers: [{ name: 'c', image: 'nginx' }] },
    });
    await at.call('POST', PODS, pod('guarded'));
    await at.call('POST', '/apis/policy/v1/namespaces/default/poddisruptionbudgets', {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'guard' },
      spec: { minAvailable: 1, selector: { matchLabels: { guarded: 'yes' } } },
    });
    const beside = at.beside();
    await beside.sim.settle();
    await beside.commit();
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'guarded' } };
    const refused = await at.call('POST', `${PODS}/guarded/eviction`, eviction);
    expect([refused.code, refused.headers['retry-after'], refused.body.message]).toEqual([
      429,
      undefined,
      "Cannot evict pod as it would violate the pod's disruption budget.",
    ]);
    expect(refused.body.details.causes[0].message).toBe(
      'The disruption budget guard needs 1 healthy pods and has 1 currently',
    );
    await at.call('POST', PODS, pod('second'));
    await beside.sim.settle();
    await beside.commit();
    expect((await at.call('POST', `${PODS}/guarded/eviction`, eviction)).code).toBe(201);
    expect((await at.call('GET', `${PODS}/guarded`)).body.metadata.deletionTimestamp).toBeDefined();
  });
});

describe('lists', () => {
  it('come in pages that are one instant together', async () => {
    for (let i = 0; i < 5; i++) await at.call('POST', MAPS, configMap(`page-${i}`, { page: 'yes' }));
    const path = `${MAPS}?labelSelector=app%3Dweb&limit=2`;
    const names = (body: { items: { metadata: { name: string } }[] }) => body.items.map((i) => i.metadata.name);
    const whole = names((await at.call('GET', `${MAPS}?labelSelector=app%3Dweb`)).body);
    const first = (await at.call('GET', path)).body;
    // Nobody counts what selectors leave over.
    expect(first.metadata.remainingItemCount).toBeUndefined();
    const all = (await at.call('GET', MAPS)).body.items.length;
    expect((await at.call('GET', `${MAPS}?limit=2`)).body.metadata.remainingItemCount).toBe(all - 2);
    await at.call('POST', MAPS, configMap('zz-later'));
    await at.call('DELETE', `${MAPS}/page-4`);
    const seen = names(first);
    let token = first.metadata.continue;
    while (token) {
      const { body } = await at.call('GET', `${path}&continue=${token}`);
      expect(body.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
      seen.push(...names(body));
      token = body.metadata.continue;
    }
    expect(seen).toEqual(whole);
    const foreign = await at.call('GET', `${PODS}?limit=2&continue=${first.metadata.continue}`);
    expect(foreign.code).toBe(400);
    // A token of another run of the server is good as long as nothing has changed since.
    const token1 = JSON.parse(Buffer.from(first.metadata.continue, 'base64url').toString('utf8'));
    const unknown = Buffer.from(JSON.stringify({ ...token1, id: '0-1' })).toString('base64url');
    const gone = await at.call('GET', `${path}&continue=${unknown}`);
    expect([gone.code, gone.body.reason]).toEqual([410, 'Expired']);
    // The rest of what there is now may be had all the same.
    const rest = (await at.call('GET', `${MAPS}?labelSelector=app%3Dweb&continue=${gone.body.metadata.continue}`)).body;
    const now = (await at.call('GET', `${MAPS}?labelSelector=app%3Dweb`)).body;
    expect(names(rest)).toEqual(names(now).slice(2));
    expect(rest.metadata).toEqual({ resourceVersion: now.metadata.resourceVersion });
    const { resourceVersion: rv } = (await at.call('GET', path)).body.metadata;
    const current = Buffer.from(JSON.stringify({ ...token1, id: '0-1', rv })).toString('base64url');
    const read = await at.call('GET', `${path}&continue=${current}`);
    expect(names(read.body)).toEqual(whole.filter((name) => name !== 'page-4').slice(2, 4));
    const nonsense = Buffer.from('{"token":"0-1"}').toString('base64url');
    expect((await at.call('GET', `${path}&continue=${nonsense}`)).code).toBe(400);
  });

  it('are tables or metadata where that is asked for', async () => {
    const table = (await at.call('GET', `${MAPS}?limit=1`, undefined, { accept: TABLE })).body;
    expect(table.kind).toBe('Table');
    expect(table.columnDefinitions.map((c: { name: string }) => c.name)).toEqual(['Name', 'Data', 'Age']);
    expect(table.rows[0].object.kind).toBe('PartialObjectMetadata');
    expect(table.metadata.continue).toBeDefined();
    const accept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
    const partial = (await at.call('GET', MAPS, undefined, { accept })).body;
    expect([partial.kind, partial.items[0].data]).toEqual(['PartialObjectMetadataList', undefined]);
  });

  it('refuse what they do not understand', async () => {
    expect((await at.call('GET', `${MAPS}?labelSelector=a%3D%3D%3Db`)).code).toBe(400);
    expect((await at.call('GET', `${MAPS}?fieldSelector=data.a%3Db`)).code).toBe(400);
    expect((await at.call('GET', `${MAPS}?limit=many`)).code).toBe(400);
    const future = await at.call('GET', `${MAPS}?resourceVersion=999999`);
    expect([future.code, future.headers['retry-after']]).toEqual([504, '1']);
    const protobuf = await at.call('GET', MAPS, undefined, { accept: 'application/vnd.kubernetes.protobuf' });
    expect([protobuf.code, protobuf.body.reason]).toEqual([406, 'NotAcceptable']);
    const both = { accept: 'application/vnd.kubernetes.protobuf,application/json' };
    expect((await at.call('GET', MAPS, undefined, both)).headers['content-type']).toBe('application/json');
  });

  it('are compressed when they are large and the client takes that', async () => {
    await at.call('POST', MAPS, configMap('large', { text: 'x'.repeat(200_000) }));
    const reply = await at.call('GET', MAPS, undefined, { 'accept-encoding': 'gzip' });
    expect(reply.headers['content-encoding']).toBe('gzip');
    const unzipped = gunzipSync(new Uint8Array(Buffer.from(reply.text, 'latin1'))).toString('utf8');
    expect(JSON.parse(unzipped).kind).toBe('ConfigMapList');
    expect(
      (await at.call('GET', `${MAPS}/yaml`, undefined, { 'accept-encoding': 'gzip' })).headers['content-encoding'],
    ).toBe(undefined);
    await at.call('DELETE', `${MAPS}/large`);
  });
});

describe('what is refused', () => {
  it('is a path, a method or a body that makes no sense', async () => {
    const refused = async (method: string, path: string, body?: unknown, headers = {}) => {
      const reply = await at.call(method, path, body, headers);
      return [reply.code, reply.body?.reason];
    };
    expect(await refused('GET', '/nowhere')).toEqual([404, 'NotFound']);
    expect(await refused('GET', '/api/v1/nothings')).toEqual([404, 'NotFound']);
    expect(await refused('GET', '/apis/apps/v9/statefulsets')).toEqual([404, 'NotFound']);
    expect(await refused('GET', '/api/v1/pods/web-0')).toEqual([404, 'NotFound']);
    expect(await refused('GET', '/api/v1/namespaces/%E0%A4%A/pods')).toEqual([400, 'BadRequest']);
    expect(await refused('GET', '/api/v1/namespaces/..%2F..%2Fetc/pods/passwd')).toEqual([404, 'NotFound']);
    expect(await refused('GET', '/api/v1/namespaces/__proto__/pods/constructor')).toEqual([404, 'NotFound']);
    expect(await refused('PUT', MAPS, {})).toEqual([405, 'MethodNotAllowed']);
    expect(await refused('POST', '/version', {})).toEqual([405, 'MethodNotAllowed']);
    expect(await refused('POST', MAPS, '{')).toEqual([400, 'BadRequest']);
    expect(await refused('POST', MAPS, [])).toEqual([400, 'BadRequest']);
    expect(await refused('POST', MAPS, webSet(1))).toEqual([400, 'BadRequest']);
    expect(await refused('PUT', `${MAPS}/other`, configMap('yaml'))).toEqual([400, 'BadRequest']);
    expect(await refused('PATCH', `${MAPS}/yaml`, {})).toEqual([415, 'UnsupportedMediaType']);
    const protobuf = { 'content-type': 'application/vnd.kubernetes.protobuf' };
    expect(await refused('POST', MAPS, 'k8s', protobuf)).toEqual([415, 'UnsupportedMediaType']);
  });

  it('is a body of more than three megabytes, counted or announced', async () => {
    const long = JSON.stringify(configMap('long', { text: 'x'.repeat(3 * 1024 * 1024) }));
    const counted = await at.call('POST', MAPS, long, { 'transfer-encoding': 'chunked' }).catch((error) => error.code);
    expect(counted.body?.reason ?? counted).toMatch(/RequestEntityTooLarge|ECONNRESET|EPIPE/);
    const announced = await at.call('POST', MAPS, 'x', { 'content-length': '99999999' }).catch((error) => error.code);
    expect(announced.body?.reason ?? announced).toBe('RequestEntityTooLarge');
    expect((await at.call('GET', `${MAPS}/long`)).code).toBe(404);
  });

  it('never reaches the prototype of anything', async () => {
    const text =
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"proto","__proto__":{"polluted":"yes"}},"__proto__":{"polluted":"yes"}}';
    expect((await at.call('POST', MAPS, text)).code).toBe(201);
    const patch = '{"metadata":{"labels":{"__proto__":{"polluted":"yes"}},"annotations":{"a":"b"}}}';
    await at.call('PATCH', `${MAPS}/proto`, patch, { 'content-type': 'application/merge-patch+json' });
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
    expect((await at.call('GET', `${MAPS}/proto`)).text).not.toContain('polluted');
  });
});

/** The rest of what client-go's frameworks ask of a cluster before and after a test. */
describe('a cluster for tests of others', () => {
  it('has nodes that take pods, and tells of itself', async () => {
    const { items } = (await at.call('GET', '/api/v1/nodes?fieldSelector=spec.unschedulable%3Dfalse&resourceVersion=0'))
      .body;
    expect(items.length).toBeGreaterThan(0);
    for (const { spec, status } of items) {
      expect(spec.taints).toBeUndefined();
      const ready = status.conditions.find((c: { type: string }) => c.type === 'Ready');
      expect(ready.status).toBe('True');
    }
    expect((await at.call('GET', '/version')).body.gitVersion).toBe('v1.36.2');
    const metrics = await at.call('GET', '/metrics');
    expect(metrics.headers['content-type']).toContain('text/plain; version=0.0.4');
    expect(metrics.text).toMatch(/^apiserver_request_total\{code="200",resource="nodes",verb="LIST"\} \d+$/m);
    expect((await at.call('GET', '/metrics', undefined, { authorization: '' })).code).toBe(401);
  });

  it('makes namespaces with what pods need in them, and takes them away with all that is inside', async () => {
    const made = await at.call('POST', '/api/v1/namespaces', { metadata: { generateName: 'statefulset-' } });
    const { name } = made.body.metadata;
    expect([made.code, name]).toEqual([201, expect.stringMatching(/^statefulset-[a-z0-9]{5}$/)]);
    const inside = `/api/v1/namespaces/${name}`;
    expect((await at.call('GET', `${inside}/serviceaccounts/default`)).code).toBe(200);
    const ca = await at.call('GET', `${inside}/configmaps/kube-root-ca.crt`);
    expect(Object.keys(ca.body.data)).toEqual(['ca.crt']);
    const token = await at.call('POST', `${inside}/serviceaccounts/default/token`, { spec: {} });
    expect([token.code, token.body.kind]).toEqual([201, 'TokenRequest']);
    await at.call('POST', `/apis/apps/v1/namespaces/${name}/statefulsets`, webSet(2));
    const watch = at.watch(`${inside}/pods?watch=1`);
    await watch.until((all) => all.length > 0);
    expect((await at.call('DELETE', inside)).body.status.phase).toBe('Terminating');
    for (let i = 0, code = 200; code !== 404 && i < 100; i++) {
      code = (await at.call('GET', inside)).code;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    watch.close();
    expect((await at.call('GET', inside)).code).toBe(404);
    expect((await at.call('GET', `${inside}/pods`)).body.items).toEqual([]);
    const refused = await at.call('POST', `${inside}/configmaps`, configMap('late'));
    expect([refused.code, refused.body.reason]).toEqual([404, 'NotFound']);
  });

  it('lets go of a namespace whose finalizers are taken away', async () => {
    const metadata = { name: 'held', finalizers: ['example.com/hold'] };
    await at.call('POST', '/api/v1/namespaces', { metadata });
    await at.call('DELETE', '/api/v1/namespaces/held');
    const { body } = await at.call('GET', '/api/v1/namespaces/held');
    expect(body.status.phase).toBe('Terminating');
    const path = '/api/v1/namespaces/held/finalize';
    expect((await at.call('GET', path)).code).toBe(405);
    const { finalizers: _, ...rest } = body.metadata;
    const freed = await at.call('PUT', path, { ...body, metadata: rest, spec: { finalizers: [] } });
    expect([freed.code, freed.body.kind, freed.body.metadata.name]).toEqual([200, 'Namespace', 'held']);
    expect((await at.call('GET', '/api/v1/namespaces/held')).code).toBe(404);
    const { resources } = (await at.call('GET', '/api/v1')).body;
    expect(resources.find((one: { name: string }) => one.name === 'namespaces/finalize')).toEqual({
      name: 'namespaces/finalize',
      singularName: '',
      namespaced: false,
      kind: 'Namespace',
      verbs: ['update'],
    });
  });

  it('deletes collections by label, and answers with what went', async () => {
    const revisions = '/apis/apps/v1/namespaces/default/controllerrevisions';
    for (const [name, label] of [
      ['one', 'yes'],
      ['two', 'yes'],
      ['three', 'no'],
    ])
      await at.call('POST', revisions, { metadata: { name, labels: { chosen: label } }, data: { a: 1 }, revision: 3 });
    const merge = { 'content-type': 'application/strategic-merge-patch+json' };
    const patched = await at.call('PATCH', `${revisions}/one`, { metadata: { labels: { more: 'x' } } }, merge);
    expect(patched.body.metadata.labels).toEqual({ chosen: 'yes', more: 'x' });
    const replaced = await at.call('PUT', `${revisions}/two`, {
      ...patched.body,
      metadata: { name: 'two', labels: { chosen: 'yes' } },
    });
    expect(replaced.code).toBe(200);
    const gone = await at.call('DELETE', `${revisions}?labelSelector=chosen%3Dyes`, { gracePeriodSeconds: 1 });
    expect([gone.code, gone.body.kind, gone.body.items.length]).toEqual([200, 'ControllerRevisionList', 2]);
    const left = (await at.call('GET', `${revisions}?labelSelector=chosen`)).body.items;
    expect(left.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual(['three']);
    const dry = await at.call('DELETE', `${revisions}?labelSelector=chosen%3Dno&dryRun=All`);
    expect([dry.code, (await at.call('GET', `${revisions}/three`)).code]).toEqual([200, 200]);
  });

  it('leaves dependents behind by the old option too, but not by both', async () => {
    await at.call('POST', MAPS, configMap('kept'));
    const both = { orphanDependents: false, propagationPolicy: 'Orphan' };
    const message =
      'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set';
    const refused = await at.call('DELETE', `${MAPS}/kept`, both);
    expect([refused.code, refused.body.message]).toEqual([422, message]);
    const asked = await at.call('DELETE', `${MAPS}/kept?orphanDependents=true&propagationPolicy=Orphan`);
    expect([asked.code, asked.body.message]).toEqual([422, message]);
    const dry = await at.call('DELETE', `${MAPS}/kept?orphanDependents=true&dryRun=All`);
    expect(dry.code).toBe(200);
    expect((await at.call('GET', `${MAPS}/kept`)).code).toBe(200);
  });

  it('takes no watch that is to last for something else than seconds', async () => {
    const { code, body } = await at.call('GET', `${MAPS}?watch=1&timeoutSeconds=long`);
    expect([code, body.reason]).toEqual([400, 'BadRequest']);
  });

  it('takes the options of lists and watches only as they go together', async () => {
    const why = async (query: string) => {
      const { code, body } = await at.call('GET', `${MAPS}?${query}`);
      return [code, body.details?.causes?.map((c: { message: string }) => c.message).join()];
    };
    expect(await why('resourceVersionMatch=Exact')).toEqual([
      422,
      'Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    ]);
    expect(await why('resourceVersion=0&resourceVersionMatch=Exact')).toEqual([
      422,
      'Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    ]);
    expect(await why('resourceVersion=1&resourceVersionMatch=Nearly')).toEqual([
      422,
      'Unsupported value: "Nearly": supported values: "", "Exact", "NotOlderThan"',
    ]);
    expect(await why('sendInitialEvents=true')).toEqual([422, 'Forbidden: sendInitialEvents is forbidden for list']);
    expect(await why('watch=1&sendInitialEvents=true')).toEqual([
      422,
      'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    ]);
    expect(await why('watch=1&resourceVersionMatch=NotOlderThan')).toEqual([
      422,
      'Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    ]);
    expect((await at.call('GET', `${MAPS}?resourceVersion=1&resourceVersionMatch=NotOlderThan`)).code).toBe(200);
    expect((await at.call('GET', `${MAPS}?resourceVersion=1&resourceVersionMatch=Exact`)).code).toBe(410);
  });
});
