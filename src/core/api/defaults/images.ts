/** The tag of an image reference, and the pull policy that follows from it (as parsers.ParseImageName). */

/** `latest` when neither tag nor digest is given; empty for a digest alone and for what is no reference. */
export function imageTag(image: unknown): string {
  if (typeof image !== 'string' || image === '') return '';
  const at = image.indexOf('@');
  const reference = at < 0 ? image : image.slice(0, at);
  const colon = reference.lastIndexOf(':');
  const tagged = colon > reference.lastIndexOf('/');
  const name = tagged ? reference.slice(0, colon) : reference;
  const tag = tagged ? reference.slice(colon + 1) : '';
  if (!isRepository(name) || (tagged && !/^\w[\w.-]{0,127}$/.test(tag))) return '';
  if (at >= 0 && !/^@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/.test(image.slice(at)))
    return '';
  return tag || (at < 0 ? 'latest' : '');
}

export const pullPolicy = (image: unknown): 'Always' | 'IfNotPresent' =>
  imageTag(image) === 'latest' ? 'Always' : 'IfNotPresent';

function isRepository(name: string): boolean {
  const [first, ...rest] = name.split('/');
  const hasHost = rest.length > 0 && (/[.:A-Z]/.test(first!) || first === 'localhost');
  const path = hasHost ? rest : [first!, ...rest];
  if (hasHost && !/^[A-Za-z0-9.[\]:-]+$/.test(first!)) return false;
  return path.every((part) => /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/.test(part));
}
