import { quoteIdentifier, quoteIdentifiers, quoteLiteral } from '../postgres';
import { INVALID } from './catalog-sql';
import { addConstraintSql, addForeignKeySql, createEnumSql, createIndexSql, createTableSql } from './ddl';
import { type Catalog, columnNamed, type ForeignKey, type Table } from './model';

/** The statements that make empty copies of tables, in the first schema of the `search_path`. */
export interface ShadowSql {
  /** The tables with their columns and primary keys, and the enum types of these. */
  readonly tables: readonly string[];
  /** All else that belongs to them, in an order in which each can be created; but none is needed. */
  readonly others: readonly string[];
}

/** @param parents the tables that are only referred to: of their indexes they get the unique ones, and no foreign keys */
export function shadowSql({ tables, enums }: Catalog, parents: readonly string[]): ShadowSql {
  const all = [...tables.values()];
  const whole = all.filter(({ name }) => !parents.includes(name));
  return {
    tables: [
      ...[...enums.values()].map(createEnumSql),
      ...all.map((table) => createTableSql({ ...table, constraints: [], foreignKeys: [] })),
    ],
    others: [
      // Before the foreign keys, which may refer to columns that only a unique index makes unique.
      ...all.flatMap((table) => constraintsAndIndexes(table, parents.includes(table.name))),
      ...whole.flatMap(commentsOf),
      ...whole.flatMap((table) => table.foreignKeys.map((key) => addForeignKeySql(table.name, key))),
    ],
  };
}

/** The statements that remove all shadows. */
export function dropSql({ tables, enums }: Catalog): string[] {
  return [
    ...[...tables.keys()].map((name) => `DROP TABLE pg_temp.${quoteIdentifier(name)} CASCADE`),
    ...[...enums.keys()].map((name) => `DROP TYPE pg_temp.${quoteIdentifier(name)} CASCADE`),
  ];
}

/** In the order in which they have come: of several that are unique over the same columns, a foreign key depends on the first. */
function constraintsAndIndexes({ name, constraints, indexes }: Table, isParent: boolean): string[] {
  const needed = isParent ? indexes.filter(({ unique }) => unique) : indexes;
  const created = [
    ...constraints.map((one) => ({ oid: one.oid ?? 0, sql: addConstraintSql(name, one) })),
    ...needed.map((one) => ({ oid: one.oid ?? 0, sql: createIndexSql(name, one) })),
  ];
  return created.sort((one, other) => one.oid - other.oid).map(({ sql }) => sql);
}

function commentsOf({ name: table, indexes, constraints, columns, comment }: Table): string[] {
  const target = quoteIdentifier(table);
  return [
    ...[...indexes, ...constraints.filter(({ type }) => type !== 'c')]
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

/**
 * The statements that create tables in place of those that are not inspected, with nothing but the columns to which the
 * foreign keys of some tables refer. Several keys may refer to one table, also to different columns of it.
 */
export function placeholdersSql(outgoing: readonly Outgoing[]): string[] {
  const create = [...new Set(outgoing.map(({ key }) => quoteIdentifier(key.references.table)))];
  return [
    ...create.map((table) => `CREATE TABLE ${table} ()`),
    ...new Set(outgoing.flatMap(referredColumnsSql)),
    ...new Set(outgoing.map(({ key: { references } }) => uniqueSql(references))),
  ];
}

/** A foreign key, and the table that has it. */
export interface Outgoing {
  readonly table: Table;
  readonly key: ForeignKey;
}

function referredColumnsSql({ table, key: { columns, references } }: Outgoing): string[] {
  return references.columns.map((name, n) => {
    const type = columnNamed(table, columns[n] ?? '')?.type ?? 'text';
    const column = `${quoteIdentifier(name)} ${type}`;
    return `ALTER TABLE ${quoteIdentifier(references.table)} ADD COLUMN IF NOT EXISTS ${column}`;
  });
}

function uniqueSql({ table, columns }: ForeignKey['references']): string {
  return `ALTER TABLE ${quoteIdentifier(table)} ADD UNIQUE (${quoteIdentifiers(columns)})`;
}

/**
 * Names need no schema, and are printed without one: the shadows' first, even where the session has pg_temp last. The
 * path stays the same for all that is read, since a prepared statement is planned again when it changes.
 *
 * @param schemaSql an expression for the name of the schema of the live tables
 */
export function settingsSql(schemaSql: string): string[] {
  return [
    // A path that is empty gets no comma before it: what is wrong with it is said by whoever reads the place.
    `SELECT set_config('search_path', concat_ws(', ', 'pg_temp', quote_ident(${schemaSql}), nullif(current_setting('search_path'), '')), true)`,
    'SET LOCAL client_min_messages = error',
    'SET LOCAL check_function_bodies = off',
    'SET LOCAL row_security = off',
  ];
}
