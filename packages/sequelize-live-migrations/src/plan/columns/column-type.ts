import { type Column, columnNamed, type Constraint, indexNamed, isIdentity, type Table } from '../../catalog';
import { quoteIdentifier, quoteLiteral } from '../../postgres';
import { conditionOf } from '../constraints/constraint-steps';
import { typeSql } from '../declared/column-sql';
import { alterColumnSql, locksWithKeys } from '../draft/alter';
import type { Difference } from '../draft/compare';
import type { Draft } from '../draft/draft';
import type { Step } from '../draft/step';
import { ownedByColumn } from '../kept-aside/removable-column';
import { takePlace } from '../overlap/take-place';
import { containsType, isLossless, lengthOf, newColumnInstead } from '../draft/types';
import { conversionOf } from '../recognised/overlap';

/**
 * Plans that a column gets the type which a `changeColumn` declares. Done is what changes only the catalog: a longer varchar,
 * or text for a varchar. A type that holds more than the declared one stays: the database is ahead.
 *
 * @returns the column with the type that it has by then; undefined where the change is refused
 */
export async function changeType(
  draft: Draft,
  table: Table,
  desired: Column,
  found: Column,
): Promise<Column | undefined> {
  const isOfOtherValues =
    desired.generated !== found.generated && !(isIdentity(desired) && isIdentity(found));
  const isOtherwise = desired.serial !== found.serial || isOfOtherValues;
  if (isOtherwise || desired.type === found.type) return found;
  const prepared = conversionOf(table, found.name);
  if (prepared?.conversion.to === desired.type) {
    const isDone = await takePlace(draft, prepared);
    return isDone ? columnNamed(await draft.table(table.name), found.name) : undefined;
  }
  if (containsType(found.type, desired.type)) {
    const narrowing = narrowedFrom(draft, table, desired);
    if (narrowing !== undefined) {
      draft.refuse(narrowing);
      return undefined;
    }
    draft.notice(
      `column ${table.name}.${found.name} stays ${found.type}, which holds all of ${desired.type}`,
    );
    return found;
  }
  const isWider = found.type.startsWith('character varying') && containsType(desired.type, found.type);
  const step = alterType(table, desired);
  const reason = isWider ? await reasonToRefuse(draft, table, found, step) : insteadOf(table, desired, found);
  if (reason !== undefined) {
    const what = `column ${table.name}.${found.name}`;
    draft.refuse({ what, expected: `type ${desired.type}`, found: `type ${found.type}. ${reason}` });
    return undefined;
  }
  draft.add(step);
  return columnNamed(await draft.table(table.name), found.name);
}

/** Why a shorter type than the migrations before declare is refused; undefined where the database is only ahead. */
function narrowedFrom(draft: Draft, { name: table }: Table, { name, type }: Column): Difference | undefined {
  const before = draft.declaredBefore(table, name);
  const longer = before && lengthOf(typeSql(draft.sequelize, before));
  const length = lengthOf(type);
  if (longer === undefined || length === undefined || longer <= length) return undefined;
  const condition = JSON.stringify(`length(${quoteIdentifier(name)}) <= ${String(length)}`);
  const args = `${quoteLiteral(table)}, { type: 'check', name: '…', where: literal(${condition}) }`;
  return {
    what: `column ${table}.${name}`,
    expected: `type ${type}`,
    found:
      'a longer one. PostgreSQL would read all rows, while nobody else can use the table. Keep the type, and check the ' +
      `length instead: schema.addConstraint(${args})`,
  };
}

function alterType(table: Table, { name: column, type }: Column): Step {
  return {
    purpose: `change the type of ${table.name}.${column} to ${type}`,
    sql: alterColumnSql(table.name, column, `TYPE ${type}`),
    locks: locksWithKeys(table, column),
  };
}

/**
 * Why even a wider type is not for a live table: PostgreSQL would verify a check of the column by reading all rows, or build
 * an index again, under an ACCESS EXCLUSIVE lock; or it does not change the type at all.
 */
async function reasonToRefuse(
  draft: Draft,
  table: Table,
  column: Column,
  step: Step,
): Promise<string | undefined> {
  const dependents = (await draft.dependentsOn(table, column)).join(', ');
  if (dependents)
    return `PostgreSQL changes no type on which something depends: drop ${dependents} before, and create it after that`;
  const owned = (await ownedByColumn(draft, table, column.name)).map(({ name }) => name);
  const children = await tablesReferring(draft, table, column, owned);
  if (children.length > 0) {
    return `Foreign keys of ${children.join(', ')} refer to it, or to another key of the table, and all these tables would be locked: do it by hand, at a quiet hour`;
  }
  const check = table.constraints.find(({ name, type }) => type === 'c' && owned.includes(name));
  if (check) return insteadOfVerifying(table, check);
  const { tables } = await draft.declare({ statements: [step.sql] });
  const after = tables.get(table.name);
  if (after?.file !== table.file) return insteadOf(table, column, column);
  const rebuilt = table.indexes.find(({ name, file }) => indexNamed(after, name)?.file !== file);
  if (!rebuilt) return undefined;
  return (
    `The index ${rebuilt.name} would be built again, while nobody else can use the table. Write a removeIndex of it ` +
    'before the changeColumn, and an addIndex after it'
  );
}

/** The tables whose foreign keys refer to a column, or may: what one without a shadow refers to is not known. */
async function tablesReferring(
  draft: Draft,
  table: Table,
  column: Column,
  owned: readonly string[],
): Promise<string[]> {
  const unique = [
    ...table.constraints.filter(({ type }) => type === 'u'),
    ...table.indexes.filter((index) => index.unique),
  ];
  const isKey = table.primaryKey?.columns.includes(column.name) === true;
  if (!isKey && !unique.some(({ name }) => owned.includes(name))) return [];
  const referring: string[] = [];
  for (const { kind, relation } of draft.live.dependentsOf(table)) {
    const keys = (await draft.find(relation))?.foreignKeys;
    const refersTo = keys?.filter(({ references }) => references.table === table.name);
    const isKnownNot =
      refersTo?.every(({ references }) => !references.columns.includes(column.name)) === true;
    if (kind === 'the foreign key of' && !isKnownNot) referring.push(relation);
  }
  return referring;
}

function insteadOfVerifying({ name: table }: Table, check: Constraint): string {
  const where = `literal(${JSON.stringify(conditionOf(check))})`;
  const args = `${quoteLiteral(table)}, { type: 'check', name: ${quoteLiteral(check.name)}, where: ${where} }`;
  return (
    `The check ${check.name} would be verified by reading all rows, while nobody else can use the table. Write ` +
    `schema.removeConstraint(${args}) before the changeColumn, and schema.addConstraint(${args}) after it`
  );
}

/** Why a type is not changed, and what to write instead. */
function insteadOf({ name: table }: Table, desired: Column, { name: column, type }: Column): string {
  if (isLossless({ from: type, to: desired.type })) return preparedFirst(table, column, desired.type);
  return (
    'PostgreSQL would read or write the whole table, while nobody else can use it. ' +
    newColumnInstead(table, column, desired.type)
  );
}

function preparedFirst(table: string, column: string, type: string): string {
  const args = `${quoteLiteral(table)}, ${quoteLiteral(column)}, { type: ${quoteLiteral(type)} }`;
  return (
    'PostgreSQL would write the whole table, while nobody else can use it. Prepare the type in a migration before this one, ' +
    `schema.changeColumn(${args}, { overlap: true }), and run this one when each release that runs can read it`
  );
}
