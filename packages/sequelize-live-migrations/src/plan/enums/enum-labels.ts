import { type Column, type EnumType, enumTypeOf } from '../../catalog';
import { quoteIdentifier, quoteLiteral, quoteLiterals } from '../../postgres';
import { bracketsOf, type ChangeColumn, enumLabelsOf } from '../../vocabulary';
import { isSubsequence } from '../declared/enum-types';
import type { Difference } from '../draft/compare';
import type { Draft } from '../draft/draft';

/**
 * Adds the labels that the enum type of a column lacks. PostgreSQL does it without touching a row or a table, but the
 * transaction that adds a label may not use it yet (manual, ALTER TYPE): so that is one of its own.
 *
 * @returns the change, with the type under the name that it has. For which column Sequelize would give that does not
 *   matter: this one may have been renamed since, and its table, too.
 */
export async function withLabels(draft: Draft, change: ChangeColumn, found: Column): Promise<ChangeColumn> {
  const { table, column, attributes } = change;
  const labels = enumLabelsOf(attributes);
  const type = enumTypeOf(await draft.catalog(), found);
  if (!labels || !type?.name.startsWith('enum_')) return change;
  if (!draft.isChangedLater(table, column)) await planLabels(draft, change, type, labels);
  return {
    ...change,
    attributes: { ...attributes, type: quoteIdentifier(type.name) + bracketsOf(attributes) },
  };
}

async function planLabels(
  draft: Draft,
  change: ChangeColumn,
  type: EnumType,
  declared: readonly string[],
): Promise<void> {
  const { name, labels: found } = type;
  const missing = declared.filter((label) => !found.includes(label));
  const more = found.filter((label) => !declared.includes(label));
  if (isSubsequence(declared, found)) {
    const before = draft.declaredBefore(change.table, change.column);
    const removed =
      (before && enumLabelsOf(before.attributes))?.filter((label) => more.includes(label)) ?? [];
    if (removed.length > 0) draft.refuse(labelsRemoved(change, type, declared, removed));
    else if (more.length > 0)
      draft.notice(`enum type ${name} keeps ${more.join(', ')}: PostgreSQL removes no label`);
    return;
  }
  if (!isSubsequence(found, declared)) {
    draft.refuse(labelsConflict(change, type, declared));
    return;
  }
  const step = {
    purpose: `add ${missing.join(', ')} to enum type ${name}`,
    sql: missing.map((label) => addLabelSql(name, label, declared, found)).join(';\n'),
    transaction: 'alone',
  } as const;
  await draft.addLabels(step, { name, labels: declared });
}

/** Adds a label after the one before it, which is there by then, or before the first one that is there. */
function addLabelSql(
  type: string,
  label: string,
  labels: readonly string[],
  found: readonly string[],
): string {
  const before = labels[labels.indexOf(label) - 1];
  const place =
    before === undefined ? `BEFORE ${quoteLiteral(found[0] ?? '')}` : `AFTER ${quoteLiteral(before)}`;
  return `ALTER TYPE ${quoteIdentifier(type)} ADD VALUE IF NOT EXISTS ${quoteLiteral(label)} ${place}`;
}

/** What to write instead of fewer labels than the migrations before declare. */
function labelsRemoved(
  { table, column }: ChangeColumn,
  { name, labels }: EnumType,
  declared: readonly string[],
  removed: readonly string[],
): Difference {
  const args = quoteLiterals([table, column]);
  return {
    what: `enum type ${name}`,
    expected: declared.join(', '),
    found:
      `${labels.join(', ')}. PostgreSQL removes no label, and rows may have ${removed.join(', ')}. Leave it in the type, and ` +
      `have the application not write it any more: schema.changeColumn(${args}, ` +
      `{ …, type: DataTypes.ENUM(${quoteLiterals(labels)}) }). For the rows that have it: ` +
      `schema.bulkUpdate(${quoteLiteral(table)}, { ${column}: … }, { ${column}: [${quoteLiterals(removed)}] })`,
  };
}

/** What to write instead of labels that are in another order, or without one that is there. */
function labelsConflict(
  { table, column }: ChangeColumn,
  { name, labels }: EnumType,
  declared: readonly string[],
): Difference {
  const missing = declared.filter((label) => !labels.includes(label));
  const gone = labels.filter((label) => !declared.includes(label));
  const [from, to] = [gone[0], missing[0]];
  const isRename = gone.length === 1 && missing.length === 1 && from !== undefined && to !== undefined;
  const args = quoteLiterals([table, column]);
  const corrected = quoteLiterals(mergedLabels(labels, declared));
  const rename = isRename
    ? `, or, for another name, schema.renameEnumValue(${args}, ${quoteLiteral(from)}, ${quoteLiteral(to)})`
    : '';
  return {
    what: `enum type ${name}`,
    expected: declared.join(', '),
    found:
      `${labels.join(', ')}. PostgreSQL adds labels, but neither removes nor moves one. Write ` +
      `schema.changeColumn(${args}, { …, type: DataTypes.ENUM(${corrected}) })${rename}`,
  };
}

/** The labels that are there, with each one that is declared as well after the one that it is declared after. */
export function mergedLabels(labels: readonly string[], declared: readonly string[]): string[] {
  const all = [...labels];
  declared.forEach((label, n) => {
    if (!all.includes(label)) all.splice(all.indexOf(declared[n - 1] ?? '') + 1, 0, label);
  });
  return all;
}
