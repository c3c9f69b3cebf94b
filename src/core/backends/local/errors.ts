/** What can go wrong between the engine and the disk, in sentences for the user: what failed, and what to do about it. */

export class StateFileError extends Error {
  /** Tells whoever prints errors that this one is for the user, not a bug. */
  readonly userFacing = true;

  constructor(
    /** What failed, in one line. */
    readonly summary: string,
    /** What the user can do, and what is still safe; may span lines. */
    readonly hint: string,
    options?: ErrorOptions,
  ) {
    super(`${summary}\n${hint}`, options);
    this.name = 'StateFileError';
  }
}

/** A value that `sim` was given and cannot use. */
export class SettingError extends Error {
  readonly userFacing = true;
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const CAUSES: Readonly<Record<string, readonly [cause: string, hint: string]>> = {
  ENOSPC: ['the disk is full', 'Free some space, or keep the state elsewhere with --state FILE.'],
  EDQUOT: ['the disk quota is used up', 'Free some space, or keep the state elsewhere with --state FILE.'],
  EIO: ['the disk failed (input/output error)', 'Check the disk, or keep the state elsewhere with --state FILE.'],
  EROFS: ['the file system is read-only', 'Keep the state elsewhere with --state FILE.'],
  EACCES: ['permission denied', 'Check the permissions, or keep the state elsewhere with --state FILE.'],
  EPERM: ['permission denied', 'Check the permissions, or keep the state elsewhere with --state FILE.'],
  EISDIR: ['it is a folder', 'Name a file with --state FILE.'],
  ENOTDIR: ['a part of the path is no folder', 'Name another file with --state FILE.'],
  EEXIST: ['a part of the path is no folder', 'Name another file with --state FILE.'],
  ELOOP: ['too many symbolic links', 'Name another file with --state FILE.'],
  ENAMETOOLONG: ['the name is too long', 'Name another file with --state FILE.'],
  EMFILE: ['too many open files', 'Close some programs and try again.'],
  ERR_STRING_TOO_LONG: ['it is too large', 'Keep a smaller cluster in another file with --state FILE.'],
  ERR_FS_FILE_TOO_LARGE: ['it is too large', 'Keep a smaller cluster in another file with --state FILE.'],
};

/**
 * `action` is what was tried ("read the state file"), `safe` what the user may rely on afterwards. Errors without a
 * code are bugs and pass through unchanged.
 */
export function fromSystemError(error: unknown, action: string, path: string, safe?: string): unknown {
  if (error instanceof StateFileError) return error;
  const code = errorCode(error);
  if (code === undefined) return error;
  const [cause, advice] = CAUSES[code] ?? [
    error instanceof Error ? error.message : code,
    'Keep the state elsewhere with --state FILE.',
  ];
  return new StateFileError(`cannot ${action} ${path}: ${cause}`, safe ? `${safe}\n${advice}` : advice);
}
