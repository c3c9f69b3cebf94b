/** In which form a client wants its answer (as the API server's content negotiation): plain objects, a table, or metadata only. */
import { notAcceptable } from './status';

export type Form = 'object' | 'table' | 'partial';

interface Wish {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

/** The media types of an Accept header, the most wanted first. */
export function wishes(header: string | undefined): readonly Wish[] {
  const list = (header || '*/*').split(',').map((part): Wish => {
    const [type = '', ...rest] = part.split(';').map((word) => word.trim());
    const pairs = rest.map((word): [string, string] => {
      const at = word.indexOf('=');
      return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
    });
    const parameters = new Map(pairs);
    return { type: type.toLowerCase(), parameters, quality: Number(parameters.get('q') ?? 1) };
  });
  return list.sort((a, b) => b.quality - a.quality);
}

const isJson = (type: string): boolean => type === 'application/json' || type === '*/*' || type === 'application/*';

/** Throws NotAcceptable when no form of JSON is among the wishes. Protobuf and CBOR are passed over. */
export function formOf(header: string | undefined): Form {
  for (const { type, parameters } of wishes(header)) {
    if (!isJson(type)) continue;
    const as = parameters.get('as');
    if (as === undefined) return 'object';
    if (parameters.get('g') !== 'meta.k8s.io' || parameters.get('v') !== 'v1') continue;
    if (as === 'Table') return 'table';
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return 'partial';
  }
  throw notAcceptable();
}
