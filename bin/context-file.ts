/**
 * What `config set-context` keeps: one small JSON file beside the state file, `<state>.context`. It belongs to whoever types
 * commands, not to the cluster: `sim reset` leaves it, and reading it needs no lock. It is replaced in one step.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { ContextSettings } from '../src/commands/host';
import { syncFile, syncFolder } from '../src/core/backends/local/durable';
import { StateFileError } from '../src/core/backends/local/errors';

const fileOf = (statePath: string): string => `${statePath}.context`;

/** Nothing is set where there is no file. @throws StateFileError for one that cannot be read */
export function readContext(statePath: string): ContextSettings {
  let text: string;
  try {
    text = fs.readFileSync(fileOf(statePath), 'utf8');
  } catch (e) {
    if (isMissing(e)) return {};
    throw unreadable(statePath, e);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) throw new Error('it holds no object');
    return 'namespace' in value && typeof value.namespace === 'string' ? { namespace: value.namespace } : {};
  } catch (e) {
    throw unreadable(statePath, e);
  }
}

/** Settings that say nothing remove the file. @throws StateFileError */
export function writeContext(statePath: string, settings: ContextSettings): void {
  const file = fileOf(statePath);
  try {
    if (!settings.namespace) {
      fs.rmSync(file, { force: true });
      if (fs.existsSync(path.dirname(file))) syncFolder(fs, path.dirname(file));
      return;
    }
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const next = `${file}.${process.pid}`;
    fs.writeFileSync(next, `${JSON.stringify(settings)}\n`);
    syncFile(fs, next);
    fs.renameSync(next, file);
    syncFolder(fs, path.dirname(file));
  } catch (e) {
    throw new StateFileError(`cannot write ${file}: ${messageOf(e)}`, 'The namespace was not changed.');
  }
}

const unreadable = (statePath: string, e: unknown): StateFileError =>
  new StateFileError(
    `cannot read ${fileOf(statePath)}: ${messageOf(e)}`,
    'Remove it to work in the namespace default again.',
  );

const isMissing = (e: unknown): boolean =>
  e instanceof Error && 'code' in e && (e.code === 'ENOENT' || e.code === 'ENOTDIR');
const messageOf = (e: unknown): string => (e instanceof Error ? e.message : String(e));
