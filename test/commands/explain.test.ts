import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cli, createCli } from '../support/cli';

let cli: Cli;
beforeEach(() => {
  cli = createCli();
});
afterEach(() => cli.dispose());

const ok = (out: string) => ({ out, err: '', code: 0 });
const fails = (err: string, out = '') => ({ out, err, code: 1 });
const SET = 'GROUP:      apps\nKIND:       StatefulSet\nVERSION:    v1\n\n';

test('a field: type, description, wrapped', async () => {
  expect(await cli('explain sts.spec.replicas')).toEqual(
    ok(`${SET}FIELD: replicas <integer>


DESCRIPTION:
    replicas is the desired number of replicas of the given Template. These are
    replicas in the sense that they are instantiations of the same Template, but
    individual replicas also have a consistent identity. If unspecified,
    defaults to 1.
    

`),
  );
});

test('a field with a few values', async () => {
  expect(await cli('explain sts.spec.podManagementPolicy')).toEqual(
    ok(`${SET}FIELD: podManagementPolicy <string>
ENUM:
    OrderedReady
    Parallel

DESCRIPTION:
    podManagementPolicy controls how pods are created during initial scale up,
    when replacing pods on nodes, or when scaling down. The default policy is
    \`OrderedReady\`, where pods are created in increasing order (pod-0, then
    pod-1, etc) and the controller will wait until each pod is ready before
    continuing. When scaling down, the pods are removed in the opposite order.
    The alternative policy is \`Parallel\` which will create pods in parallel to
    match the desired scale without waiting, and on scale down will delete all
    pods at once.
    
    Possible enum values:
     - \`"OrderedReady"\` will create pods in strictly increasing order on scale
    up and strictly decreasing order on scale down, progressing only when the
    previous pod is ready or terminated. At most one pod will be changed at any
    time.
     - \`"Parallel"\` will create and delete pods as soon as the stateful set
    replica count is changed, and will not wait for pods to be ready or complete
    termination.
    

`),
  );
});

test('a kind: its fields with their descriptions, required ones marked', async () => {
  expect(await cli('explain sts.spec.persistentVolumeClaimRetentionPolicy')).toEqual(
    ok(`${SET}FIELD: persistentVolumeClaimRetentionPolicy <StatefulSetPersistentVolumeClaimRetentionPolicy>


DESCRIPTION:
    persistentVolumeClaimRetentionPolicy describes the lifecycle of persistent
    volume claims created from volumeClaimTemplates. By default, all persistent
    volume claims are created as needed and retained until manually deleted.
    This policy allows the lifecycle to be altered, for example by deleting
    persistent volume claims when their stateful set is deleted, or when their
    pod is scaled down.
    StatefulSetPersistentVolumeClaimRetentionPolicy describes the policy used
    for PVCs created from the StatefulSet VolumeClaimTemplates.
    
FIELDS:
  whenDeleted	<string>
    WhenDeleted specifies what happens to PVCs created from StatefulSet
    VolumeClaimTemplates when the StatefulSet is deleted. The default policy of
    \`Retain\` causes PVCs to not be affected by StatefulSet deletion. The
    \`Delete\` policy causes those PVCs to be deleted.

  whenScaled	<string>
    WhenScaled specifies what happens to PVCs created from StatefulSet
    VolumeClaimTemplates when the StatefulSet is scaled down. The default policy
    of \`Retain\` causes PVCs to not be affected by a scaledown. The \`Delete\`
    policy causes the associated PVCs for any excess pods above the replica
    count to be deleted.


`),
  );
  expect((await cli('explain sts.spec')).out).toContain('  selector\t<LabelSelector> -required-\n');
  expect((await cli('explain pods.spec')).out).toContain('  containers\t<[]Container> -required-\n');
  expect((await cli('explain pods.metadata')).out).toContain('  labels\t<map[string]string>\n');
});

test('--recursive: names and types, however deep, values in short', async () => {
  expect(await cli('explain pods.spec.containers.ports --recursive')).toEqual(
    ok(`KIND:       Pod
VERSION:    v1

FIELD: ports <[]ContainerPort>


DESCRIPTION:
    List of ports to expose from the container. Not specifying a port here DOES
    NOT prevent that port from being exposed. Any port which is listening on the
    default "0.0.0.0" address inside a container will be accessible from the
    network. Modifying this array with strategic merge patch may corrupt the
    data. For more information See
    https://github.com/kubernetes/kubernetes/issues/108255. Cannot be updated.
    ContainerPort represents a network port in a single container.
    
FIELDS:
  containerPort	<integer> -required-
  hostIP	<string>
  hostPort	<integer>
  name	<string>
  protocol	<string>
  enum: SCTP, TCP, UDP

`),
  );
  const { out } = await cli('explain crd --recursive');
  expect(out).toContain('      schema\t<CustomResourceValidation>\n        openAPIV3Schema\t<JSONSchemaProps>\n');
});

test('every built-in kind can be explained', async () => {
  const kinds = (await cli('api-resources --no-headers')).out
    .trim()
    .split('\n')
    .map((line) => /\s((?:\S+\/)?v\d\S*)\s+(?:true|false)\s/.exec(line)?.[1]?.concat(' ', line.split(' ')[0] ?? ''));
  expect(kinds.length).toBeGreaterThan(50);
  for (const kind of kinds) {
    const [version, name] = kind?.split(' ') ?? [];
    const { out, err } = await cli(['explain', name ?? '', `--api-version=${version}`]);
    expect([name, err, out.includes('\nFIELDS:\n  ')]).toEqual([name, '', true]);
  }
});

test('groups in the name, and other versions', async () => {
  expect((await cli('explain statefulsets.apps.spec.replicas')).out).toContain('FIELD: replicas <integer>');
  expect((await cli('explain events --api-version=events.k8s.io/v1')).out).toContain('GROUP:      events.k8s.io\n');
  expect(await cli('explain sts --api-version=apps/v9')).toEqual(
    fails('error: couldn\'t find resource for "apps/v9, Resource=statefulsets"\n'),
  );
});

test('a custom resource: the schema of its definition', async () => {
  cli.files.set(
    'crd.yaml',
    `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: backups.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: backups, singular: backup, kind: Backup}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            description: What to save.
            required: [set]
            properties:
              set: {type: string, description: The set to save.}
              keep: {type: integer}
              days: {type: array, items: {type: string, enum: [mon, tue]}}
`,
  );
  expect((await cli('apply -f crd.yaml')).code).toBe(0);
  expect(await cli('explain backups.spec')).toEqual(
    ok(`GROUP:      example.com
KIND:       Backup
VERSION:    v1

FIELD: spec <Object>


DESCRIPTION:
    What to save.
    
FIELDS:
  days	<[]string>
    <no description>

  keep	<integer>
    <no description>

  set	<string> -required-
    The set to save.


`),
  );
});

test('a custom resource has the standard fields, with all that is inside metadata', async () => {
  cli.files.set(
    'crd.yaml',
    `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: backups.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: backups, singular: backup, kind: Backup}
  versions:
  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, description: A backup.}}}
`,
  );
  expect((await cli('apply -f crd.yaml')).code).toBe(0);
  const { out } = await cli('explain backup');
  expect(out).toContain(
    'DESCRIPTION:\n    A backup.\n    \nFIELDS:\n  apiVersion\t<string>\n    APIVersion defines the',
  );
  expect((await cli('explain backup.metadata.labels')).out).toContain('FIELD: labels <map[string]string>\n');
});

test('a schema may say where more is written', async () => {
  cli.files.set(
    'crd.yaml',
    `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: backups.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: backups, singular: backup, kind: Backup}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            externalDocs: {description: All about backups., url: 'https://example.com/backups'}
            properties:
              holder:
                type: string
                externalDocs:
                  description: Holder docs, with quite a long text that must be wrapped at some point of the line, somewhere.
                  url: https://example.com/h
              keep: {type: integer, externalDocs: {url: 'https://example.com/d'}}
`,
  );
  expect((await cli('apply -f crd.yaml')).code).toBe(0);
  expect((await cli('explain backups.spec')).out).toContain(`DESCRIPTION:
    <empty>

EXTERNAL DOCS:
    All about backups.
    URL: https://example.com/backups
FIELDS:
  holder\t<string>
    <no description>

    EXTERNAL DOCS:
      Holder docs, with quite a long text that must be wrapped at some point of
      the line, somewhere.
      URL: https://example.com/h

  keep\t<integer>
    <no description>

    EXTERNAL DOCS:
      URL: https://example.com/d


`);
});

test('an apiVersion and a kind have no list of values', async () => {
  expect((await cli('explain sts')).out).toMatch(/FIELDS:\n {2}apiVersion\t<string>\n {4}APIVersion defines/);
});

test('types that JSON writes as a plain value tell of themselves behind the field', async () => {
  const { out: time } = await cli('explain pod.metadata.creationTimestamp');
  expect(time).toContain('FIELD: creationTimestamp <string>\n');
  expect(time).toContain('\n    Time is a wrapper around time.Time which supports correct marshaling to YAML\n');
  const { out: limits } = await cli('explain pod.spec.containers.resources.limits');
  expect(limits).toContain('FIELD: limits <map[string]Quantity>\n');
  expect(limits).toContain('\n    Quantity is a fixed-point representation of a number. It provides convenient\n');
  const { out: port } = await cli('explain service.spec.ports.targetPort');
  expect(port).toContain('FIELD: targetPort <IntOrString>\n');
  expect((await cli('explain pod --recursive')).out).toContain('      fieldsV1\t<FieldsV1>\n');
});

test('every field of the kinds that the engine plays says what it is for', async () => {
  const kinds =
    'pods statefulsets services persistentvolumeclaims persistentvolumes nodes secrets configmaps endpointslices';
  for (const kind of kinds.split(' '))
    for (const path of [kind, `${kind}.metadata`, `${kind}.spec`, `${kind}.status`]) {
      const { out, code } = await cli(['explain', path]);
      if (code === 0) expect([path, out.includes('<no description>')]).toEqual([path, false]);
    }
  expect((await cli('explain sts.spec')).out).not.toContain('<no description>');
});

test('mistakes, in kubectl’s words', async () => {
  expect(await cli('explain')).toEqual(
    fails(
      'error: You must specify the type of resource to explain. Use "stsctl api-resources" for a complete list of ' +
        'supported resources.\n',
    ),
  );
  expect(await cli('explain a b')).toEqual(fails('error: We accept only this format: explain RESOURCE\n'));
  expect(await cli('explain nope')).toEqual(fails('the server doesn\'t have a resource type "nope"\n'));
  expect(await cli('explain sts.spec.nope')).toEqual(fails('error: field "nope" does not exist\n', SET));
  expect(await cli('explain STS')).toEqual(fails('the server doesn\'t have a resource type "STS"\n'));
  for (const word of ['.sts', 'sts..spec', 'sts.spec[0]', 'sts.*'])
    expect(await cli(['explain', word])).toEqual(
      fails('error: invalid jsonpath syntax, first node must be field node\n'),
    );
  expect(await cli('explain sts[')).toEqual(fails('error: unterminated array\n'));
  expect(await cli(['explain', ''])).toEqual(fails('error: a resource must be present, got: /, Resource=\n'));
  expect(await cli('explain sts --api-version=v1')).toEqual(
    fails('error: GVR (/v1, Resource=statefulsets) not found in OpenAPI schema\n'),
  );
  expect(await cli('explain sts --api-version=a/b/c')).toEqual(fails('error: unexpected GroupVersion string: a/b/c\n'));
  expect(await cli('explain pod.metadata.labels.x')).toEqual(
    fails('error: field "x" does not exist\n', 'KIND:       Pod\nVERSION:    v1\n\n'),
  );
  expect(await cli('explain sts -o plaintext-openapiv2')).toEqual(
    fails('error: the output format "plaintext-openapiv2" is not supported yet\n'),
  );
});
