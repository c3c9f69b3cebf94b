/** SELECT, and the clauses that choose rows. */
import { SqlError } from './errors';
import { compare, evaluate, isAggregate, isTrue, numberOf, type Value } from './expressions';
import type { Expression, Reader } from './reader';
import { type ResultSet, result } from './results';
import type { SqlSession } from './session';

export async function select(session: SqlSession, reader: Reader): Promise<ResultSet> {
  const items = reader.list(() => {
    const begin = reader.rest();
    const expression = reader.expression();
    const written = begin.slice(0, begin.length - reader.rest().length).replace(/[\s;]+$/, '');
    const isNamed = reader.take('AS') || (/^(word|name)$/.test(reader.peek()?.kind ?? '') && !isClause(reader));
    return { expression, name: isNamed ? nameOf(reader) : titleOf(expression, written) };
  });
  let columns: readonly string[] = [];
  let optional: readonly string[] = [];
  let rows: readonly (readonly Value[])[] = [[]];
  if (reader.take('FROM')) {
    const table = await session.table(session.place(reader));
    columns = table.columns.map(({ name }) => name);
    optional = table.columns.filter(({ nullable }) => nullable).map(({ name }) => name);
    rows = filtered(session, reader, columns, table.rows);
    rows = ordered(session, reader, columns, rows, items);
    rows = limited(reader, rows);
  } else if (items.some(({ expression }) => expression.kind === 'all')) {
    throw new SqlError(1096, 'HY000', 'No tables used');
  }
  reader.end();
  const wide = items.flatMap(({ expression, name }) =>
    expression.kind === 'all'
      ? columns.map((column) => ({ expression: { kind: 'column', name: column } as const, name: column }))
      : [{ expression, name }],
  );
  const titles = wide.map(({ name }) => name);
  if (wide.some(({ expression }) => isAggregate(expression))) {
    const scope = session.scope(columns, rows[0] ?? [], rows);
    return result(titles, [wide.map(({ expression }) => evaluate(expression, scope))]);
  }
  const set = result(
    titles,
    rows.map((row) => wide.map(({ expression }) => evaluate(expression, session.scope(columns, row)))),
  );
  const nullable = wide.map(({ expression }) => expression.kind === 'column' && optional.includes(expression.name));
  return { ...set, nullable };
}

export function filtered(
  session: SqlSession,
  reader: Reader,
  columns: readonly string[],
  rows: readonly (readonly Value[])[],
): readonly (readonly Value[])[] {
  const condition = reader.take('WHERE') ? reader.expression() : undefined;
  if (!condition) return rows;
  // Once for a row of nothing: an unknown column is told of in an empty table too.
  evaluate(
    condition,
    session.scope(
      columns,
      columns.map(() => null),
    ),
    'where clause',
  );
  return rows.filter((row) => isTrue(evaluate(condition, session.scope(columns, row), 'where clause')));
}

function ordered(
  session: SqlSession,
  reader: Reader,
  columns: readonly string[],
  rows: readonly (readonly Value[])[],
  items: readonly { readonly expression: Expression; readonly name: string }[],
): readonly (readonly Value[])[] {
  if (!reader.take('ORDER')) return rows;
  reader.expect('BY');
  const keys = reader.list(() => {
    const written = reader.expression();
    const alias = written.kind === 'column' ? items.find(({ name }) => name === written.name)?.expression : undefined;
    const position = written.kind === 'value' ? items[numberOf(written.value) - 1]?.expression : undefined;
    const isDown = reader.take('DESC');
    if (!isDown) reader.take('ASC');
    return { expression: position ?? alias ?? written, sign: isDown ? -1 : 1 };
  });
  return [...rows].sort((a, b) => {
    for (const { expression, sign } of keys) {
      const order = compare(
        evaluate(expression, session.scope(columns, a), 'order clause'),
        evaluate(expression, session.scope(columns, b), 'order clause'),
      );
      if (order !== 0) return order * sign;
    }
    return 0;
  });
}

const isClause = (reader: Reader): boolean =>
  ['FROM', 'WHERE', 'ORDER', 'LIMIT', 'GROUP', 'UNION', 'INTO'].some((word) => reader.isWord(word));

const nameOf = (reader: Reader): string => (reader.peek()?.kind === 'string' ? reader.string() : reader.name());

/** A column's title is its name; of anything else, what was written. */
const titleOf = (expression: Expression, written: string): string =>
  expression.kind === 'column'
    ? expression.name
    : expression.kind === 'value' && typeof expression.value === 'string'
      ? expression.value
      : written;

/** `LIMIT [offset,] count [OFFSET offset]` */
export function limited<T>(reader: Reader, rows: readonly T[]): readonly T[] {
  if (!reader.take('LIMIT')) return rows;
  const first = reader.number();
  if (reader.symbol(',')) return rows.slice(first, first + reader.number());
  const offset = reader.take('OFFSET') ? reader.number() : 0;
  return rows.slice(offset, offset + first);
}
