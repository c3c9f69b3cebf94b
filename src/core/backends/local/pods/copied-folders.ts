/**
 * Folders of pods and volumes for a cluster that is only played: each is copied to a temporary place when it is first needed, so
 * that what runs finds what is really there and changes none of it. Where nothing is run, nothing is copied.
 */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromSystemError } from '../errors';
import { PodFolders } from './folders';

export class CopiedFolders extends PodFolders {
  private readonly original: PodFolders | undefined;
  private temporary: string | undefined;
  private readonly known = new Set<string>();
  /** How often something in a container was written. */
  writes = 0;
  override readonly written = {
    note: (path: string): void => {
      // A container that is looked into for the first time is filled with its image's files: nobody wrote those.
      if (!/\/containers\/[^/]+\/\d+$/.test(path)) this.writes++;
    },
    sync: async (): Promise<void> => {},
  };

  /** @param statePath of the cluster whose folders are copied; without one they begin empty */
  constructor(statePath: string | undefined) {
    super('', false);
    this.original = statePath === undefined ? undefined : new PodFolders(statePath);
  }

  override volume(name: string): string {
    return this.copied(super.volume(name), this.original?.volume(name));
  }

  override pod(uid: string): string {
    return this.copied(super.pod(uid), this.original?.pod(uid));
  }

  override forgetVolume(name: string): void {
    this.forget(() => super.volume(name));
    if (this.original) this.known.add(this.original.volume(name));
  }

  override forgetPod(uid: string): void {
    this.forget(() => super.pod(uid));
    if (this.original) this.known.add(this.original.pod(uid));
  }

  override forgetAll(): void {
    this.remove();
  }

  /** Removes everything that was copied. */
  remove(): void {
    if (this.temporary !== undefined) rmSync(this.temporary, { recursive: true, force: true });
    this.temporary = undefined;
  }

  protected override base(): string {
    this.temporary ??= mkdtempSync(join(tmpdir(), 'stsctl-plan-'));
    return join(this.temporary, 'state');
  }

  private copied(target: string, original: string | undefined): string {
    if (original === undefined || this.known.has(original)) return target;
    this.known.add(original);
    try {
      if (existsSync(original)) cpSync(original, target, { recursive: true, verbatimSymlinks: true });
    } catch (error) {
      throw fromSystemError(error, "copy the pods' files to", target, 'The cluster is as it was.');
    }
    return target;
  }

  /** What was not copied yet needs no removing. */
  private forget(target: () => string): void {
    if (this.temporary !== undefined) rmSync(target(), { recursive: true, force: true });
  }
}
