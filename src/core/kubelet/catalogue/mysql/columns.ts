/** The columns and keys of a table, as a CREATE TABLE writes them. */
import type { Reader } from './reader';
import type { Column } from './tables';

/** The columns and keys of a CREATE TABLE. */
export function columnsOf(reader: Reader): Column[] {
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

export function namesOf(reader: Reader): string[] {
  const names = reader.list(() => reader.name());
  reader.expectSymbol(')');
  return names;
}
