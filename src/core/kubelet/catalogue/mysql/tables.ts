/** Databases as folders of the data folder, tables as JSON files in them: they live and move with the server's volume. */
import type { IFileSystem } from 'just-bash';
import { SqlError } from './errors';
import type { Value } from './expressions';

export interface Column {
  readonly name: string;
  /** In small letters: `varchar(250)`. */
  readonly type: string;
  readonly nullable: boolean;
  readonly key: '' | 'PRI' | 'UNI';
  readonly default: Value;
  readonly extra: '' | 'auto_increment';
}

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Value[])[];
  /** The next number of an auto_increment column. */
  readonly next: number;
}

/** Those that every server has. */
export const SYSTEM_DATABASES: readonly string[] = ['information_schema', 'mysql', 'performance_schema', 'sys'];

export class Tables {
  constructor(
    private readonly fs: IFileSystem,
    private readonly folder: string,
  ) {}

  async databases(): Promise<readonly string[]> {
    const names = new Set(SYSTEM_DATABASES);
    if (await this.fs.exists(this.folder)) {
      for (const name of await this.fs.readdir(this.folder)) {
        if (name.startsWith('.') || name === 'lost+found') continue;
        if ((await this.fs.stat(`${this.folder}/${name}`)).isDirectory) names.add(name);
      }
    }
    return [...names].sort();
  }

  async has(database: string): Promise<boolean> {
    return SYSTEM_DATABASES.includes(database) || (await this.fs.exists(this.path(database)));
  }

  async create(database: string): Promise<void> {
    await this.fs.mkdir(this.path(database), { recursive: true });
  }

  async drop(database: string): Promise<void> {
    await this.fs.rm(this.path(database), { recursive: true, force: true });
  }

  async tables(database: string): Promise<readonly string[]> {
    const folder = this.path(database);
    if (!(await this.fs.exists(folder))) return [];
    const names = await this.fs.readdir(folder);
    return names
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.slice(0, -'.json'.length))
      .sort();
  }

  async read(database: string, table: string): Promise<Table | undefined> {
    const path = `${this.path(database)}/${safe(table)}.json`;
    if (!(await this.fs.exists(path))) return undefined;
    try {
      return JSON.parse(await this.fs.readFile(path)) as Table;
    } catch {
      throw new SqlError(126, 'HY000', `Incorrect file format '${database}/${table}'`);
    }
  }

  async write(database: string, table: string, content: Table): Promise<void> {
    const { columns, rows, next } = content;
    const lines = rows.map((row) => `    ${JSON.stringify(row)}`).join(',\n');
    const text = `{\n  "columns": ${JSON.stringify(columns)},\n  "next": ${next},\n  "rows": [\n${lines}\n  ]\n}\n`;
    await this.fs.writeFile(`${this.path(database)}/${safe(table)}.json`, text);
  }

  async remove(database: string, table: string): Promise<void> {
    await this.fs.rm(`${this.path(database)}/${safe(table)}.json`, { force: true });
  }

  private path(database: string): string {
    return `${this.folder}/${safe(database)}`;
  }
}

/** Names become names of files. */
function safe(name: string): string {
  if (/^[\w$-][\w$ .-]*$/.test(name) && !name.includes('..')) return name;
  throw new SqlError(1102, '42000', `Incorrect database name '${name}'`);
}
