import type { Column, Table } from '../../catalog';
import type { ColumnDeclaration } from '../../vocabulary';
import { nullsOf } from '../constraints/not-null';
import { enumConflicts } from '../declared/enum-types';
import { type Difference, typeConflicts } from '../draft/compare';
import type { Draft } from '../draft/draft';
import { rewriteConflict } from './rewrites';

/** In what a column conflicts with the declaration, so that the migration is refused. */
export async function columnConflicts(
  draft: Draft,
  declaration: ColumnDeclaration,
  desired: Column,
  found: Column | undefined,
): Promise<Difference[]> {
  const { attributes } = declaration;
  const table = await draft.table(declaration.table);
  await assertBackfill(draft, table, attributes);
  const isFilled = desired.default !== null || desired.serial || attributes.backfill !== undefined;
  const isUnfillable = desired.notNull && !isFilled && desired.generated === null;
  const nulls = found && isUnfillable && !found.notNull ? await nullsOf(draft, table, found) : [];
  return [
    ...enumConflicts(await draft.catalog(), declaration),
    ...primaryKeyConflicts(table, declaration),
    ...(found
      ? [...typeConflicts(table.name, desired, found), ...nulls]
      : await missingConflicts(draft, table, desired, isUnfillable)),
  ];
}

/** @param isUnfillable it is to be NOT NULL, and nothing says what to fill it with */
async function missingConflicts(
  draft: Draft,
  table: Table,
  desired: Column,
  isUnfillable: boolean,
): Promise<Difference[]> {
  const hasRows = await draft.rows.existIn(table);
  if (hasRows && (desired.generated !== null || desired.serial)) return [rewriteConflict(table, desired)];
  // Also on a table without rows: what passes in CI has to pass in production.
  if (!isUnfillable || (!draft.live.has(table) && !hasRows)) return [];
  const rows = hasRows ? ', and rows' : ', and a table that has rows elsewhere';
  return [
    {
      what: `column ${table.name}.${desired.name}`,
      expected: 'a value in every row',
      found:
        `no such column${rows}: give it a default, or fill it, ` +
        `schema.addColumn('${table.name}', '${desired.name}', { …, allowNull: false, backfill: literal('…') })`,
    },
  ];
}

/** That a column is to be the primary key, and is not: a table gets its key when it is created. */
function primaryKeyConflicts(table: Table, { column, attributes }: ColumnDeclaration): Difference[] {
  const columns = table.primaryKey?.columns ?? [];
  if (!attributes.primaryKey || columns.includes(column)) return [];
  const found = columns.length > 0 ? `the primary key ${columns.join(', ')}` : 'no primary key';
  return [{ what: `column ${table.name}.${column}`, expected: 'the primary key', found }];
}

/**
 * Fails where PostgreSQL does not accept a backfill, so that this is not found out when the column is there already. One
 * that reads other tables is not asked for: of those there may be no shadow, or one that has other columns by now.
 */
async function assertBackfill(
  draft: Draft,
  table: Table,
  { backfill }: ColumnDeclaration['attributes'],
): Promise<void> {
  const expression = backfill && String(backfill.val);
  if (expression === undefined || /\bselect\b/i.test(expression)) return;
  await draft.rows.find(table, `false AND (${expression}) IS NULL`);
}
