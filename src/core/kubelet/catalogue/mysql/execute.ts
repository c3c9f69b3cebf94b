/** Does what a statement says to the server's databases. */
import { SqlError } from './errors';
import { compare, evaluate, isAggregate, isTrue, like, numberOf, type Scope, type Value } from './expressions';
import { type Expression, Reader } from './reader';
import { type Column, SYSTEM_DATABASES, type Table, type Tables } from './tables';

export interface ResultSet {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
  /** Columns of numbers stand on the right. */
  readonly numeric: readonly boolean[];
  /** Columns that may be NULL are at least as wide. */
  readonly nullable?: readonly boolean[];
}

export interface SessionFacts {
  readonly variables: Readonly<Record<string, Value>>;
  readonly user: string;
  /** ms since 1970 */
  readonly now: number;
}

const result = (columns: readonly string[], rows: readonly (readonly Value[])[]): ResultSet => ({
  columns,
  rows,
  numeric: columns.map((_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number' || row[i] === null)),
});

interface Place {
  readonly database: string;
  readonly name: string;
}

/** One client's session: it remembers its database. */
export class SqlSession {
  database: string | undefined;

  constructor(
    private readonly tables: Tables,
    private readonly facts: SessionFacts,
  ) {}

  /** Throws SqlError. Undefined for a statement without rows. */
  async execute(sql: string): Promise<ResultSet | undefined> {
    const reader = new Reader(sql);
    if (reader.take('SELECT')) return this.select(reader);
    if (reader.take('SHOW')) return this.show(reader);
    if (reader.take('USE')) return this.use(reader);
    if (reader.take('DESCRIBE') || reader.take('DESC')) {
      const place = this.place(reader);
      reader.end();
      return this.describe(place);
    }
    this.refuseReadOnly(reader);
    if (reader.take('CREATE')) return this.create(reader);
    if (reader.take('DROP')) return this.drop(reader);
    if (reader.take('INSERT')) return this.insert(reader, false);
    if (reader.take('REPLACE')) return this.insert(reader, true);
    if (reader.take('UPDATE')) return this.update(reader);
    if (reader.take('DELETE')) return this.delete(reader);
    if (reader.take('TRUNCATE')) return this.truncate(reader);
    return reader.fail();
  }

  async use(reader: Reader): Promise<undefined> {
    const name = reader.name();
    reader.end();
    await this.choose(name);
    return undefined;
  }

  async choose(name: string): Promise<void> {
    if (!(await this.tables.has(name))) throw new SqlError(1049, '42000', `Unknown database '${name}'`);
    this.database = name;
  }

  private refuseReadOnly(reader: Reader): void {
    const isOn = (value: Value | undefined) => value === 'ON' || value === 1;
    const { super_read_only, read_only } = this.facts.variables;
    const isRoot = this.facts.user.startsWith('root@');
    if (!['CREATE', 'DROP', 'INSERT', 'REPLACE', 'UPDATE', 'DELETE', 'TRUNCATE'].some((word) => reader.isWord(word)))
      return;
    const option = isOn(super_read_only) ? '--super-read-only' : isOn(read_only) && !isRoot ? '--read-only' : undefined;
    if (option === undefined) return;
    throw new SqlError(
      1290,
      'HY000',
      `The MySQL server is running with the ${option} option so it cannot execute this statement`,
    );
  }

  /** `[database.]table` */
  private place(reader: Reader): Place {
    const first = reader.name();
    if (reader.symbol('.')) return { database: first, name: reader.name() };
    if (this.database === undefined) throw new SqlError(1046, '3D000', 'No database selected');
    return { database: this.database, name: first };
  }

  private async table({ database, name }: Place): Promise<Table> {
    if (!(await this.tables.has(database))) throw new SqlError(1049, '42000', `Unknown database '${database}'`);
    const table = await this.tables.read(database, name);
    if (!table) throw new SqlError(1146, '42S02', `Table '${database}.${name}' doesn't exist`);
    return table;
  }

  private scope(columns: readonly string[], row: readonly Value[], group?: readonly (readonly Value[])[]): Scope {
    return {
      columns,
      row,
      ...(group && { group }),
      variable: (name) => this.variable(name),
      call: (name, args) => this.call(name, args),
    };
  }

  private variable(written: string): Value {
    if (!written.startsWith('@@')) return null;
    const name = written
      .slice(2)
      .replace(/^(global|session)\./i, '')
      .toLowerCase();
    const value = Object.hasOwn(this.facts.variables, name) ? this.facts.variables[name] : undefined;
    if (value === undefined) throw new SqlError(1193, 'HY000', `Unknown system variable '${name}'`);
    return value === 'ON' ? 1 : value === 'OFF' ? 0 : value;
  }

  private call(name: string, args: readonly Value[]): Value {
    const time = new Date(this.facts.now).toISOString();
    switch (name) {
      case 'VERSION':
        return this.facts.variables.version ?? null;
      case 'NOW':
      case 'CURRENT_TIMESTAMP':
      case 'SYSDATE':
        return time.slice(0, 19).replace('T', ' ');
      case 'CURDATE':
      case 'CURRENT_DATE':
        return time.slice(0, 10);
      case 'UNIX_TIMESTAMP':
        return Math.floor(this.facts.now / 1000);
      case 'DATABASE':
      case 'SCHEMA':
        return this.database ?? null;
      case 'USER':
      case 'CURRENT_USER':
        return this.facts.user;
      case 'CONNECTION_ID':
        return 8;
      case 'CONCAT':
        return args.includes(null) ? null : args.join('');
      case 'UPPER':
        return args[0] === null ? null : String(args[0]).toUpperCase();
      case 'LOWER':
        return args[0] === null ? null : String(args[0]).toLowerCase();
      case 'LENGTH':
        return args[0] === null ? null : new TextEncoder().encode(String(args[0])).length;
      case 'IFNULL':
      case 'COALESCE':
        return args.find((arg) => arg !== null) ?? null;
      default:
        throw new SqlError(1305, '42000', `FUNCTION ${this.database ?? 'mysql'}.${name} does not exist`);
    }
  }

  private async select(reader: Reader): Promise<ResultSet> {
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
      const table = await this.table(this.place(reader));
      columns = table.columns.map(({ name }) => name);
      optional = table.columns.filter(({ nullable }) => nullable).map(({ name }) => name);
      rows = this.filtered(reader, columns, table.rows);
      rows = this.ordered(reader, columns, rows, items);
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
      const scope = this.scope(columns, rows[0] ?? [], rows);
      return result(titles, [wide.map(({ expression }) => evaluate(expression, scope))]);
    }
    const set = result(
      titles,
      rows.map((row) => wide.map(({ expression }) => evaluate(expression, this.scope(columns, row)))),
    );
    const nullable = wide.map(({ expression }) => expression.kind === 'column' && optional.includes(expression.name));
    return { ...set, nullable };
  }

  private filtered(
    reader: Reader,
    columns: readonly string[],
    rows: readonly (readonly Value[])[],
  ): readonly (readonly Value[])[] {
    const condition = reader.take('WHERE') ? reader.expression() : undefined;
    if (!condition) return rows;
    // Once for a row of nothing: an unknown column is told of in an empty table too.
    evaluate(
      condition,
      this.scope(
        columns,
        columns.map(() => null),
      ),
      'where clause',
    );
    return rows.filter((row) => isTrue(evaluate(condition, this.scope(columns, row), 'where clause')));
  }

  private ordered(
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
          evaluate(expression, this.scope(columns, a), 'order clause'),
          evaluate(expression, this.scope(columns, b), 'order clause'),
        );
        if (order !== 0) return order * sign;
      }
      return 0;
    });
  }

  private async show(reader: Reader): Promise<ResultSet> {
    if (reader.take('DATABASES') || reader.take('SCHEMAS')) {
      const chosen = pattern(reader);
      reader.end();
      return result(
        ['Database'],
        (await this.tables.databases()).filter(chosen).map((name) => [name]),
      );
    }
    if (reader.take('TABLES')) {
      const database = reader.take('FROM') || reader.take('IN') ? reader.name() : this.database;
      const chosen = pattern(reader);
      reader.end();
      if (database === undefined) throw new SqlError(1046, '3D000', 'No database selected');
      if (!(await this.tables.has(database))) throw new SqlError(1049, '42000', `Unknown database '${database}'`);
      return result(
        [`Tables_in_${database}`],
        (await this.tables.tables(database)).filter(chosen).map((name) => [name]),
      );
    }
    if (reader.take('COLUMNS') || reader.take('FIELDS')) {
      if (!reader.take('FROM')) reader.expect('IN');
      const place = this.place(reader);
      reader.end();
      return this.describe(place);
    }
    if (reader.take('CREATE', 'TABLE')) {
      const place = this.place(reader);
      reader.end();
      return result(['Table', 'Create Table'], [[place.name, statementOf(place.name, await this.table(place))]]);
    }
    if (!reader.take('GLOBAL')) reader.take('SESSION');
    if (reader.take('VARIABLES')) {
      let chosen = (_: string): boolean => true;
      if (reader.take('WHERE')) {
        const condition = reader.expression();
        chosen = (name) =>
          isTrue(
            evaluate(condition, this.scope(['Variable_name', 'Value'], [name, this.facts.variables[name] ?? null])),
          );
      } else chosen = pattern(reader);
      reader.end();
      const names = Object.keys(this.facts.variables).sort().filter(chosen);
      return result(
        ['Variable_name', 'Value'],
        names.map((name) => [name, String(this.facts.variables[name])]),
      );
    }
    return reader.fail();
  }

  private async describe(place: Place): Promise<ResultSet> {
    const { columns } = await this.table(place);
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

  private async create(reader: Reader): Promise<undefined> {
    if (reader.take('DATABASE') || reader.take('SCHEMA')) {
      const isLenient = reader.take('IF', 'NOT', 'EXISTS');
      const name = reader.name();
      while (!reader.done && !reader.symbol(';')) {
        if (!/^(word|string|symbol)$/.test(reader.peek()?.kind ?? '')) reader.fail();
        reader.skip();
      }
      if (await this.tables.has(name)) {
        if (isLenient) return undefined;
        throw new SqlError(1007, 'HY000', `Can't create database '${name}'; database exists`);
      }
      await this.tables.create(name);
      return undefined;
    }
    reader.expect('TABLE');
    const isLenient = reader.take('IF', 'NOT', 'EXISTS');
    const place = this.place(reader);
    const columns = columnsOf(reader);
    const { database, name } = place;
    if (SYSTEM_DATABASES.includes(database)) {
      throw new SqlError(1044, '42000', `Access denied for user '${this.facts.user}' to database '${database}'`);
    }
    if (!(await this.tables.has(database))) throw new SqlError(1049, '42000', `Unknown database '${database}'`);
    if (await this.tables.read(database, name)) {
      if (isLenient) return undefined;
      throw new SqlError(1050, '42S01', `Table '${name}' already exists`);
    }
    await this.tables.write(database, name, { columns, rows: [], next: 1 });
    return undefined;
  }

  private async drop(reader: Reader): Promise<undefined> {
    if (reader.take('DATABASE') || reader.take('SCHEMA')) {
      const isLenient = reader.take('IF', 'EXISTS');
      const name = reader.name();
      reader.end();
      if (SYSTEM_DATABASES.includes(name))
        throw new SqlError(3552, 'HY000', `Access to system schema '${name}' is rejected.`);
      if (!(await this.tables.has(name))) {
        if (isLenient) return undefined;
        throw new SqlError(1008, 'HY000', `Can't drop database '${name}'; database doesn't exist`);
      }
      await this.tables.drop(name);
      if (this.database === name) this.database = undefined;
      return undefined;
    }
    reader.expect('TABLE');
    const isLenient = reader.take('IF', 'EXISTS');
    const places = reader.list(() => this.place(reader));
    reader.end();
    for (const { database, name } of places) {
      if (!isLenient && !(await this.tables.read(database, name))) {
        throw new SqlError(1051, '42S02', `Unknown table '${database}.${name}'`);
      }
    }
    for (const { database, name } of places) await this.tables.remove(database, name);
    return undefined;
  }

  private async insert(reader: Reader, replaces: boolean): Promise<undefined> {
    const ignores = !replaces && reader.take('IGNORE');
    reader.take('INTO');
    const place = this.place(reader);
    const table = await this.table(place);
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
        const value = isDefault ? undefined : evaluate(expression, this.scope([], []));
        if (column.extra === 'auto_increment' && (value === undefined || value === null || numberOf(value) === 0)) {
          return next++;
        }
        if (value !== undefined) return stored(column, value, i + 1);
        if (column.default === 'CURRENT_TIMESTAMP') return this.call('NOW', []);
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
    await this.tables.write(place.database, place.name, { ...table, rows, next });
    return undefined;
  }

  private async update(reader: Reader): Promise<undefined> {
    const place = this.place(reader);
    const table = await this.table(place);
    reader.expect('SET');
    const changes = reader.list(() => {
      const position = positionOf(table.columns, reader.name());
      reader.expectSymbol('=');
      return { position, expression: reader.expression() };
    });
    const columns = table.columns.map(({ name }) => name);
    const chosen = new Set(limited(reader, this.filtered(reader, columns, table.rows)));
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
        if (column) changed[position] = stored(column, evaluate(expression, this.scope(columns, changed)), 1);
      }
      rows.push(changed);
    }
    for (const [i, row] of rows.entries()) {
      const clash = clashOf(table.columns, rows.slice(0, i), row);
      if (clash)
        throw new SqlError(1062, '23000', `Duplicate entry '${clash.value}' for key '${place.name}.${clash.key}'`);
    }
    await this.tables.write(place.database, place.name, { ...table, rows });
    return undefined;
  }

  private async delete(reader: Reader): Promise<undefined> {
    reader.expect('FROM');
    const place = this.place(reader);
    const table = await this.table(place);
    const columns = table.columns.map(({ name }) => name);
    const gone = new Set(limited(reader, this.filtered(reader, columns, table.rows)));
    reader.end();
    await this.tables.write(place.database, place.name, { ...table, rows: table.rows.filter((row) => !gone.has(row)) });
    return undefined;
  }

  private async truncate(reader: Reader): Promise<undefined> {
    reader.take('TABLE');
    const place = this.place(reader);
    reader.end();
    const table = await this.table(place);
    await this.tables.write(place.database, place.name, { ...table, rows: [], next: 1 });
    return undefined;
  }
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

function pattern(reader: Reader): (name: string) => boolean {
  if (!reader.take('LIKE')) return () => true;
  return like(reader.string());
}

/** `LIMIT [offset,] count [OFFSET offset]` */
function limited<T>(reader: Reader, rows: readonly T[]): readonly T[] {
  if (!reader.take('LIMIT')) return rows;
  const first = reader.number();
  if (reader.symbol(',')) return rows.slice(first, first + reader.number());
  const offset = reader.take('OFFSET') ? reader.number() : 0;
  return rows.slice(offset, offset + first);
}

function namesOf(reader: Reader): string[] {
  const names = reader.list(() => reader.name());
  reader.expectSymbol(')');
  return names;
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

/** The columns and keys of a CREATE TABLE. */
function columnsOf(reader: Reader): Column[] {
  reader.expectSymbol('(');
  const columns: Column[] = [];
  const keys: { name: string; key: 'PRI' | 'UNI' }[] = [];
  reader.list(() => {
    const isPrimary = reader.take('PRIMARY', 'KEY');
    if (isPrimary || reader.take('UNIQUE')) {
      if (!isPrimary && !reader.take('KEY')) reader.take('INDEX');
      if (!reader.symbol('(')) {
        reader.name();
        reader.expectSymbol('(');
      }
      const names = namesOf(reader);
      // Keys of several columns are more than these tables keep.
      if (names.length > 1) reader.fail();
      keys.push({ name: names[0] ?? '', key: isPrimary ? 'PRI' : 'UNI' });
    } else columns.push(columnOf(reader));
  });
  reader.expectSymbol(')');
  while (!reader.done && !reader.symbol(';')) {
    if (
      !['ENGINE', 'DEFAULT', 'CHARSET', 'CHARACTER', 'COLLATE', 'COMMENT', 'AUTO_INCREMENT', 'SET'].some((word) =>
        reader.isWord(word),
      )
    )
      reader.fail();
    reader.skip();
    if (reader.isWord('CHARSET') || reader.isWord('CHARACTER') || reader.isWord('SET')) continue;
    reader.symbol('=');
    reader.skip();
  }
  return columns.map((column) => {
    const key = keys.find(({ name }) => name.toLowerCase() === column.name.toLowerCase())?.key;
    return key ? { ...column, key, nullable: column.nullable && key !== 'PRI' } : column;
  });
}

function columnOf(reader: Reader): Column {
  const name = reader.name();
  let type = reader.name().toLowerCase();
  if (type === 'integer') type = 'int';
  if (type === 'bool' || type === 'boolean') type = 'tinyint(1)';
  if (reader.symbol('(')) {
    const sizes = reader.list(() =>
      reader.peek()?.kind === 'string' ? `'${reader.string()}'` : String(reader.number()),
    );
    reader.expectSymbol(')');
    type += `(${sizes.join(',')})`;
  }
  let column: Column = { name, type, nullable: true, key: '', default: null, extra: '' };
  for (;;) {
    if (reader.take('NOT', 'NULL')) column = { ...column, nullable: false };
    else if (reader.take('NULL')) column = { ...column, nullable: true };
    else if (reader.take('PRIMARY', 'KEY')) column = { ...column, key: 'PRI', nullable: false };
    else if (reader.take('UNIQUE')) {
      reader.take('KEY');
      column = { ...column, key: 'UNI' };
    } else if (reader.take('AUTO_INCREMENT')) column = { ...column, extra: 'auto_increment', nullable: false };
    else if (reader.take('UNSIGNED')) column = { ...column, type: `${column.type} unsigned` };
    else if (reader.take('COMMENT')) reader.string();
    else if (reader.take('DEFAULT')) {
      const value = reader.expression(5);
      const isNow = value.kind === 'call' && /^(NOW|CURRENT_TIMESTAMP)$/.test(value.name);
      if (value.kind !== 'value' && !isNow) reader.fail();
      column = { ...column, default: value.kind === 'value' ? value.value : 'CURRENT_TIMESTAMP' };
    } else return column;
  }
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
