/** The folders of volumes and pods, captured and put back unit by unit. Loaded only where a command may change files. */
import { Blobs } from './blobs';
import type { Disk } from './disk';
import { Trees } from './trees';
import { isBase, pathOf, type Tree, type Unit } from './units';

export class FileStore {
  readonly blobs: Blobs;
  readonly trees: Trees;

  constructor(
    private readonly statePath: string,
    folder: string,
    private readonly disk: Disk,
  ) {
    this.blobs = new Blobs(folder, disk);
    this.trees = new Trees(disk, this.blobs);
  }

  /** What is there now. @throws the system's error */
  capture(unit: Unit, known?: Tree): Tree {
    const path = pathOf(this.statePath, unit);
    if (!isBase(unit)) return this.trees.capture(path, known);
    // Of the folder that holds the others only whether it is there; it may be a link.
    return this.disk.statSync(path, { throwIfNoEntry: false })?.isDirectory() ? [{ path: '' }] : null;
  }
}
