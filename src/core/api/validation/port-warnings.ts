/** Ports that more than one container has, or one twice (as warningsForOverlappingPorts in pkg/api/pod/warnings.go). */
import { asList, asNumber, asString, type Json } from '../json';
import { containersOf } from './containers-of';

interface KnownPort {
  readonly path: string;
  readonly hostPort: number;
  readonly hostIP: string;
}

/** They are the same, one of them is redundant, or it is unclear which of them the host has. */
export function portWarnings(spec: Json, path: string): string[] {
  const warnings: string[] = [];
  const known = new Map<string, KnownPort[]>();
  for (const [container, at] of containersOf(spec, path)) {
    for (const [i, port] of asList(container.ports).entries()) {
      const own = { path: `${at}.ports[${i}]`, hostPort: asNumber(port.hostPort), hostIP: asString(port.hostIP) };
      const number = asNumber(port.containerPort);
      const protocol = asString(port.protocol);
      if (own.hostIP && own.hostPort === 0) {
        const shown = `{Name:${asString(port.name)} HostPort:0 ContainerPort:${number} Protocol:${protocol} HostIP:${own.hostIP}}`;
        warnings.push(`${own.path}: hostIP set without hostPort: ${shown}`);
      }
      const others = known.get(`${number}/${protocol}`) ?? [];
      for (const other of others) {
        const clash = clashOf(own, other);
        if (clash) warnings.push(`${own.path}: ${clash} port definition with ${other.path}`);
      }
      known.set(`${number}/${protocol}`, [...others, own]);
    }
  }
  return warnings;
}

function clashOf(a: KnownPort, b: KnownPort): string | undefined {
  if (a.hostIP === b.hostIP && a.hostPort === b.hostPort) return 'duplicate';
  if (a.hostPort === 0 || b.hostPort === 0) return 'overlapping';
  const oneOpen = (a.hostIP === '') !== (b.hostIP === '');
  return a.hostPort === b.hostPort && oneOpen ? 'dangerously ambiguous' : undefined;
}
