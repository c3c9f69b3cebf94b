/** OpenAPI: an index of documents for v3, and for v2 the little that clients need to go on without it. */
import { createHash } from 'node:crypto';
import { gvOf, type ResourceInfo } from '../../api/resources';
import { noSuchPath } from '../../api/status';
import type { Backend } from '../../client/backend';
import type { Answer } from '../call';
import { groupsOf } from '../discovery';
import { kindsIn } from '../target';
import { openApiDocument } from './document';
import { Types } from './types';

const V2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
/** What is asked for is no media type that can be parsed; the answer says the same in one that can. */
const V2_PROTOBUF_ANSWER = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

interface Made {
  readonly hash: string;
  readonly text: string;
}

export class OpenApi {
  private types: Types | undefined;
  /** By what they were made of. */
  private readonly made = new Map<string, Made>();

  constructor(
    private readonly explanations: () => string,
    private readonly gitVersion: string,
  ) {}

  /** Where the document of each group and version is. */
  async index(cluster: Backend): Promise<object> {
    const resources = await cluster.resources();
    const paths: Record<string, object> = {};
    const versions = groupsOf(resources).flatMap(({ name, versions }) => versions.map((version) => [name, version]));
    for (const [group = '', version = 'v1'] of [['', 'v1'], ...versions]) {
      const path = group ? `apis/${group}/${version}` : `api/${version}`;
      const stamp = digest(JSON.stringify([kindsIn(resources, group, version), await versionsOf(cluster, resources)]));
      paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${stamp}` };
    }
    return { paths };
  }

  /** The document of `api/v1` or `apis/GROUP/VERSION`. Throws NotFound. */
  async document(cluster: Backend, parts: readonly string[]): Promise<Answer> {
    const [root, ...rest] = parts;
    const [group = '', version = ''] = root === 'api' ? ['', rest[0]] : rest;
    const resources = await cluster.resources();
    const kinds = kindsIn(resources, group, version);
    if (kinds.length === 0 || rest.length !== (root === 'api' ? 1 : 2)) throw noSuchPath();
    const stamp = JSON.stringify([gvOf({ group, version }), kinds, await versionsOf(cluster, resources)]);
    let made = this.made.get(stamp);
    if (!made) {
      this.types ??= new Types(this.explanations());
      const document = openApiDocument(kinds, this.types, await definitionsOf(cluster, resources), this.gitVersion);
      made = { hash: digest(stamp), text: JSON.stringify(document) };
      if (this.made.size > 100) this.made.clear();
      this.made.set(stamp, made);
    }
    return { code: 200, body: made.text, headers: { ETag: `"${made.hash}"` } };
  }

  /** Clients that find no schema here go on with what they know themselves. */
  v2(accept: string | undefined): Answer {
    if (accept?.includes(V2_PROTOBUF)) {
      const text = (field: number, value: string): number[] => [field * 8 + 2, value.length, ...Buffer.from(value)];
      const info = [...text(1, 'Kubernetes'), ...text(2, this.gitVersion)];
      return {
        code: 200,
        contentType: V2_PROTOBUF_ANSWER,
        body: Uint8Array.from([...text(1, '2.0'), 2 * 8 + 2, info.length, ...info]),
      };
    }
    const info = { title: 'Kubernetes', version: this.gitVersion };
    return { code: 200, body: { swagger: '2.0', info, paths: {}, definitions: {} } };
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').toUpperCase();

async function definitionsOf(cluster: Backend, resources: readonly ResourceInfo[]) {
  const resource = resources.find(({ plural }) => plural === 'customresourcedefinitions');
  return resource ? (await cluster.list(resource, undefined)).items : [];
}

/** Documents change when definitions do. */
const versionsOf = async (cluster: Backend, resources: readonly ResourceInfo[]): Promise<readonly string[]> =>
  (await definitionsOf(cluster, resources)).map(({ metadata }) => `${metadata.uid} ${metadata.resourceVersion}`);
