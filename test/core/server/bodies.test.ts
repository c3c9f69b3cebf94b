/** Bodies that can't be read are refused in the words of Go's decoders, as upstream's API server does. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Served, serve } from '../../support/served';

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.stop());

const PODS = '/api/v1/namespaces/default/pods';
const NAMESPACE = '/api/v1/namespaces/default';

async function said(method: string, path: string, body: string, type = 'application/json') {
  const { code, body: status } = await served.call(method, path, body, { 'content-type': type });
  return [code, status.reason, status.message];
}

const META = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

describe('a body that is no JSON', () => {
  test.each([
    ['{"kind":"Pod",}', `invalid character '}' looking for beginning of object key string ({"kind":"Pod",})`],
    ['{"kind":', 'unexpected end of JSON input ({"kind":)'],
    ['{} x', "invalid character 'x' after top-level value ({} x)"],
    [
      'kind: Pod\n',
      `invalid character 'k' looking for beginning of value (${Buffer.from('kind: Pod\n').toString('hex')})`,
    ],
    ['nul', "invalid character ' ' in literal null (expecting 'l') (6e756c)"],
    ['[1]', `json: cannot unmarshal array into Go value of type ${META} (5b315d)`],
    ['7', `json: cannot unmarshal number into Go value of type ${META} (37)`],
    [`{"a":"${'x'.repeat(40)}`, `unexpected end of JSON input ({"a":"${'x'.repeat(24)} ...)`],
  ])('%s', async (body, why) => {
    const words = (kind: string) =>
      `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${why}`;
    expect(await said('POST', PODS, body)).toEqual([400, 'BadRequest', words('Pod')]);
    expect(await said('PUT', NAMESPACE, body)).toEqual([400, 'BadRequest', words('Namespace')]);
  });

  test('that says how to delete', async () => {
    expect(await said('DELETE', `${PODS}/a`, '{')).toEqual([
      500,
      '',
      "couldn't get version/kind; json parse error: unexpected end of JSON input",
    ]);
  });

  test.each([
    ['application/strategic-merge-patch+json', ''],
    ['application/merge-patch+json', 'error decoding patch: '],
    ['application/json-patch+json', 'error decoding patch: '],
  ])('that is a patch: %s', async (type, before) => {
    expect(await said('PATCH', NAMESPACE, '{"a" 1}', type)).toEqual([
      400,
      'BadRequest',
      `${before}invalid character '1' after object key`,
    ]);
  });
});

describe('a body that is no YAML', () => {
  test('is refused, and flow style is none of JSON', async () => {
    const map = '/api/v1/namespaces/default/configmaps';
    expect(await said('POST', map, 'a: [b', 'application/yaml')).toEqual([
      400,
      'BadRequest',
      "the object provided is unrecognized (must be of type ConfigMap): yaml: line 1: did not find expected ',' or ']' (613a205b62)",
    ]);
    const flow = '{apiVersion: v1, kind: ConfigMap, metadata: {name: flow}}';
    expect((await served.call('POST', map, flow, { 'content-type': 'application/yaml' })).code).toBe(201);
    expect(await said('PATCH', `${map}/flow?fieldManager=x`, 'a: [', 'application/apply-patch+yaml')).toEqual([
      400,
      'BadRequest',
      'error decoding YAML: error converting YAML to JSON: yaml: line 1: did not find expected node content',
    ]);
  });
});
