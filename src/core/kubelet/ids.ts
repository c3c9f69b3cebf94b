/** Stand-ins for the digests of a container runtime: 64 hexadecimal digits that follow from what they name. */
import { fnv32a } from '../meta/hash';

const known = new Map<string, string>();
const MAX_KNOWN = 1000;

function digest(text: string): string {
  let hex = '';
  for (let i = 0; i < 8; i++) hex += fnv32a(`${i}:${text}`).toString(16).padStart(8, '0');
  return hex;
}

export const containerId = (podUid: string, container: string, restarts: number): string =>
  `containerd://${digest(`${podUid}/${container}/${restarts}`)}`;

export function imageId(image: string): string {
  let id = known.get(image);
  if (id === undefined) {
    id = `sha256:${digest(image)}`;
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(image, id);
  }
  return id;
}
