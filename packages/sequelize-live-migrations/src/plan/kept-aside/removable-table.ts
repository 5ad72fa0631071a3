import { columnNamed, isIdentity, orAttachedSql, rowsSql, type Table } from '../../catalog';
import { quoteIdentifier } from '../../postgres';
import type { Draft } from '../draft/draft';
import { insertSql, sequencesSql } from '../draft/insert-sql';
import type { Step } from '../draft/step';
import { dropFunctionsSql } from '../recognised/overlap';
import { ownedIndexes, renameAlongSql } from '../rename/rename-along';
import { renameTable } from '../rename/rename-table';
import type { Removable } from './keep-aside';

/** A table that can be kept aside. */
export function removableTable(draft: Draft, tableName: string): Removable {
  return {
    what: `table ${tableName}`,
    name: tableName,
    find: (name) => draft.find(name),
    takenElsewhere: (names) => draft.live.takenElsewhere(names),
    reasonToKeep: async (name) => reasonToKeepTable(draft, await draft.table(name)),
    rename: async (from, to) => {
      const rename = renameTable(from, to);
      const along = await renameAlongSql(draft, tableName, to, ownedIndexes(await draft.table(from)));
      return { ...rename, sql: [rename.sql, ...along].join(';\n') };
    },
    drop: async (name) => {
      const written = `drop table ${name}: left, because it holds what was written in the last moment`;
      return dropTable(await draft.table(name), written);
    },
    commentedAs: (name) => `TABLE ${quoteIdentifier(name)}`,
    merge: async (asideName) => mergeSql(await draft.table(tableName), await draft.table(asideName)),
    dropSql: (name) => `DROP TABLE ${quoteIdentifier(name)}`,
  };
}

/** Why a table may not be dropped; undefined where nothing of it would be lost. */
export async function reasonToKeepTable(draft: Draft, table: Table): Promise<string | undefined> {
  const rows = (await draft.rows.stayIn(table)) ? ['it has rows'] : [];
  return [...rows, ...(await reasonsNotToLose(draft, table))].join('; ') || undefined;
}

/** What depends on a table, and what somebody has put on it, which nothing would bring back. */
export async function reasonsNotToLose(draft: Draft, table: Table): Promise<string[]> {
  const dependents = draft.live
    .dependentsOf(table)
    .map(({ kind, relation }) => `${kind} ${relation} depends on it`);
  return [...dependents, ...(await draft.attachedTo(table))];
}

/**
 * The step that drops a table to which nobody writes any more, unless it has rows or something is on it.
 *
 * @param otherwise what to report where it has rows or anything else, and is left
 * @param enums the statements that drop its enum types
 */
export function dropTable(table: Table, otherwise: string, enums: readonly string[] = []): Step {
  const violation = orAttachedSql(rowsSql(quoteIdentifier(table.name)), table.name);
  return { ...dropTableWithRows(table, enums), precondition: { violation, otherwise } };
}

/**
 * The step that drops a table with all its rows, and the functions of the triggers that keep its columns equal. Without
 * CASCADE: where anything else depends on the table, PostgreSQL refuses to drop it and names that.
 *
 * @param enums the statements that drop its enum types
 */
export function dropTableWithRows(table: Table, enums: readonly string[]): Step {
  const { name, foreignKeys } = table;
  // The triggers of a foreign key are on both of its tables.
  const parents = foreignKeys.map(({ references }) => references.table);
  const drop = `DROP TABLE ${quoteIdentifier(name)}`;
  return {
    purpose: `drop table ${name}`,
    sql: [drop, ...dropFunctionsSql(table), ...enums].join(';\n'),
    onShadows: [drop, ...enums], // which have no triggers, and so would drop functions that others use
    locks: [name, ...parents].map((locked) => ({ table: locked, mode: 'ACCESS EXCLUSIVE' })),
    transaction: 'alone',
  };
}

/** Copies the rows to the table that is kept aside. Of two rows with the same key, the one in that table stays. */
function mergeSql(current: Table, keptAside: Table): string[] {
  const shared = keptAside.columns.flatMap((to) => {
    const from = columnNamed(current, to.name);
    return from && (to.generated === null || isIdentity(to)) ? [{ to, from }] : [];
  });
  const names = shared.map(({ to }) => to.name);
  const values = shared.map(({ to, from }) => {
    const column = quoteIdentifier(from.name);
    const value = from.type === to.type ? column : `${column}::text::${to.type}`;
    return to.notNull && !from.notNull && to.default !== null ? `coalesce(${value}, ${to.default})` : value;
  });
  return [
    `LOCK TABLE ${quoteIdentifier(current.name)} IN SHARE ROW EXCLUSIVE MODE`,
    insertSql(keptAside, names, `SELECT ${values.join(', ')} FROM ${quoteIdentifier(current.name)}`) +
      ' ON CONFLICT DO NOTHING',
    ...sequencesSql(keptAside, names),
  ];
}
