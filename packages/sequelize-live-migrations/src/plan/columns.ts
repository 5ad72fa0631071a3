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
import { dropLeftNotNullChecks, hasNullsThatNothingFills, setNotNull } from './not-null';
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

/** What a statement says of one column. */
interface ColumnStatement {
  readonly table: string;
  readonly column: string;
  readonly attributes: ColumnAttributes;
}

/** Adds the column where it is absent, brings it into line where it is there; its foreign key likewise. */
export function planAddColumn(inspection: Inspection, statement: ColumnStatement): Plan {
  return inOrder(inspection, [
    (before) => restore(before, removableColumn(before, statement.table, statement.column)),
    (before) => addOrConverge(before, statement),
  ]);
}

function addOrConverge(inspection: Inspection, statement: ColumnStatement): Plan {
  const { table, column } = statement;
  const keys = declared(inspection.desired.tables.get(table), `table ${table}`).foreignKeys.filter(
    ({ columns }) => columns.join() === column,
  );
  refuseDifferences(inspection, [
    ...columnRefusals(inspection, statement),
    ...keys.flatMap((key) => foreignKeyRefusals(inspection, table, key)),
  ]);
  return inOrder(inspection, [
    (before) => steps(...dropLeftNotNullChecks(existingTable(before, table))),
    (before) => convergeColumn(before, statement),
    ...keys.map((key) => planForeignKey(table, key)),
  ]);
}

/** The same, for a column that has to be there. */
export function planChangeColumn(inspection: Inspection, statement: ChangeColumn): Plan {
  const { table, column } = statement;
  if (!columnNamed(existingTable(inspection, table), column)) {
    const what = `column ${table}.${column}`;
    refuseDifferences(inspection, [{ what, expected: 'that it is there', found: 'no such column' }]);
  }
  return planAddColumn(inspection, statement);
}

/** What about a column must not be guessed, and so stops the migration. */
export function columnRefusals(inspection: Inspection, statement: ColumnStatement): Difference[] {
  const { table, column, attributes } = statement;
  const desired = desiredColumn(inspection, statement);
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
    ...(hasNullsThatNothingFills(inspection, table, desired) && !attributes.backfill
      ? [{ what, expected: 'not null', found: 'nulls, and nothing that says what to fill them with' }]
      : []),
  ];
}

/** The steps for a column about which nothing has to be refused. */
export function convergeColumn(inspection: Inspection, statement: ColumnStatement): Plan {
  const { table: name, column, attributes } = statement;
  const desired = desiredColumn(inspection, statement);
  const table = existingTable(inspection, name);
  const found = columnNamed(table, column);
  if (!found) return addColumn(inspection, statement, desired);
  const alter = (what: string, sql: string, change: Partial<Column>): Step => ({
    purpose: `${what} ${name}.${column}`,
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
 * A default that is the same for all rows is stored once, in the catalog. One that is not, like a random id,
 * would have the table rewritten under its lock (manual, ALTER TABLE, Notes): where there are rows, such a
 * column is added without it, and filled in batches.
 */
function addColumn(inspection: Inspection, statement: ColumnStatement, desired: Column): Plan {
  const { table, column, attributes } = statement;
  const rewrites = desired.default !== null && !desired.isStored && !desired.serial;
  const isBare = rewrites && inspection.live.contents.withRows.has(table);
  const added = isBare ? { ...desired, default: null, notNull: false } : desired;
  const add = {
    purpose: `add column ${table}.${column}`,
    sql: `ALTER TABLE ${quoteIdentifier(table)} ADD COLUMN ${columnSql(added)}`,
    locks: [{ table, mode: 'ACCESS EXCLUSIVE' }],
    effect: (catalog) => withTableChanged(catalog, table, (t) => ({ columns: [...t.columns, added] })),
  } satisfies Step;
  return inOrder(inspection, [
    () => steps(...createMissingEnum(inspection, table, column, attributes), add),
    (before) => (isBare ? fillNew(before, statement, desired) : steps()),
  ]);
}

/** Gives a column that was added bare what it is to have, and every row a value. */
function fillNew(inspection: Inspection, statement: ColumnStatement, desired: Column): Plan {
  const table = existingTable(inspection, statement.table);
  return inOrder(inspection, [
    (before) => convergeColumn(before, statement),
    () => steps(...(desired.notNull ? [] : fillStep(table, desired, statement.attributes))),
  ]);
}

function desiredColumn({ desired }: Inspection, { table, column }: ColumnStatement): Column {
  const its = declared(desired.tables.get(table), `table ${table}`);
  return declared(columnNamed(its, column), `column ${table}.${column}`);
}

export function planKeepColumn({ table, column }: ChangeColumn): Plan {
  return notice(`column ${table}.${column} stays as it is: what it was before is not recorded`);
}
