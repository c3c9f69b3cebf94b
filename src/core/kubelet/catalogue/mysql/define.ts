/** CREATE and DROP. */
import { columnsOf } from './columns';
import { SqlError } from './errors';
import type { Reader } from './reader';
import type { SqlSession } from './session';
import { SYSTEM_DATABASES } from './tables';

export async function create(session: SqlSession, reader: Reader): Promise<undefined> {
  if (reader.take('DATABASE') || reader.take('SCHEMA')) {
    const isLenient = reader.take('IF', 'NOT', 'EXISTS');
    const name = reader.name();
    while (!reader.done && !reader.symbol(';')) {
      if (!/^(word|string|symbol)$/.test(reader.peek()?.kind ?? '')) reader.fail();
      reader.skip();
    }
    if (await session.tables.has(name)) {
      if (isLenient) return undefined;
      throw new SqlError(1007, 'HY000', `Can't create database '${name}'; database exists`);
    }
    await session.tables.create(name);
    return undefined;
  }
  reader.expect('TABLE');
  const isLenient = reader.take('IF', 'NOT', 'EXISTS');
  const place = session.place(reader);
  const columns = columnsOf(reader);
  const { database, name } = place;
  if (SYSTEM_DATABASES.includes(database)) {
    throw new SqlError(1044, '42000', `Access denied for user '${session.facts.user}' to database '${database}'`);
  }
  if (!(await session.tables.has(database))) throw new SqlError(1049, '42000', `Unknown database '${database}'`);
  if (await session.tables.read(database, name)) {
    if (isLenient) return undefined;
    throw new SqlError(1050, '42S01', `Table '${name}' already exists`);
  }
  await session.tables.write(database, name, { columns, rows: [], next: 1 });
  return undefined;
}

export async function drop(session: SqlSession, reader: Reader): Promise<undefined> {
  if (reader.take('DATABASE') || reader.take('SCHEMA')) {
    const isLenient = reader.take('IF', 'EXISTS');
    const name = reader.name();
    reader.end();
    if (SYSTEM_DATABASES.includes(name))
      throw new SqlError(3552, 'HY000', `Access to system schema '${name}' is rejected.`);
    if (!(await session.tables.has(name))) {
      if (isLenient) return undefined;
      throw new SqlError(1008, 'HY000', `Can't drop database '${name}'; database doesn't exist`);
    }
    await session.tables.drop(name);
    if (session.database === name) session.database = undefined;
    return undefined;
  }
  reader.expect('TABLE');
  const isLenient = reader.take('IF', 'EXISTS');
  const places = reader.list(() => session.place(reader));
  reader.end();
  for (const { database, name } of places) {
    if (!isLenient && !(await session.tables.read(database, name))) {
      throw new SqlError(1051, '42S02', `Unknown table '${database}.${name}'`);
    }
  }
  for (const { database, name } of places) await session.tables.remove(database, name);
  return undefined;
}
