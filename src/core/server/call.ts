/** One request as the handlers see it: its path in parts, its query, its body, and the warnings that its answer carries. */

import { type ApiError, badRequest } from '../api/status';
import { parseJson } from '../meta/json';
import { jsonFault } from '../meta/json-syntax';
import { decodeProtobuf, PROTOBUF, ProtobufError } from './protobuf/decode';
import { refusal, tooLarge, unrecognized, unsupportedMediaType } from './status';
import { USER, type User } from './user';

export interface Answer {
  readonly code: number;
  /** Sent as JSON, or as it is when it is text or bytes. */
  readonly body: object | string | Uint8Array;
  /** `application/json` where absent. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is read of a request; Node's own has all of it. */
export interface Request extends AsyncIterable<Uint8Array> {
  readonly method?: string;
  /** Path and query. */
  readonly url?: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const JSON_TYPES = ['application/json', 'application/yaml'];

/** What is said of a body that can't be read: `why` in the words of Go's decoders. */
export type Refusing = (why: string, body: Uint8Array, isYaml: boolean) => ApiError;

/** As apimachinery's decoder, whose error is none of the API's own. */
const undecodable: Refusing = (why, _, isYaml) => refusal(500, '', isYaml ? why : noKind(why));

/** A body that should be an object of that kind. */
export const unrecognizedAs =
  (kind: string): Refusing =>
  (why, body, isYaml) =>
    unrecognized(kind, isYaml ? why.replace(/^error converting YAML to JSON: /, '') : noKind(why), body);

/** How JSON is refused of which the kind could not be told (as SimpleMetaFactory). */
export const noKind = (why: string): string => `couldn't get version/kind; json parse error: ${why}`;

export class Call {
  readonly method: string;
  /** Decoded, without empty parts. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  /** What the body says of itself, once it was read. */
  seen: { readonly metadata?: Readonly<Record<'name' | 'namespace' | 'uid' | 'resourceVersion', string | undefined>> } =
    {};
  /** The body as it came, once it was read. */
  sent: Uint8Array = new Uint8Array();
  /** Who asks. */
  user: User = USER;
  /** To be told when an answer that lasts has begun, with its HTTP code. */
  begun: (code: number) => void = () => {};
  private readonly warnings: string[] = [];

  constructor(
    private readonly request: Request,
    private readonly limit: number,
    private readonly parseYaml: (text: string) => Promise<unknown>,
  ) {
    this.method = request.method ?? 'GET';
    const url = request.url ?? '/';
    const at = url.indexOf('?');
    const path = at < 0 ? url : url.slice(0, at);
    this.query = new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
    this.parts = path.split('/').filter(Boolean).map(decoded);
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  /** The media type of the body, without parameters. */
  get contentType(): string {
    return (this.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  }

  readonly warn = (text: string): void => {
    if (!this.warnings.includes(text)) this.warnings.push(text);
  };

  /** The values of the Warning headers (as net.NewWarningHeader): no control characters, quotes escaped. */
  warningHeaders(): string[] {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is taken out
    const plain = (text: string): string => text.replace(/[\u0000-\u001f\u007f]+/g, ' ').replace(/["\\]/g, '\\$&');
    return this.warnings.map((text) => Buffer.from(`299 - "${plain(text)}"`, 'utf8').toString('latin1'));
  }

  flag(name: string): boolean {
    const value = this.query.get(name);
    return value !== null && value !== 'false' && value !== '0';
  }

  /** The whole body. Throws RequestEntityTooLarge. */
  private async bytes(): Promise<Uint8Array> {
    const declared = Number(this.header('content-length') ?? 0);
    if (declared > this.limit) throw tooLarge(this.limit);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of this.request) {
      size += chunk.length;
      if (size > this.limit) throw tooLarge(this.limit);
      chunks.push(chunk);
    }
    return Uint8Array.from(Buffer.concat(chunks));
  }

  /** The body as a value; undefined where there is none. Throws UnsupportedMediaType, and what `refused` makes of broken ones. */
  async body(refused: Refusing = undecodable, accepted: readonly string[] = JSON_TYPES): Promise<unknown> {
    const body = await this.decoded(refused, accepted);
    this.seen = { metadata: namesIn(body) };
    return body;
  }

  private async decoded(refused: Refusing, accepted: readonly string[]): Promise<unknown> {
    const bytes = await this.bytes();
    this.sent = bytes;
    if (bytes.length === 0) return undefined;
    const type = this.contentType || 'application/json';
    if (type === PROTOBUF && accepted === JSON_TYPES) return this.protobuf(bytes);
    if (!accepted.includes(type)) throw unsupportedMediaType(accepted);
    const text = new TextDecoder().decode(bytes);
    const isYaml = type.endsWith('yaml');
    if (!isYaml || /^\s*[{[]/.test(text)) {
      try {
        return withoutPrototypes(parseJson(text));
      } catch {
        // In YAML a brace may begin what is no JSON.
        if (!isYaml) throw refused(jsonFault(text) ?? '', bytes, false);
      }
    }
    try {
      return withoutPrototypes(await this.parseYaml(text));
    } catch (error) {
      throw refused(error instanceof Error ? error.message : String(error), bytes, true);
    }
  }

  /** What cannot be read in full is not taken at all. */
  private protobuf(bytes: Uint8Array): unknown {
    try {
      return withoutPrototypes(decodeProtobuf(bytes));
    } catch (error) {
      if (error instanceof ProtobufError) throw unsupportedMediaType(JSON_TYPES, error.message);
      throw error;
    }
  }
}

/** The words of a body's metadata. */
function namesIn(body: unknown): NonNullable<Call['seen']['metadata']> {
  const metadata = typeof body === 'object' && body !== null && 'metadata' in body ? body.metadata : undefined;
  const words = (typeof metadata === 'object' && metadata !== null ? metadata : {}) as Record<string, unknown>;
  const word = (name: string): string | undefined => (typeof words[name] === 'string' ? words[name] : undefined);
  return {
    name: word('name'),
    namespace: word('namespace'),
    uid: word('uid'),
    resourceVersion: word('resourceVersion'),
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badRequest('the path is not well-formed');
  }
}

/** `__proto__` is no name of Kubernetes' own, and assigning to it is no assignment. */
function withoutPrototypes(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Object.hasOwn(value, '__proto__')) Reflect.deleteProperty(value, '__proto__');
  for (const inner of Object.values(value)) withoutPrototypes(inner);
  return value;
}
