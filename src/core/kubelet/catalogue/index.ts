/**
 * The image catalogue: what the programs of well-known images do. Asked at every start of a container, so a question costs
 * a look into a table; programs load where they are run.
 */
import { alpine, busybox, debian, fedora } from './busybox';
import { type ImageName, parseImage } from './image';
import type { ImageModel } from './model';
import { mysql } from './mysql';
import type { OwnImage } from './own-pattern';
import { redis } from './redis';
import { tools } from './tools';
import { httpd } from './web/httpd';
import { nginx } from './web/nginx';
import { zookeeper } from './zookeeper';

type Family = (image: ImageName) => ImageModel;

/** By repository, without registry and tag. */
const FAMILIES: Readonly<Record<string, Family>> = {
  busybox,
  alpine,
  debian,
  ubuntu: debian,
  centos: fedora,
  fedora,
  rockylinux: fedora,
  almalinux: fedora,
  nginx,
  'nginx-slim': nginx,
  'nginxinc/nginx-unprivileged': nginx,
  httpd,
  mysql,
  'mysql/mysql-server': mysql,
  mariadb: mysql,
  percona: mysql,
  'percona/percona-server': mysql,
  redis,
  'valkey/valkey': redis,
  zookeeper,
  'kubernetes-zookeeper': zookeeper,
  'google_samples/k8szk': zookeeper,
  'nicolaka/netshoot': tools,
  'infoblox/dnstools': tools,
  'tutum/dnsutils': tools,
  dnsutils: tools,
  'jessie-dnsutils': tools,
  'curlimages/curl': tools,
};

/** Where Kubernetes' own tests keep what they take of others. */
const TEST_IMAGES = /^(kubernetes-)?e2e-test-images\//;

let own: readonly OwnImage[] = [];

/** Models of the user's own come before those of the catalogue; what was registered before is forgotten. */
export function registerImages(images: readonly OwnImage[]): void {
  own = images;
}

/** Undefined for an image that nobody models: it is healthy, and nothing in it runs by itself. */
export function modelOf(image: string): ImageModel | undefined {
  const mine = own.find((candidate) => candidate.matches(image));
  if (mine) return mine.model;
  const name = parseImage(image);
  const repository = name.repository.replace(TEST_IMAGES, '');
  return Object.hasOwn(FAMILIES, repository) ? FAMILIES[repository]?.(name) : undefined;
}
