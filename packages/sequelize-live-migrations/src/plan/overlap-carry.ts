import { columnNamed, constraintNamed, indexNamed, type Table } from '../catalog';
import { quoteIdentifier } from '../postgres';
import { columnComment } from './comments';
import { addNotValid } from './constraints';
import type { Draft } from './draft';
import { addForeignKey } from './foreign-keys';
import { createIndex, dropIndex } from './index-steps';
import { dropLeftoverNotNullChecks, setNotNull } from './not-null';
import { copyName, type Overlap } from './overlap';
import { type Belongings, belongingsMovedTo } from './overlap-belongings';
import { rowBatches } from './row-batches';
import { buildUnique } from './unique-constraints';
import { validateConstraint } from './validate-constraint';

/**
 * Adds the steps after which a column has all that the one has which it overlaps with: the values of the rows, and then the
 * comment, the indexes, the constraints and NOT NULL. Nothing where it has all of it.
 *
 * @param isNew whether the plan itself adds the column, or makes it equal
 */
export async function carryOver(draft: Draft, overlap: Overlap, isNew: boolean): Promise<void> {
  const table = await draft.table(overlap.table);
  const source = columnNamed(table, overlap.source);
  const target = columnNamed(table, overlap.target);
  if (!source || !target) return;
  if (source.comment !== null && target.comment === null) {
    draft.add(columnComment(table.name, target.name, source.comment));
  }
  await fill(draft, table, overlap, isNew);
  draft.add(...dropLeftoverNotNullChecks(table));
  const belongings = await belongingsMovedTo(draft, table, source.name, target.name);
  await carryIndexes(draft, belongings, table.name);
  await carryConstraints(draft, belongings, table.name);
  if (source.notNull && !target.notNull) {
    await setNotNull(draft, await draft.table(table.name), target, []);
  }
}

async function fill(draft: Draft, table: Table, { source, target }: Overlap, isNew: boolean): Promise<void> {
  const name = quoteIdentifier(table.name);
  const value = `${name}.${quoteIdentifier(source)}`;
  const condition = `record_image_ne(ROW(${name}.${quoteIdentifier(target)}), ROW(${value}))`;
  const isToFill = isNew
    ? await draft.rows.existIn(table)
    : (await isLive(draft, table, target)) && (await draft.rows.find(table, condition));
  if (!isToFill) return;
  const statement = `UPDATE ${name} SET ${quoteIdentifier(target)} = ${value} FROM`;
  draft.add({
    purpose: `fill ${table.name}.${target} from ${table.name}.${source}`,
    ...rowBatches({ table, condition, statement, isLeft: condition }),
  });
}

/** Whether a column is there already, and not only when the plan before this one is done, which has filled it by then. */
async function isLive(draft: Draft, table: Table, name: string): Promise<boolean> {
  const column = columnNamed(table, name);
  return column !== undefined && (await draft.usesOf(table, column)) !== undefined;
}

async function carryIndexes(draft: Draft, { indexes }: Belongings, name: string): Promise<void> {
  for (const index of indexes) {
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
async function carryConstraints(
  draft: Draft,
  { constraints, foreignKeys }: Belongings,
  name: string,
): Promise<void> {
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
  for (const key of foreignKeys) {
    const table = await draft.table(name);
    const copy = { ...key, name: copyName(key.name), valid: false };
    const found = table.foreignKeys.find((other) => other.name === copy.name);
    if (!found) draft.add(addForeignKey(table, copy));
    if (key.valid && found?.valid !== true) {
      draft.add(validateConstraint(table, copy.name, `validate foreign key ${copy.name}`));
    }
  }
}
