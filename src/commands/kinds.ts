/** Which kind a bare word names, for verbs that ask kubectl's mapper itself and not its builder. */
import type { ResourceInfo } from '../core/api/resources';
import { mapResource } from '../core/client/builder';
import { CommandError, PlainError } from '../core/client/errors';
import type { Context } from './verb';

/** @throws PlainError for an unknown kind: kubectl says this one without `error: ` in front (as StandardErrorMessage). */
export async function mapKind(context: Context, word: string): Promise<ResourceInfo> {
  try {
    return await mapResource(await context.backend(), word);
  } catch (e) {
    if (e instanceof CommandError) throw new PlainError(e.message);
    throw e;
  }
}
