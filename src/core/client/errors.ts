/**
 * Errors that a user is meant to read, and the one place where they become text and exit codes (as cmdutil.CheckErr,
 * StandardErrorMessage and MultipleErrors of kubectl). Anything else that is thrown is a bug and keeps its stack.
 */
import { ApiError, type Status } from '../api/status';

/** A refusal by the command itself. Printed with `error: ` in front. */
export class CommandError extends Error {
  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
    this.name = 'CommandError';
  }
}

/** Words that stand for themselves, without `error: ` in front; empty ones exit silently. */
export class PlainError extends CommandError {}

/** A printer failed midway: what it had written belongs on stdout all the same. */
export class PrinterError extends CommandError {
  constructor(
    message: string,
    readonly printed: string,
  ) {
    super(message);
  }
}

/** Several failures of one command, in order. Never holds another aggregate. */
export class Failures extends CommandError {
  constructor(readonly errors: readonly Error[]) {
    super(`[${errors.map((e) => e.message).join(', ')}]`);
  }
}

/** True for what a user is meant to read. */
export const isExpected = (e: unknown): e is Error => e instanceof ApiError || e instanceof CommandError;

/** Throws what was collected: nothing, the one error, or all of them. A bug among them is thrown by itself. */
export function throwAll(errors: readonly unknown[]): void {
  const flat = errors.flatMap((e): readonly unknown[] => (e instanceof Failures ? e.errors : [e]));
  if (flat.length === 0) return;
  const bug = flat.find((e) => !isExpected(e));
  if (bug !== undefined || flat.length === 1) throw bug ?? flat[0];
  throw new Failures(flat.filter(isExpected));
}

/** Runs each and goes on after failures, which are thrown together at the end (as ContinueOnErrorVisitor). */
export async function forEach<T>(items: Iterable<T>, run: (item: T) => Promise<void>): Promise<void> {
  const errors: unknown[] = [];
  for (const item of items) {
    try {
      await run(item);
    } catch (e) {
      if (!isExpected(e)) throw e;
      errors.push(e);
    }
  }
  throwAll(errors);
}

/** Tells where an object came from (as cmdutil.AddSourceToErr): `error when creating "web.yaml": …`. */
export function withSource(verb: string, source: string | undefined, e: unknown): unknown {
  if (!source) return e;
  if (e instanceof ApiError) return withMessage(e, `error when ${verb} "${source}": ${e.status.message}`);
  if (e instanceof CommandError) return new CommandError(`error when ${verb} "${source}": ${e.message}`);
  return e;
}

/** The same refusal in other words. */
export const withMessage = (e: ApiError, message: string): ApiError =>
  new ApiError({ ...e.status, message } satisfies Status);

/** What to print on stderr, newline included, and the exit code. */
export function errorText(e: Error): { text: string; exitCode: number } {
  const exitCode = e instanceof CommandError ? e.exitCode : 1;
  const text = textOf(e);
  return { text: text === '' || text.endsWith('\n') ? text : `${text}\n`, exitCode };
}

function textOf(e: Error): string {
  if (e instanceof Failures) return e.errors.map((one) => `${plain(one)}\n`).join('');
  if (e instanceof ApiError && e.reason === 'Invalid') return invalidText(e.status);
  if (e instanceof ApiError || e instanceof PlainError) return plain(e);
  return e.message.startsWith('error: ') ? e.message : `error: ${e.message}`;
}

/** As StandardErrorMessage, or the bare words. */
function plain(e: Error): string {
  if (!(e instanceof ApiError)) return e.message;
  const { reason, message } = e.status;
  if (reason === 'Unauthorized') return `error: You must be logged in to the server (${message})`;
  return reason ? `Error from server (${reason}): ${message}` : `Error from server: ${message}`;
}

function invalidText(status: Status): string {
  const details = status.details;
  let head = 'The request is invalid';
  if (!details) return status.message ? `${head}: ${status.message}` : head;
  const causes = [...new Set((details.causes ?? []).map((c) => (c.field ? `${c.field}: ${c.message}` : c.message)))];
  if (details.kind || details.name) head = `The ${details.kind ?? ''} ${JSON.stringify(details.name ?? '')} is invalid`;
  else if (status.message && causes.length === 0) head += `: ${status.message}`;
  if (causes.length === 0) return head;
  if (causes.length === 1) return `${head}: ${causes[0]}`;
  return `${head}: \n${causes.map((c) => `* ${c}\n`).join('')}`;
}
