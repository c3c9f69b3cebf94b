/** Errors of the server, with the numbers and states that clients know them by. */

export class SqlError extends Error {
  override readonly name = 'SqlError';
  constructor(
    readonly number: number,
    readonly state: string,
    message: string,
  ) {
    super(message);
  }
}

/** For SQL that is wrong, and for SQL that is more than the simulated server can do: it never pretends. */
export function syntaxError(near: string): SqlError {
  const text = near.slice(0, 80);
  return new SqlError(
    1064,
    '42000',
    'You have an error in your SQL syntax, or it is more than the simulated server understands; ' +
      `check the right syntax to use near '${text}' at line 1`,
  );
}
