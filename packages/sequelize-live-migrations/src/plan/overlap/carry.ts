import { constraintNamed, type ForeignKey, indexNamed, referencesSame, type Table } from '../../catalog';
import { quoteIdentifier } from '../../postgres';
import { addForeignKey, convergeForeignKey } from '../constraints/foreign-key-steps';
import { dropLeftoverNotNullChecks, setNotNull } from '../constraints/not-null';
import { buildUnique } from '../constraints/unique-constraints';
import { addNotValid, validateConstraint } from '../constraints/constraint-steps';
import type { AddConstraint, AddIndex, Change } from '../../vocabulary';
import { columnIn } from '../declared/as-declared';
import { columnComment } from '../declared/comments';
import type { Draft } from '../draft/draft';
import { createIndex, dropIndex } from '../indexes/index-steps';
import { copyName, type Overlap, targetValueSql } from '../recognised/overlap';
import { rowBatches } from '../rows/row-batches';
import {
  type Belongings,
  belongingsMovedTo,
  indexOfPrimaryKey,
  referringInstead,
  referringTo,
} from './belongings';
import { withoutOwn } from './new-name';

/**
 * Adds the steps after which a column has all that the one has which it overlaps with: the values of the rows, and then the
 * comment, the indexes, the constraints and NOT NULL. Nothing where it has all of it.
 *
 * @param isNew whether the plan itself adds the column, or makes it equal
 */
export async function carryOver(draft: Draft, overlap: Overlap, isNew: boolean): Promise<void> {
  const { table, source, target } = await pairOf(draft, overlap);
  if (source.comment !== null && target.comment === null) {
    draft.add(columnComment(table.name, target.name, source.comment));
  }
  await fill(draft, table, overlap, isNew);
  draft.add(...dropLeftoverNotNullChecks(table));
  await carryBelongings(draft, overlap);
}

/** The same without the values, which triggers keep equal. */
export async function carryBelongings(draft: Draft, overlap: Overlap): Promise<void> {
  const { table, source, target } = await pairOf(draft, overlap);
  const belongings = sharedOf(
    draft,
    overlap,
    await belongingsMovedTo(draft, table, source.name, target.name),
  );
  await carryIndexes(draft, belongings, table.name);
  await carryConstraints(draft, belongings, table.name);
  for (const key of belongings.foreignKeys) await carryForeignKey(draft, table.name, key);
  if (overlap.conversion) await carryReferring(draft, overlap);
  if (source.notNull && !target.notNull) {
    await setNotNull(draft, await draft.table(table.name), target, []);
  }
}

/**
 * What belongs to the source without what only that is to have, and without what later migrations, which have run, have given
 * it: of that, the end of the overlap makes the copies.
 */
function sharedOf(draft: Draft, overlap: Overlap, { primaryKey, ...belongings }: Belongings): Belongings {
  const isOfLater = ({ name }: { readonly name: string }) =>
    draft.later.some((change) => isMaking(change) && change.table === overlap.table && change.name === name);
  const shared = <T extends { readonly name: string }>(all: readonly T[]) =>
    withoutOwn(draft, overlap, all).filter((one) => overlap.conversion !== undefined || !isOfLater(one));
  return {
    indexes: shared(belongings.indexes),
    constraints: shared(belongings.constraints),
    foreignKeys: shared(belongings.foreignKeys),
    primaryKey,
  };
}

function isMaking(change: Change): change is AddIndex | AddConstraint {
  return change.kind === 'addIndex' || change.kind === 'addConstraint';
}

/** The two columns of an overlap. */
async function pairOf(draft: Draft, overlap: Overlap) {
  const table = await draft.table(overlap.table);
  return { table, source: columnIn(table, overlap.source), target: columnIn(table, overlap.target) };
}

async function fill(draft: Draft, table: Table, overlap: Overlap, isNew: boolean): Promise<void> {
  const { source, target } = overlap;
  const name = quoteIdentifier(table.name);
  const value = targetValueSql(overlap, `${name}.${quoteIdentifier(source)}`);
  const condition = `record_image_ne(ROW(${name}.${quoteIdentifier(target)}), ROW(${value}))`;
  // A column that is not there yet is filled by the plan before this one.
  const isThere = draft.live.hasColumn(table, columnIn(table, target));
  const isToFill = isNew
    ? await draft.rows.existIn(table)
    : isThere && (await draft.rows.find(table, condition));
  if (!isToFill) return;
  const statement = `UPDATE ${name} SET ${quoteIdentifier(target)} = ${value} FROM`;
  draft.add({
    purpose: `fill ${table.name}.${target} from ${table.name}.${source}`,
    ...rowBatches({ table, condition, statement, isLeft: condition }),
  });
}

async function carryIndexes(draft: Draft, { indexes, primaryKey }: Belongings, name: string): Promise<void> {
  for (const index of [...(primaryKey ? [indexOfPrimaryKey(primaryKey)] : []), ...indexes]) {
    const table = await draft.table(name);
    const copy = { ...index, name: copyName(index.name), valid: true };
    const found = indexNamed(table, copy.name);
    if (found?.valid) continue;
    const isConcurrent = await draft.rows.existIn(table);
    if (found) draft.add(dropIndex(name, found.name, isConcurrent));
    draft.add(createIndex(name, copy, isConcurrent));
  }
}

/** A constraint that is NOT VALID stays so. */
async function carryConstraints(draft: Draft, { constraints }: Belongings, name: string): Promise<void> {
  for (const constraint of constraints) {
    const table = await draft.table(name);
    const copy = { ...constraint, name: copyName(constraint.name) };
    const found = constraintNamed(table, copy.name);
    if (constraint.type === 'u' && !found) await buildUnique(draft, table, copy);
    if (constraint.type !== 'c') continue;
    if (!found) draft.add(addNotValid(table, copy));
    if (constraint.valid && found?.valid !== true) {
      draft.add(validateConstraint(table, copy.name, `validate constraint ${copy.name}`));
    }
  }
}

/** The foreign keys that refer to the source refer to the target as well. */
async function carryReferring(draft: Draft, { table, source, target }: Overlap): Promise<void> {
  for (const { table: child, key } of await referringTo(draft, table, source)) {
    await carryForeignKey(draft, child, referringInstead(key, source, target));
  }
}

/** Adds a foreign key like one that is there already, under another name. One that is NOT VALID stays so. */
async function carryForeignKey(draft: Draft, name: string, key: ForeignKey): Promise<void> {
  const table = await draft.table(name);
  const alike = table.foreignKeys.filter((other) => referencesSame(other, key));
  const copy = { ...key, name: alike[0]?.name ?? freeCopyName(table, key.name) };
  if (key.valid)
    draft.add(...convergeForeignKey(table, copy, { canBeNotValid: true, canBeRenamed: !draft.place.citus }));
  else if (alike.length === 0) draft.add(addForeignKey(table, copy));
}

/** A foreign key may have copies for a column that it is of, and for one that it refers to. */
function freeCopyName(table: Table, name: string): string {
  const copy = copyName(name);
  const isTaken = table.foreignKeys.some((key) => key.name === copy);
  return isTaken ? freeCopyName(table, copy) : copy;
}
