/** Paths in a kubeconfig that lie beside the file are written without its folder (as clientcmd's RelativizePathWithNoBacksteps). */
import path from 'node:path';
import { isRecord, type List, type Stanza } from './shape';

const PATHS: Readonly<Record<List, readonly string[]>> = {
  clusters: ['certificate-authority'],
  users: ['client-certificate', 'client-key', 'tokenFile'],
  contexts: [],
};

/** What lies elsewhere is written in full. */
export function relative(list: List, stanza: Stanza, file: string): Stanza {
  const folder = path.dirname(path.resolve(file));
  const found: Record<string, unknown> = { ...stanza };
  for (const key of PATHS[list]) if (typeof found[key] === 'string') found[key] = beside(found[key], folder);
  const { exec } = found;
  // A command without a slash is looked for in PATH, and has no folder.
  if (list === 'users' && isRecord(exec) && typeof exec.command === 'string' && exec.command.includes('/'))
    found.exec = { ...exec, command: program(beside(exec.command, folder)) };
  return found;
}

function beside(name: string, folder: string): string {
  if (name === '') return name;
  const full = path.resolve(folder, name);
  const short = path.relative(folder, full) || '.';
  return short.startsWith('../') ? full : short;
}

/** Without a slash it would be another program: one of PATH. kubectl writes it so, and does not find it again. */
const program = (name: string): string => (name.includes('/') ? name : `./${name}`);
