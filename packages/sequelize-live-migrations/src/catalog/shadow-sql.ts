import { quoteIdentifier, quoteIdentifiers, quoteLiteral } from '../postgres';
import { INVALID } from './catalog-sql';
import { addConstraintSql, createEnumSql, createIndexSql, createTableSql, foreignKeySql } from './ddl';
import { type Catalog, columnNamed, type ForeignKey, type Table } from './model';

/**
 * The statements that make empty copies of tables and of their enum types, in the first schema of the `search_path`:
 * first all tables, since foreign keys may refer to any of them.
 *
 * @param parents the tables that are only referred to: they get no indexes and no foreign keys
 */
export function shadowSql({ tables, enums }: Catalog, parents: readonly string[]): string[] {
  const all = [...tables.values()];
  const whole = all.filter(({ name }) => !parents.includes(name));
  return [
    ...[...enums.values()].map(createEnumSql),
    ...all.map((table) => createTableSql({ ...table, foreignKeys: [] })),
    ...all.flatMap(({ name, constraints }) =>
      constraints.map((constraint) => addConstraintSql(name, constraint)),
    ),
    ...whole.flatMap((table) => table.foreignKeys.map((key) => addForeignKeySql(table.name, key))),
    ...whole.flatMap(indexesAndComments),
  ];
}

function addForeignKeySql(table: string, key: ForeignKey): string {
  return `ALTER TABLE ${quoteIdentifier(table)} ADD ${foreignKeySql(key)}${key.valid ? '' : ' NOT VALID'}`;
}

function indexesAndComments({ name: table, indexes, columns, comment }: Table): string[] {
  const target = quoteIdentifier(table);
  return [
    ...indexes.map((index) => createIndexSql(table, index)),
    ...indexes
      .filter(({ valid }) => !valid)
      .map(({ name }) => `COMMENT ON INDEX ${quoteIdentifier(name)} IS ${quoteLiteral(INVALID)}`),
    ...(comment === null ? [] : [`COMMENT ON TABLE ${target} IS ${quoteLiteral(comment)}`]),
    ...columns.flatMap((column) =>
      column.comment === null
        ? []
        : [`COMMENT ON COLUMN ${target}.${quoteIdentifier(column.name)} IS ${quoteLiteral(column.comment)}`],
    ),
  ];
}

/** A table with nothing but the columns that a foreign key refers to, in place of one that is not inspected. */
export function placeholderSql(table: Table, { columns, references }: ForeignKey): string {
  const typed = references.columns.map((name, n) => {
    const type = columnNamed(table, columns[n] ?? '')?.type ?? 'text';
    return `${quoteIdentifier(name)} ${type}`;
  });
  const key = `PRIMARY KEY (${quoteIdentifiers(references.columns)})`;
  return `CREATE TABLE IF NOT EXISTS ${quoteIdentifier(references.table)} (${typed.join(', ')}, ${key})`;
}
