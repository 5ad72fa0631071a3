import { type Column, columnNamed, type Inspection } from '../catalog';
import { type Difference, typeDifferences } from './compare';
import { columnSql } from './ddl';
import { withColumnChanged, withTableChanged } from './effects';
import type { ChangeColumn, ColumnAttributes } from '../vocabulary';
import { quoteIdentifier } from '../postgres';
import { fillStep } from './backfill';
import { foreignKeyRefusals, planForeignKey } from './foreign-keys';
import { createMissingEnum, enumDifferences } from './enums';
import { removableColumn } from './remove-column';
import { restore } from './keep-aside';
import { dropLeftoverNotNullChecks, hasUnfillableNulls, setNotNull } from './not-null';
import {
  existingTable,
  inOrder,
  notice,
  type Plan,
  refuseDifferences,
  declared,
  type Step,
  steps,
} from './step';

/** A column as a change declares it. */
interface ColumnDeclaration {
  readonly table: string;
  readonly column: string;
  readonly attributes: ColumnAttributes;
}

/** Adds the column where it is absent, and reconciles it where it exists. The same for the column's foreign key. */
export function planAddColumn(inspection: Inspection, declaration: ColumnDeclaration): Plan {
  return inOrder(inspection, [
    (before) => restore(before, removableColumn(before, declaration.table, declaration.column)),
    (before) => addOrConverge(before, declaration),
  ]);
}

function addOrConverge(inspection: Inspection, declaration: ColumnDeclaration): Plan {
  const { table, column } = declaration;
  const keys = declared(inspection.desired.tables.get(table), `table ${table}`).foreignKeys.filter(
    ({ columns }) => columns.join() === column,
  );
  refuseDifferences(inspection, [
    ...columnRefusals(inspection, declaration),
    ...keys.flatMap((key) => foreignKeyRefusals(inspection, table, key)),
  ]);
  return inOrder(inspection, [
    (before) => steps(...dropLeftoverNotNullChecks(existingTable(before, table))),
    (before) => convergeColumn(before, declaration),
    ...keys.map((key) => planForeignKey(table, key)),
  ]);
}

/** Reconciles a column, which has to exist. */
export function planChangeColumn(inspection: Inspection, change: ChangeColumn): Plan {
  const { table, column } = change;
  if (!columnNamed(existingTable(inspection, table), column)) {
    const what = `column ${table}.${column}`;
    refuseDifferences(inspection, [{ what, expected: 'that it is there', found: 'no such column' }]);
  }
  return planAddColumn(inspection, change);
}

/** In what a column conflicts with the declaration, so that the migration is refused. */
export function columnRefusals(inspection: Inspection, declaration: ColumnDeclaration): Difference[] {
  const { table, column, attributes } = declaration;
  const desired = desiredColumn(inspection, declaration);
  const found = columnNamed(existingTable(inspection, table), column);
  const what = `column ${table}.${column}`;
  const labels = enumDifferences(inspection, table, column, attributes);
  if (!found) {
    const unfillable = desired.notNull && desired.default === null && !desired.serial;
    if (!unfillable || !inspection.live.contents.withRows.has(table)) return labels;
    return [...labels, { what, expected: 'a value in every row', found: 'no such column, and rows' }];
  }
  return [
    ...labels,
    ...typeDifferences(table, desired, found),
    ...(hasUnfillableNulls(inspection, table, desired) && !attributes.backfill
      ? [{ what, expected: 'not null', found: 'nulls, and neither a default nor a backfill' }]
      : []),
  ];
}

/** The steps that reconcile a column which does not conflict with the declaration. */
export function convergeColumn(inspection: Inspection, declaration: ColumnDeclaration): Plan {
  const { table: name, column, attributes } = declaration;
  const desired = desiredColumn(inspection, declaration);
  const table = existingTable(inspection, name);
  const found = columnNamed(table, column);
  if (!found) return addColumn(inspection, declaration, desired);
  const alter = (action: string, sql: string, change: Partial<Column>): Step => ({
    purpose: `${action} ${name}.${column}`,
    sql: `ALTER TABLE ${quoteIdentifier(name)} ALTER COLUMN ${quoteIdentifier(column)} ${sql}`,
    locks: [{ table: name, mode: 'ACCESS EXCLUSIVE' }],
    effect: (catalog) => withColumnChanged(catalog, name, column, change),
  });
  const defaultChange = { default: desired.default };
  return steps(
    ...(desired.default === found.default || desired.serial
      ? []
      : desired.default === null
        ? [alter('drop the default of', 'DROP DEFAULT', defaultChange)]
        : [alter('set the default of', `SET DEFAULT ${desired.default}`, defaultChange)]),
    ...(desired.notNull && !found.notNull ? setNotNull(inspection, table, desired, attributes) : []),
    ...(found.notNull && !desired.notNull
      ? [alter('drop not null of', 'DROP NOT NULL', { notNull: false })]
      : []),
  );
}

/**
 * The steps that add a column. A default that is the same for all rows is stored once, in the catalog. With one that
 * is not, such as a random id, `ADD COLUMN` would rewrite the table under an ACCESS EXCLUSIVE lock (manual, ALTER
 * TABLE, Notes): where there are rows, the column is added without such a default, and filled in batches.
 */
function addColumn(inspection: Inspection, declaration: ColumnDeclaration, desired: Column): Plan {
  const { table, column, attributes } = declaration;
  const rewrites = desired.default !== null && !desired.isStored && !desired.serial;
  const isFilledLater = rewrites && inspection.live.contents.withRows.has(table);
  const added = isFilledLater ? { ...desired, default: null, notNull: false } : desired;
  const add = {
    purpose: `add column ${table}.${column}`,
    sql: `ALTER TABLE ${quoteIdentifier(table)} ADD COLUMN ${columnSql(added)}`,
    locks: [{ table, mode: 'ACCESS EXCLUSIVE' }],
    effect: (catalog) =>
      withTableChanged(catalog, table, ({ columns }) => ({ columns: [...columns, added] })),
  } satisfies Step;
  return inOrder(inspection, [
    () => steps(...createMissingEnum(inspection, table, column, attributes), add),
    (before) => (isFilledLater ? completeColumn(before, declaration, desired) : steps()),
  ]);
}

/** The steps for a column that was added without default and NOT NULL: they set both, and fill the rows. */
function completeColumn(inspection: Inspection, declaration: ColumnDeclaration, desired: Column): Plan {
  const table = existingTable(inspection, declaration.table);
  return inOrder(inspection, [
    (before) => convergeColumn(before, declaration),
    () => steps(...(desired.notNull ? [] : fillStep(table, desired, declaration.attributes))),
  ]);
}

function desiredColumn({ desired }: Inspection, { table, column }: ColumnDeclaration): Column {
  const desiredTable = declared(desired.tables.get(table), `table ${table}`);
  return declared(columnNamed(desiredTable, column), `column ${table}.${column}`);
}

export function planKeepColumn({ table, column }: ChangeColumn): Plan {
  return notice(`column ${table}.${column} stays as it is: what it was before is not known`);
}
