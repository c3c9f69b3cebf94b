/** INSERT, REPLACE, UPDATE, DELETE and TRUNCATE. */
import { namesOf } from './columns';
import { SqlError } from './errors';
import { compare, evaluate, numberOf, type Value } from './expressions';
import type { Reader } from './reader';
import { filtered, limited } from './select';
import type { SqlSession } from './session';
import type { Column } from './tables';

export async function insert(session: SqlSession, reader: Reader, replaces: boolean): Promise<undefined> {
  const ignores = !replaces && reader.take('IGNORE');
  reader.take('INTO');
  const place = session.place(reader);
  const table = await session.table(place);
  const names = reader.symbol('(') ? namesOf(reader) : table.columns.map(({ name }) => name);
  if (!reader.take('VALUES')) reader.expect('VALUE');
  const tuples = reader.list(() => {
    reader.expectSymbol('(');
    const values = reader.symbol(')') ? [] : reader.list(() => reader.expression());
    if (values.length > 0) reader.expectSymbol(')');
    return values;
  });
  reader.end();
  const positions = names.map((name) => positionOf(table.columns, name));
  const rows = [...table.rows];
  let { next } = table;
  for (const [i, tuple] of tuples.entries()) {
    if (tuple.length !== names.length && tuple.length > 0) {
      throw new SqlError(1136, '21S01', `Column count doesn't match value count at row ${i + 1}`);
    }
    const given = new Map(positions.map((position, j) => [position, tuple[j]]));
    const row = table.columns.map((column, position): Value => {
      const expression = given.get(position);
      const isDefault = !expression || (expression.kind === 'column' && expression.name.toUpperCase() === 'DEFAULT');
      const value = isDefault ? undefined : evaluate(expression, session.scope([], []));
      if (column.extra === 'auto_increment' && (value === undefined || value === null || numberOf(value) === 0)) {
        return next++;
      }
      if (value !== undefined) return stored(column, value, i + 1);
      if (column.default === 'CURRENT_TIMESTAMP') return session.call('NOW', []);
      if (column.default === null && !column.nullable) {
        throw new SqlError(1364, 'HY000', `Field '${column.name}' doesn't have a default value`);
      }
      return column.default;
    });
    const auto = table.columns.findIndex(({ extra }) => extra === 'auto_increment');
    if (auto >= 0) next = Math.max(next, numberOf(row[auto] ?? 0) + 1);
    const clash = clashOf(table.columns, rows, row);
    if (clash && !replaces && !ignores) {
      throw new SqlError(1062, '23000', `Duplicate entry '${clash.value}' for key '${place.name}.${clash.key}'`);
    }
    if (clash && replaces) rows[clash.row] = row;
    else if (!clash) rows.push(row);
  }
  await session.tables.write(place.database, place.name, { ...table, rows, next });
  return undefined;
}

export async function update(session: SqlSession, reader: Reader): Promise<undefined> {
  const place = session.place(reader);
  const table = await session.table(place);
  reader.expect('SET');
  const changes = reader.list(() => {
    const position = positionOf(table.columns, reader.name());
    reader.expectSymbol('=');
    return { position, expression: reader.expression() };
  });
  const columns = table.columns.map(({ name }) => name);
  const chosen = new Set(limited(reader, filtered(session, reader, columns, table.rows)));
  reader.end();
  const rows: (readonly Value[])[] = [];
  for (const row of table.rows) {
    if (!chosen.has(row)) {
      rows.push(row);
      continue;
    }
    const changed = [...row];
    for (const { position, expression } of changes) {
      const column = table.columns[position];
      if (column) changed[position] = stored(column, evaluate(expression, session.scope(columns, changed)), 1);
    }
    rows.push(changed);
  }
  for (const [i, row] of rows.entries()) {
    const clash = clashOf(table.columns, rows.slice(0, i), row);
    if (clash)
      throw new SqlError(1062, '23000', `Duplicate entry '${clash.value}' for key '${place.name}.${clash.key}'`);
  }
  await session.tables.write(place.database, place.name, { ...table, rows });
  return undefined;
}

export async function remove(session: SqlSession, reader: Reader): Promise<undefined> {
  reader.expect('FROM');
  const place = session.place(reader);
  const table = await session.table(place);
  const columns = table.columns.map(({ name }) => name);
  const gone = new Set(limited(reader, filtered(session, reader, columns, table.rows)));
  reader.end();
  await session.tables.write(place.database, place.name, {
    ...table,
    rows: table.rows.filter((row) => !gone.has(row)),
  });
  return undefined;
}

export async function truncate(session: SqlSession, reader: Reader): Promise<undefined> {
  reader.take('TABLE');
  const place = session.place(reader);
  reader.end();
  const table = await session.table(place);
  await session.tables.write(place.database, place.name, { ...table, rows: [], next: 1 });
  return undefined;
}

function positionOf(columns: readonly Column[], name: string): number {
  const at = columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
  if (at < 0) throw new SqlError(1054, '42S22', `Unknown column '${name}' in 'field list'`);
  return at;
}

/** A value as its column keeps it. Throws where it does not fit. */
function stored(column: Column, value: Value, row: number): Value {
  if (value === null) {
    if (!column.nullable) throw new SqlError(1048, '23000', `Column '${column.name}' cannot be null`);
    return null;
  }
  if (/^(tiny|small|medium|big)?int|^integer|^bool/.test(column.type)) {
    if (typeof value === 'string' && !/^\s*-?\d+(\.\d+)?\s*$/.test(value)) {
      throw new SqlError(
        1366,
        'HY000',
        `Incorrect integer value: '${value}' for column '${column.name}' at row ${row}`,
      );
    }
    return Math.round(numberOf(value));
  }
  if (/^(decimal|float|double|numeric)/.test(column.type)) return numberOf(value);
  const text = String(value);
  const limit = /^(?:var)?char\((\d+)\)/.exec(column.type)?.[1];
  if (limit !== undefined && [...text].length > Number(limit)) {
    throw new SqlError(1406, '22001', `Data too long for column '${column.name}' at row ${row}`);
  }
  return text;
}

function clashOf(columns: readonly Column[], rows: readonly (readonly Value[])[], row: readonly Value[]) {
  for (const [position, column] of columns.entries()) {
    if (column.key === '') continue;
    const value = row[position] ?? null;
    const at = value === null ? -1 : rows.findIndex((other) => compare(other[position] ?? null, value) === 0);
    if (at >= 0) return { row: at, value, key: column.key === 'PRI' ? 'PRIMARY' : column.name };
  }
  return undefined;
}
