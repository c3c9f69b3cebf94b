/** A client's session: it hands each statement to what carries it out, and answers what they ask of the session. */
import { insert, remove, truncate, update } from './change';
import { create, drop } from './define';
import { SqlError } from './errors';
import type { Scope, Value } from './expressions';
import { Reader } from './reader';
import type { ResultSet } from './results';
import { select } from './select';
import { describe, show } from './show';
import type { Table, Tables } from './tables';

export interface SessionFacts {
  readonly variables: Readonly<Record<string, Value>>;
  readonly user: string;
  /** ms since 1970 */
  readonly now: number;
}

/** A table's full name. */
export interface Place {
  readonly database: string;
  readonly name: string;
}

/** One client's session: it remembers its database. */
export class SqlSession {
  database: string | undefined;

  constructor(
    readonly tables: Tables,
    readonly facts: SessionFacts,
  ) {}

  /** Throws SqlError. Undefined for a statement without rows. */
  async execute(sql: string): Promise<ResultSet | undefined> {
    const reader = new Reader(sql);
    if (reader.take('SELECT')) return select(this, reader);
    if (reader.take('SHOW')) return show(this, reader);
    if (reader.take('USE')) return this.use(reader);
    if (reader.take('DESCRIBE') || reader.take('DESC')) {
      const place = this.place(reader);
      reader.end();
      return describe(this, place);
    }
    this.refuseReadOnly(reader);
    if (reader.take('CREATE')) return create(this, reader);
    if (reader.take('DROP')) return drop(this, reader);
    if (reader.take('INSERT')) return insert(this, reader, false);
    if (reader.take('REPLACE')) return insert(this, reader, true);
    if (reader.take('UPDATE')) return update(this, reader);
    if (reader.take('DELETE')) return remove(this, reader);
    if (reader.take('TRUNCATE')) return truncate(this, reader);
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
  place(reader: Reader): Place {
    const first = reader.name();
    if (reader.symbol('.')) return { database: first, name: reader.name() };
    if (this.database === undefined) throw new SqlError(1046, '3D000', 'No database selected');
    return { database: this.database, name: first };
  }

  async table({ database, name }: Place): Promise<Table> {
    if (!(await this.tables.has(database))) throw new SqlError(1049, '42000', `Unknown database '${database}'`);
    const table = await this.tables.read(database, name);
    if (!table) throw new SqlError(1146, '42S02', `Table '${database}.${name}' doesn't exist`);
    return table;
  }

  scope(columns: readonly string[], row: readonly Value[], group?: readonly (readonly Value[])[]): Scope {
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

  call(name: string, args: readonly Value[]): Value {
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
}
