/**
 * Editing objects until they are saved or given up: open, read, send, and open again with what was wrong (as kubectl's
 * EditOptions.Run). What was typed stays in a file whenever it could not be saved.
 */
import { resourceKey } from '../../core/api/resources';
import { ApiError, isNotFound } from '../../core/api/status';
import type { Manifest } from '../../core/api/types';
import type { Info } from '../../core/client/builder';
import { CommandError, isExpected, PlainError } from '../../core/client/errors';
import { infosOf } from '../../core/client/fetch';
import { readManifests } from '../manifests/read';
import { findObjects } from '../targets';
import type { Context } from '../verb';
import { openInEditor, programsOf, type Saved } from './editor';
import { bodyOf, heading, isBlank, type Mode, type Reason, saysTheSame, withoutComments } from './text';

export interface EditTask {
  readonly mode: Mode;
  readonly format: 'yaml' | 'json';
  readonly originals: readonly Info[];
  /** Sends one edited object and reports it. Refusals are thrown as ApiError. */
  save(original: Info, edited: Manifest): Promise<void>;
}

/** @throws CommandError when the editing ends without everything saved */
export async function editObjects(context: Context, task: EditTask): Promise<void> {
  const { io, host } = context;
  const original = await bodyOf(task.originals, task.format);
  let previous: Saved | undefined;
  let reasons: readonly Reason[] = [];
  for (;;) {
    const body = previous && reasons.length > 0 ? withoutComments(previous.text) : original;
    await io.flush();
    let saved: Saved;
    try {
      const head = task.format === 'json' ? '' : heading(task.mode, reasons);
      saved = await openInEditor(host, head + body, `.${task.format}`);
    } catch (e) {
      throw preserved(context, previous, e);
    }
    if (previous && reasons.length > 0 && (await saysTheSame(previous.text, saved.text))) {
      forget(context, previous);
      throw preserved(context, saved, new CommandError('Edit cancelled, no valid changes were saved.'));
    }
    if (previous) forget(context, previous);
    const cancelled = (await saysTheSame(original, saved.text)) ? 'no changes made.' : undefined;
    if (cancelled !== undefined) {
      forget(context, saved);
      io.err(`Edit cancelled, ${cancelled}\n`);
      return;
    }
    previous = saved;
    reasons = await saveAll(context, task, saved);
    if (reasons.length === 0) {
      forget(context, saved);
      return;
    }
  }
}

/** Sends every object of the file. Returns what is to be corrected; throws where opening it again would not help. */
async function saveAll(context: Context, task: EditTask, saved: Saved): Promise<Reason[]> {
  if (isBlank(saved.text)) return [failedValidation(context, task.originals[0], "Object 'Kind' is missing in 'null'")];
  let infos: Info[];
  try {
    const files = await readManifests(context.host, { filenames: [saved.path], recursive: false });
    infos = infosOf(await findObjects(context, { files }));
  } catch (e) {
    if (!isExpected(e)) throw e;
    const [, reason] = /: error converting YAML to JSON: (.*)$/s.exec(e.message) ?? [];
    if (reason !== undefined) return [failedValidation(context, task.originals[0], reason)];
    const why = e.message.replaceAll(saved.path, 'edited-file');
    return [{ head: `The edited file had a syntax error: ${why}`, causes: [] }];
  }
  const reasons: Reason[] = [];
  let gone = 0;
  let failed = 0;
  for (const info of infos) {
    const name = `${resourceKey(info.resource)} ${JSON.stringify(info.name)}`;
    try {
      const before = originalOf(task, info);
      await task.save(before, info.object as Manifest);
    } catch (e) {
      if (!(e instanceof ApiError)) throw isExpected(e) ? preserved(context, saved, e) : e;
      if (e.reason === 'Invalid') {
        context.io.err(`error: ${name} is invalid\n`);
        const causes = e.status.details?.causes ?? [];
        reasons.push({ head: `${name} was not valid`, causes: causes.map((c) => `${c.field}: ${c.message}`) });
      } else if (isNotFound(e)) {
        context.io.err(`error: ${name} could not be found on the server\n`);
        gone++;
      } else {
        context.io.err(`error: ${name} could not be patched: ${e.message}\n`);
        failed++;
      }
    }
  }
  if (failed > 0)
    context.io.err(`You can run \`${context.host.program} replace -f ${saved.path}\` to try this update again.\n`);
  else if (gone > 0)
    context.io.err(`The edits you made on deleted resources have been saved to ${JSON.stringify(saved.path)}\n`);
  if (failed + gone > 0) throw new PlainError('');
  return reasons;
}

/** What is no object at all is refused in the name of the first object, before anything is sent. */
function failedValidation(context: Context, first: Info, why: string): Reason {
  const name = `${resourceKey(first.resource)} ${JSON.stringify(first.name)}`;
  context.io.err(`error: ${name} is invalid\n`);
  return {
    head: `${name} was not valid`,
    causes: [`<nil>: Invalid value: "The edited file failed validation": ${why}`],
  };
}

/** The object that was edited: told by its uid, or by its name where there is none. */
function originalOf(task: EditTask, info: Info): Info {
  const { uid } = info.object?.metadata ?? {};
  const before = task.originals.find(
    (o) => o.object?.metadata.uid === uid && (uid !== undefined || o.name === info.name),
  );
  if (before) return before;
  if (uid === undefined && task.originals.length === 1)
    throw new CommandError('At least one of apiVersion, kind and name was changed');
  throw new CommandError(`no original object found for ${info.resource.plural}/${info.name}`);
}

/** Tells where the text is before the error goes on its way. */
function preserved(context: Context, saved: Saved | undefined, e: unknown): unknown {
  if (saved) context.io.err(`A copy of your changes has been stored to ${JSON.stringify(saved.path)}\n`);
  return e;
}

const forget = (context: Context, saved: Saved): void => programsOf(context.host).remove(saved.folder);
