/** The network's clients as sets: which image has which is the catalogue's matter. */
import type { Program } from '../../shell/program';
import { curl } from './curl';
import { dig } from './dig';
import { getent, host } from './getent';
import { nc } from './nc';
import { nslookup } from './nslookup';
import { ping } from './ping';
import { wget } from './wget';

export { curl } from './curl';
export { dig } from './dig';
export { getent, host } from './getent';
export { nc } from './nc';
export { nslookup } from './nslookup';
export { ping } from './ping';
export { wget } from './wget';

/** Of busybox; before 1.29 its nslookup was another one. */
export const busyboxClients = (isOld = false): readonly Program[] => [
  nslookup(isOld ? 'old busybox' : 'busybox'),
  ping('busybox'),
  wget,
  nc('busybox'),
];

/** Of images that are made for looking at networks. */
export const toolClients = (): readonly Program[] => [
  nslookup('bind'),
  dig,
  host,
  getent,
  ping('iputils'),
  curl,
  wget,
  nc('openbsd'),
];
