import { describe, expect, it } from 'vitest';
import { validateDefinition, validateDefinitionUpdate } from '../../../../src/core/api/custom-resources/definition';
import { fieldErrorText } from '../../../../src/core/api/status';

type Fields = Readonly<Record<string, unknown>>;

const version = (more: Fields = {}): Fields => ({
  name: 'v1',
  served: true,
  storage: true,
  schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
  ...more,
});
const definition = (spec: Fields = {}, more: Fields = {}): Fields => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
    versions: [version()],
    ...spec,
  },
  ...more,
});
const schema = (openAPIV3Schema: Fields): Fields =>
  definition({ versions: [version({ schema: { openAPIV3Schema } })] });
const errors = (object: Fields): string[] => validateDefinition(object).map(fieldErrorText);
const AT = 'spec.validation.openAPIV3Schema';
const LABEL =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

describe('validateDefinition', () => {
  it.each<[string, Fields, string[]]>([
    ['a fine one', definition(), []],
    [
      'another name',
      definition({}, { metadata: { name: 'widget.example.com' } }),
      ['metadata.name: Invalid value: "widget.example.com": must be spec.names.plural+"."+spec.group'],
    ],
    [
      'a group without a dot',
      definition({ group: 'example' }, { metadata: { name: 'widgets.example' } }),
      ['spec.group: Invalid value: "example": should be a domain with at least one dot'],
    ],
    [
      'a protected group',
      definition({ group: 'apps.k8s.io' }, { metadata: { name: 'widgets.apps.k8s.io' } }),
      [
        'metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
      ],
    ],
    ['no scope', definition({ scope: undefined }), ['spec.scope: Required value']],
    [
      'an unknown scope',
      definition({ scope: 'Global' }),
      ['spec.scope: Unsupported value: "Global": supported values: "Cluster", "Namespaced"'],
    ],
    [
      'no schema',
      definition({ versions: [version({ schema: undefined })] }),
      ['spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required'],
    ],
    [
      'names that are none',
      definition({
        names: { plural: 'widgets', singular: 'W', kind: 'Widget', listKind: 'Widget', shortNames: ['_'] },
      }),
      [
        `spec.names.singular: Invalid value: "W": ${LABEL}`,
        `spec.names.shortNames[0]: Invalid value: "_": ${LABEL}`,
        'spec.names.listKind: Invalid value: "Widget": kind and listKind may not be the same',
      ],
    ],
    [
      'a field without a type, a list without items',
      schema({ type: 'object', properties: { a: {}, b: { type: 'array' } } }),
      [
        `${AT}.properties[a].type: Required value: must not be empty for specified object fields`,
        `${AT}.properties[b].items: Required value: must be specified`,
      ],
    ],
    [
      'a root without a type',
      schema({ properties: {} }),
      [`${AT}.type: Required value: must not be empty at the root`],
    ],
    [
      'a root that is no object',
      schema({ type: 'string' }),
      [`${AT}.type: Invalid value: "string": must be object at the root`],
    ],
    [
      'a restriction that describes',
      schema({ type: 'object', anyOf: [{ properties: { a: { type: 'string' } } }] }),
      [
        `${AT}.anyOf[0].properties[a].type: Forbidden: must be empty to be structural`,
        `${AT}.properties[a]: Required value: because it is defined in ${AT}.anyOf[0].properties[a]`,
      ],
    ],
    [
      'columns and paths',
      definition({
        versions: [
          version({
            additionalPrinterColumns: [{ name: 'a', type: 'text', jsonPath: 'spec' }],
            subresources: { scale: { specReplicasPath: '.status.replicas' } },
          }),
        ],
      }),
      [
        'spec.subresources.scale.specReplicasPath: Invalid value: ".status.replicas": should be a json path under .spec',
        'spec.subresources.scale.statusReplicasPath: Required value',
        'spec.additionalPrinterColumns[0].type: Invalid value: "text": must be one of boolean,date,integer,number,string',
        'spec.additionalPrinterColumns[0].JSONPath: Invalid value: "spec": must be a simple json path starting with .',
      ],
    ],
  ])('%s', (_, object, expected) => {
    expect(errors(object)).toEqual(expected);
  });

  it('names the place of a schema that only one version has', () => {
    const other = version({ name: 'v2', storage: false, schema: { openAPIV3Schema: {} } });
    expect(errors(definition({ versions: [version(), other] }))).toEqual([
      'spec.versions[1].schema.openAPIV3Schema.type: Required value: must not be empty at the root',
    ]);
  });

  it('wants one stored version', () => {
    const [error] = validateDefinition(definition({ versions: [version({ storage: false })] }));
    expect(error).toMatchObject({
      field: 'spec.versions',
      detail: 'must have exactly one version marked as storage version',
    });
  });

  it('accepts what operators bring', () => {
    const port = { anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true };
    const spec = { type: 'object', properties: { port }, additionalProperties: undefined };
    const status = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    const free = { 'x-kubernetes-preserve-unknown-fields': true };
    const labels = { type: 'object', additionalProperties: { type: 'string' } };
    const properties = { apiVersion: { type: 'string' }, metadata: { type: 'object' }, spec, status, free, labels };
    expect(errors(schema({ type: 'object', required: ['spec'], properties }))).toEqual([]);
  });
});

it('keeps what identifies the kind', () => {
  const established = { conditions: [{ type: 'Established', status: 'True' }], storedVersions: ['v1'] };
  const old = definition({}, { status: established });
  const names = { plural: 'widgets', singular: 'widget', kind: 'Gadget', listKind: 'WidgetList' };
  const next = definition({ scope: 'Cluster', names, versions: [version({ name: 'v2' })] }, { status: established });
  expect(validateDefinitionUpdate(next, old).map(fieldErrorText)).toEqual([
    'spec.scope: Invalid value: "Cluster": field is immutable',
    'spec.names.kind: Invalid value: "Gadget": field is immutable',
    'status.storedVersions[0]: Invalid value: "v1": must appear in spec.versions',
  ]);
});
