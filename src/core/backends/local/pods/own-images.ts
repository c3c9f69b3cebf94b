/** Images of the user's own: `<state>.images/<pattern>/bin/<program>` are shell scripts, `image.json` says what listens. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type OwnDescription, ownImage } from '../../../kubelet/catalogue/own';
import type { OwnImage } from '../../../kubelet/catalogue/own-pattern';

/** None where the folder is not there. Throws an Error that names the file for an image.json that can't be read. */
export function readOwnImages(folder: string): OwnImage[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .filter((pattern) => statSync(join(folder, pattern)).isDirectory())
    .map((pattern) =>
      ownImage(pattern, scripts(join(folder, pattern, 'bin')), description(join(folder, pattern, 'image.json'))),
    );
}

function scripts(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  const found: Record<string, string> = {};
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isFile()) found[name] = readFileSync(path, 'utf8');
  }
  return found;
}

function description(path: string): OwnDescription {
  if (!existsSync(path)) return {};
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isDescription(value))
    throw new Error(`${path}: expected {"listens": [{"port": 80, "protocol": "http"}], "files": {"/path": "text"}}`);
  return value;
}

function isDescription(value: unknown): value is OwnDescription {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { listens = [], files = {} } = value as Readonly<Record<string, unknown>>;
  const areListeners =
    Array.isArray(listens) &&
    listens.every((each: unknown) => {
      const { port, protocol } = (each ?? {}) as Readonly<Record<string, unknown>>;
      return Number.isInteger(port) && typeof protocol === 'string';
    });
  const areFiles =
    typeof files === 'object' && files !== null && Object.values(files).every((text) => typeof text === 'string');
  return areListeners && areFiles;
}
