/** SHOW and DESCRIBE. */
import { SqlError } from './errors';
import { evaluate, isTrue, like } from './expressions';
import type { Reader } from './reader';
import { type ResultSet, result } from './results';
import type { Place, SqlSession } from './session';
import type { Table } from './tables';

export async function show(session: SqlSession, reader: Reader): Promise<ResultSet> {
  if (reader.take('DATABASES') || reader.take('SCHEMAS')) {
    const chosen = pattern(reader);
    reader.end();
    return result(
      ['Database'],
      (await session.tables.databases()).filter(chosen).map((name) => [name]),
    );
  }
  if (reader.take('TABLES')) {
    const database = reader.take('FROM') || reader.take('IN') ? reader.name() : session.database;
    const chosen = pattern(reader);
    reader.end();
    if (database === undefined) throw new SqlError(1046, '3D000', 'No database selected');
    if (!(await session.tables.has(database))) throw new SqlError(1049, '42000', `Unknown database '${database}'`);
    return result(
      [`Tables_in_${database}`],
      (await session.tables.tables(database)).filter(chosen).map((name) => [name]),
    );
  }
  if (reader.take('COLUMNS') || reader.take('FIELDS')) {
    if (!reader.take('FROM')) reader.expect('IN');
    const place = session.place(reader);
    reader.end();
    return describe(session, place);
  }
  if (reader.take('CREATE', 'TABLE')) {
    const place = session.place(reader);
    reader.end();
    return result(['Table', 'Create Table'], [[place.name, statementOf(place.name, await session.table(place))]]);
  }
  if (!reader.take('GLOBAL')) reader.take('SESSION');
  if (reader.take('VARIABLES')) {
    let chosen = (_: string): boolean => true;
    if (reader.take('WHERE')) {
      const condition = reader.expression();
      chosen = (name) =>
        isTrue(
          evaluate(condition, session.scope(['Variable_name', 'Value'], [name, session.facts.variables[name] ?? null])),
        );
    } else chosen = pattern(reader);
    reader.end();
    const names = Object.keys(session.facts.variables).sort().filter(chosen);
    return result(
      ['Variable_name', 'Value'],
      names.map((name) => [name, String(session.facts.variables[name])]),
    );
  }
  return reader.fail();
}

export async function describe(session: SqlSession, place: Place): Promise<ResultSet> {
  const { columns } = await session.table(place);
  return result(
    ['Field', 'Type', 'Null', 'Key', 'Default', 'Extra'],
    columns.map((column) => [
      column.name,
      column.type,
      column.nullable ? 'YES' : 'NO',
      column.key,
      column.default,
      column.extra,
    ]),
  );
}

function pattern(reader: Reader): (name: string) => boolean {
  if (!reader.take('LIKE')) return () => true;
  return like(reader.string());
}

function statementOf(name: string, { columns }: Table): string {
  const lines = columns.map((column) => {
    const nothing = column.nullable ? ' DEFAULT NULL' : '';
    const value = column.default === null ? nothing : ` DEFAULT '${column.default}'`;
    const auto = column.extra === '' ? '' : ' AUTO_INCREMENT';
    return `  \`${column.name}\` ${column.type}${column.nullable ? '' : ' NOT NULL'}${auto ? auto : value}`;
  });
  for (const { name: column, key } of columns) {
    if (key === 'PRI') lines.push(`  PRIMARY KEY (\`${column}\`)`);
    if (key === 'UNI') lines.push(`  UNIQUE KEY \`${column}\` (\`${column}\`)`);
  }
  return `CREATE TABLE \`${name}\` (\n${lines.join(',\n')}\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`;
}
