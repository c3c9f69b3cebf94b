/** Images that are just a shell and the usual programs. busybox runs its pod's command, and its own httpd serves files. */
import type { PodContainer } from '../../apiserver/container-runtime';
import type { Program } from '../shell/program';
import type { ImageName } from './image';
import type { ImageModel, Listener } from './model';

const OS_FILES = (name: string, id: string, version: string): Readonly<Record<string, string>> => ({
  '/etc/os-release': `NAME="${name}"\nID=${id}\nVERSION_ID="${version}"\nPRETTY_NAME="${name} ${version}"\n`,
});

export function busybox({ tag }: ImageName): ImageModel {
  const [, minor] = /^1\.(\d+)/.exec(tag) ?? [];
  const isOld = minor !== undefined && Number(minor) < 29;
  return {
    name: 'busybox',
    entrypoint: ['sh'],
    listens: listeners,
    env: {},
    workingDir: '/',
    shells: ['sh', 'ash'],
    files: () => ({}),
    programs: async () => {
      const { busyboxClients } = await import('../network/programs');
      return [...busyboxClients(isOld), ...(await ownPrograms())];
    },
    serveHttp: async (request, server) => (await import('./web/busybox-httpd')).serve(request, server),
  };
}

export const alpine = ({ tag }: ImageName): ImageModel => ({
  ...busybox({ registry: '', repository: '', tag: 'latest' }),
  name: 'alpine',
  isBase: true,
  listens: declaredPorts,
  files: () => OS_FILES('Alpine Linux', 'alpine', tag),
  programs: async () => {
    const { busyboxClients, getent } = await import('../network/programs');
    return [...busyboxClients(), getent, ...(await ownPrograms())];
  },
});

async function ownPrograms(): Promise<readonly Program[]> {
  const { busyboxHttpd, multiCall } = await import('./web/busybox-httpd');
  return [busyboxHttpd, multiCall];
}

/** debian, ubuntu: bash, and no network clients before they are installed. */
export const debian = ({ repository, tag }: ImageName): ImageModel => ({
  name: repository,
  entrypoint: ['bash'],
  isBase: true,
  listens: declaredPorts,
  env: {},
  workingDir: '/',
  shells: ['sh', 'bash'],
  files: () => OS_FILES(repository === 'ubuntu' ? 'Ubuntu' : 'Debian GNU/Linux', repository, tag),
  programs: async () => [(await import('../network/programs')).getent],
});

/** Fedora and its relatives: bash and curl. */
export const fedora = ({ repository, tag }: ImageName): ImageModel => ({
  name: repository,
  entrypoint: ['bash'],
  isBase: true,
  listens: declaredPorts,
  env: {},
  workingDir: '/',
  shells: ['sh', 'bash'],
  files: () => OS_FILES(repository, repository, tag),
  programs: async () => {
    const { curl, getent } = await import('../network/programs');
    return [curl, getent];
  },
});

/** What was built upon a base image listens where its pod says. */
function declaredPorts(_: PodContainer, declared: readonly number[]): readonly Listener[] {
  return declared.map((port) => ({ port, protocol: 'tcp' }));
}

/** Ports of `httpd -p` and `nc -l` in the container's command. */
function listeners({ argv }: PodContainer): readonly Listener[] {
  const found: Listener[] = [];
  for (const part of argv.join(' ').split(/[;&|\n]+/)) {
    if (/(^|[\s/])httpd(\s|$)/.test(part)) {
      const port = /\s-p\s*(?:[\d.]*:)?(\d+)/.exec(part)?.[1];
      found.push({ port: Number(port ?? 80), protocol: 'http' });
    } else if (/(^|[\s/])nc\s.*-\w*l/.test(part)) {
      const port = /\s-\w*p\s*(\d+)/.exec(part)?.[1] ?? /\s(\d+)\s*$/.exec(part)?.[1];
      if (port !== undefined) found.push({ port: Number(port), protocol: 'tcp' });
    }
  }
  return found;
}
