import type { Sequelize } from 'sequelize';
import { type Catalog, columnNamed, type Declaration, indexNamed, type Table } from '../../catalog';
import { quoteIdentifier, quoteIdentifiers } from '../../postgres';
import {
  type AddConstraint,
  type AddForeignKey,
  type AddIndex,
  type ColumnDeclaration,
  columnsOfTable,
  type CreateTable,
  foreignKeyOf,
  primaryKeyName,
} from '../../vocabulary';
import { alterTableSql } from '../draft/alter';
import type { Draft } from '../draft/draft';
import { EXISTING_COLUMNS, onShadow } from './as-declared';
import { assertColumnSql, declaredColumnSql, typeSql } from './column-sql';
import { commentsOfNew } from './comments';
import { createMissingEnum } from './enum-types';
import { declaredConstraintSql, declaredIndexSql } from './query-generator';

// What a change declares, as statements that create just that on the shadows, in place of what is there, so that
// PostgreSQL prints it. They are rolled back, or kept where there was nothing before.

/**
 * Columns of a table that exists, with their foreign keys. Those that it has are declared in a table of their own, where
 * nothing has to be rewritten; the others are added to it, so that PostgreSQL shows whether that would rewrite it.
 */
export async function declareColumns(
  draft: Draft,
  table: string,
  columns: readonly ColumnDeclaration[],
): Promise<Catalog> {
  const { sequelize } = draft;
  const catalog = await draft.catalog();
  const found = await draft.table(table);
  const isThere = ({ column }: ColumnDeclaration) => columnNamed(found, column) !== undefined;
  const existing = columns.filter(isThere);
  const existingSql = [
    ...existing.map((declaration) => declaredColumnSql(sequelize, declaration)),
    ...columnsToRead(found, existing),
  ];
  return draft.declare({
    statements: [
      ...columns.flatMap((column) => createMissingEnum(catalog, column)).map(({ sql }) => sql),
      ...columns.flatMap(assertColumnSql), // a default may be of an enum type
      ...(existing.length > 0
        ? [`CREATE TABLE ${quoteIdentifier(EXISTING_COLUMNS)} (${existingSql.join(', ')})`]
        : []),
      ...columns
        .filter((declaration) => !isThere(declaration))
        .map((declaration) =>
          alterTableSql(table, `ADD COLUMN ${declaredColumnSql(sequelize, declaration)}`),
        ),
      ...columns.flatMap((declaration) => {
        const key = foreignKeyOf(declaration);
        if (!key) return [];
        if (isThere(declaration)) return [addForeignKeySql({ ...key, table: EXISTING_COLUMNS })];
        // A column that was kept aside by an earlier version of this package has a foreign key of that name.
        const drop = alterTableSql(table, `DROP CONSTRAINT IF EXISTS ${quoteIdentifier(key.name)}`);
        return [drop, addForeignKeySql(key)];
      }),
    ],
    parents: parentsOf(sequelize, columns),
  });
}

/** The columns that the expressions of generated ones may read. */
function columnsToRead(table: Table, declared: readonly ColumnDeclaration[]): string[] {
  if (declared.every(({ attributes }) => attributes.generatedAs === undefined)) return [];
  const others = table.columns.filter(({ name }) => declared.every(({ column }) => column !== name));
  return others.map(({ name, type }) => `${quoteIdentifier(name)} ${type}`);
}

/**
 * Tables with all that belongs to them. Each may refer to each.
 *
 * @param others tables to remove, because the names of their indexes may be those of the declared ones
 */
export function tablesDeclaration(
  sequelize: Sequelize,
  catalog: Catalog,
  tables: readonly DeclaredTable[],
  others: readonly string[] = [],
): Declaration {
  const columns = tables.flatMap(columnsOfTable);
  const replaced = [...tables.map(({ table }) => table), ...others];
  return {
    statements: [
      ...replaced.map((table) => `DROP TABLE IF EXISTS pg_temp.${quoteIdentifier(table)} CASCADE`),
      ...columns.flatMap((column) => createMissingEnum(catalog, column)).map(({ sql }) => sql),
      ...columns.flatMap(assertColumnSql), // a default may be of an enum type
      ...tables.map((table) => createTableSql(sequelize, table)),
      ...tables.flatMap(({ constraints }) =>
        constraints.map((constraint) => declaredConstraintSql(sequelize, constraint)),
      ),
      ...tables.flatMap(({ indexes }) => indexes.map((index) => declaredIndexSql(sequelize, index))),
      // Foreign keys may refer to what only a constraint or an index makes unique.
      ...columns.flatMap((declaration) => foreignKeyOf(declaration) ?? []).map(addForeignKeySql),
      ...tables.flatMap(commentsSql),
    ],
    creates: tables.map(({ table }) => table),
    parents: parentsOf(sequelize, columns),
  };
}

function commentsSql(declared: DeclaredTable): string[] {
  const columns = columnsOfTable(declared).map(({ column, attributes: { comment } }) => ({
    name: column,
    comment,
  }));
  return commentsOfNew({ name: declared.table, comment: declared.comment, columns }).map(({ sql }) => sql);
}

interface DeclaredTable extends Omit<CreateTable, 'existing' | 'kind'> {
  /** Left out: the name that PostgreSQL gives it. */
  readonly keyName?: string;
}

function createTableSql(sequelize: Sequelize, declared: DeclaredTable): string {
  const columns = columnsOfTable(declared);
  const keys = columns.filter(({ attributes }) => attributes.primaryKey).map(({ column }) => column);
  const name = quoteIdentifier(declared.keyName ?? primaryKeyName(declared.namedFor ?? declared.table));
  const parts = [
    ...columns.map((column) => declaredColumnSql(sequelize, column)),
    ...(keys.length > 0 ? [`CONSTRAINT ${name} PRIMARY KEY (${quoteIdentifiers(keys)})`] : []),
  ];
  return `CREATE TABLE ${quoteIdentifier(declared.table)} (${parts.join(', ')})`;
}

export async function declareIndex(draft: Draft, index: AddIndex): Promise<Catalog> {
  const table = await draft.table(index.table);
  const isThere = indexNamed(table, index.name) !== undefined;
  return draft.declare({
    statements: [
      ...(isThere ? [`DROP INDEX pg_temp.${quoteIdentifier(index.name)} CASCADE`] : []),
      declaredIndexSql(draft.sequelize, index),
    ],
  });
}

/** @returns the table with the constraint */
export async function declareConstraint(draft: Draft, change: AddConstraint): Promise<Table> {
  const name = quoteIdentifier(change.name);
  const { tables } = await draft.declare({
    statements: [
      // Foreign keys may depend on it, also on its index.
      alterTableSql(change.table, `DROP CONSTRAINT IF EXISTS ${name} CASCADE`),
      // What an interrupted run has built for a unique constraint.
      ...(change.type === 'unique' ? [`DROP INDEX IF EXISTS pg_temp.${name} CASCADE`] : []),
      declaredConstraintSql(draft.sequelize, change),
    ],
  });
  return onShadow(`Table ${change.table}`, tables.get(change.table));
}

function addForeignKeySql({ table, name, fields, references, onUpdate, onDelete }: AddForeignKey): string {
  const key =
    `CONSTRAINT ${quoteIdentifier(name)} FOREIGN KEY (${quoteIdentifiers(fields)}) ` +
    `REFERENCES pg_temp.${quoteIdentifier(references.table)} (${quoteIdentifiers(references.fields)}) ` +
    `ON UPDATE ${onUpdate} ON DELETE ${onDelete}`;
  return alterTableSql(table, `ADD ${key}`);
}

/** The referenced tables, with the statement that creates one with the referenced column and nothing else. */
function parentsOf(sequelize: Sequelize, columns: readonly ColumnDeclaration[]): Map<string, string> {
  const parents = columns.flatMap((declaration) => {
    const { references } = declaration.attributes;
    if (!references) return [];
    const column = `${quoteIdentifier(references.key)} ${typeSql(sequelize, declaration)} PRIMARY KEY`;
    return [[references.model, `CREATE TABLE ${quoteIdentifier(references.model)} (${column})`] as const];
  });
  return new Map(parents);
}
