import { columnNamed, createTableSql, originalName, type Table } from '../../catalog';
import { quoteIdentifier } from '../../postgres';
import { type ColumnDeclaration, columnsOfTable, type CreateTable, primaryKeyName } from '../../vocabulary';
import { distributable } from '../citus/calls';
import { distribute, distributionNotices, distributionOf, undistributed } from '../citus/distribution';
import { planColumn } from '../columns/columns';
import { planAddConstraint } from '../constraints/constraints';
import { unloggedParents } from '../constraints/foreign-keys';
import { onShadow } from '../declared/as-declared';
import { commentsOfNew, planTableComment } from '../declared/comments';
import { declareColumns, tablesDeclaration } from '../declared/declarations';
import { createMissingEnum, enumConflicts } from '../declared/enum-types';
import { primaryKeyDifferences } from '../draft/compare';
import { alterStep } from '../draft/alter';
import type { Draft } from '../draft/draft';
import { withoutKeyOfLater } from '../draft/gone-later';
import { planEnumName } from '../enums/kept-aside-enums';
import { createIndex, declaredIndex } from '../indexes/index-steps';
import { planAddIndex } from '../indexes/indexes';
import { nameToRestore, restore } from '../kept-aside/keep-aside';
import { removableTable } from '../kept-aside/removable-table';
import { ownedIndexes } from '../rename/rename-along';

export async function planCreateTable(draft: Draft, change: CreateTable): Promise<void> {
  const removable = removableTable(draft, change.table);
  const asideName = await nameToRestore(draft, removable);
  const keptAside = asideName === undefined ? undefined : await draft.find(asideName);
  for (const declaration of columnsOfTable(change))
    await planEnumName(draft, declaration, keptAside && columnNamed(keptAside, declaration.column));
  await restore(draft, removable);
  const found = await draft.find(change.table);
  if (!found) {
    await createTable(draft, change);
    if (change.isPurged) draft.notice(`table ${change.table} comes back without the rows that were deleted`);
    return;
  }
  if (keptAside) restorePrimaryKeyName(draft, found, keptAside);
  const keys = Object.entries(change.attributes).filter(([, { primaryKey }]) => primaryKey);
  const primaryKey = keys.length > 0 ? { name: '', columns: keys.map(([column]) => column) } : null;
  if (draft.refuse(...primaryKeyDifferences({ ...found, primaryKey }, found))) return;
  if (change.existing === 'converge') await convergeTable(draft, change);
  else draft.notice(`table ${change.table} is there already: left as it is`);
}

async function createTable(draft: Draft, change: CreateTable): Promise<void> {
  const { table, indexes } = change;
  const before = await draft.catalog();
  const columns = columnsOfTable(change);
  draft.refuse(...columns.flatMap((column) => enumConflicts(before, column)));
  const keyName = await freeKeyName(draft, change);
  const declared = await draft.declare(tablesDeclaration(draft.sequelize, before, [{ ...change, keyName }]));
  const asDeclared = onShadow(`Table ${table}`, declared.tables.get(table));
  const distribution = await distributionOf(draft, change, asDeclared);
  const desired = distribution ? distributable(asDeclared, distribution) : asDeclared;
  draft.notices.push(...distributionNotices(asDeclared, desired));
  // A table may refer to itself: before it is there, it can neither be looked for nor be locked.
  const parents = desired.foreignKeys.map((key) => key.references.table).filter((parent) => parent !== table);
  for (const parent of parents) draft.refuse(...unloggedParents(draft, [await draft.table(parent)]));
  draft.addDeclared({ ...declared, tables: new Map(declared.tables).set(table, desired) }, [
    ...columns.flatMap((column) => createMissingEnum(before, column)),
    {
      purpose: `create table ${table}`,
      sql: createTableSql(desired),
      locks: parents.map((parent) => ({ table: parent, mode: 'SHARE ROW EXCLUSIVE' })),
      names: { table },
    },
    ...(distribution ? [distribute(draft, desired, distribution)] : []),
    ...indexes.map(({ name }) => createIndex(table, declaredIndex(desired, name), false)),
    ...commentsOfNew(desired),
  ]);
}

/** The name of a primary key, as PostgreSQL chooses it: a table that was renamed has kept the one that this would get. */
async function freeKeyName(draft: Draft, { table, namedFor = table }: CreateTable): Promise<string> {
  const { tables } = await draft.catalog();
  const taken = [...tables.values()].flatMap(ownedIndexes).map(({ name }) => name);
  for (let n = 0; ; n += 1) {
    const name = primaryKeyName(namedFor, n);
    if (!taken.includes(name) && (await draft.live.takenElsewhere([name])).length === 0) return name;
  }
}

async function convergeTable(draft: Draft, change: CreateTable): Promise<void> {
  const columns: ColumnDeclaration[] = [];
  for (const column of columnsOfTable(change)) columns.push(await withoutKeyOfLater(draft, column));
  const declared = await declareColumns(draft, change.table, columns);
  for (const column of columns) await planColumn(draft, column, declared);
  for (const constraint of change.constraints) await planAddConstraint(draft, constraint);
  for (const index of change.indexes) await planAddIndex(draft, index);
  await planTableComment(draft, change.table, change.comment);
  await undistributed(draft, change, await draft.table(change.table));
}

/**
 * Gives the primary key of a table its usual name, where the table was created while another one was kept aside, and the
 * key of that had the name. That table has been dropped by then.
 */
function restorePrimaryKeyName(draft: Draft, table: Table, keptAside: Table): void {
  const key = table.primaryKey;
  const asideName = keptAside.primaryKey?.name;
  if (!key || asideName === undefined) return;
  const name = originalName(asideName, draft.run.name);
  if (key.name === name) return;
  // And not RENAME CONSTRAINT, which Citus does not accept: the constraint is renamed with its index.
  const rename = `ALTER INDEX ${quoteIdentifier(key.name)} RENAME TO ${quoteIdentifier(name)}`;
  draft.add(alterStep(table.name, `rename primary key ${key.name}`, rename));
}
