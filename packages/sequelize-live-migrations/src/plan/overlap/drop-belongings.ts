import { type ForeignKey, hasSameActions, type Key, referencesSame } from '../../catalog';
import { quoteIdentifier } from '../../postgres';
import { dropForeignKey } from '../constraints/foreign-key-steps';
import { alterStep, alterTable, dropConstraint } from '../draft/alter';
import type { Draft } from '../draft/draft';
import { dropIndex } from '../indexes/index-steps';
import { copyName, otherOf, type Overlap } from '../recognised/overlap';
import { ownedConstraints } from '../rename/rename-along';
import {
  type Belongings,
  belongingsOf,
  type Referring,
  referringInstead,
  referringTo,
  renameBelonging,
} from './belongings';

/**
 * Drops the indexes and constraints of a column, and gives their names to those that have been made like them, if it is the
 * first one of the two.
 */
export async function dropBelongings(draft: Draft, overlap: Overlap, gone: string): Promise<void> {
  const { table: name } = overlap;
  const table = await draft.table(name);
  const belongings = await belongingsOf(draft, table, gone);
  const { indexes, constraints, primaryKey } = belongings;
  const keys = await foreignKeysOf(draft, overlap, belongings, gone);
  for (const { table: child, key } of keys) draft.add(dropForeignKey(await draft.table(child), key));
  draft.add(
    ...[...constraints, ...(primaryKey ? [primaryKey] : [])].map((one) => dropConstraint(name, one.name)),
    ...indexes.map((index) => dropIndex(name, index.name, false)),
  );
  if (gone === overlap.target) return;
  for (const { name: original } of [...indexes, ...constraints, ...(primaryKey ? [primaryKey] : [])]) {
    await renameBelonging(draft, name, copyName(original), original);
  }
  for (const key of keys) await renameTwin(draft, key);
  if (primaryKey) draft.add(primaryKeyUsingIndex(name, primaryKey));
}

/** A foreign key that goes, and the one of the other column that is like it. */
interface Twins extends Referring {
  readonly twin: ForeignKey;
}

async function foreignKeysOf(
  draft: Draft,
  overlap: Overlap,
  { foreignKeys }: Belongings,
  gone: string,
): Promise<Twins[]> {
  const { table, conversion } = overlap;
  const kept = otherOf(overlap, gone);
  const own = foreignKeys.map((key) => ({
    table,
    key,
    twin: { ...key, columns: key.columns.map((column) => (column === gone ? kept : column)) },
  }));
  const referring = conversion ? await referringTo(draft, table, gone) : [];
  return [...own, ...referring.map((one) => ({ ...one, twin: referringInstead(one.key, gone, kept) }))];
}

async function renameTwin(draft: Draft, { table: name, key, twin }: Twins): Promise<void> {
  const table = await draft.table(name);
  const found = table.foreignKeys.find(
    (other) => referencesSame(other, twin) && hasSameActions(other, twin) && other.name !== key.name,
  );
  const renamed = ownedConstraints(table).find((owned) => owned.name === found?.name);
  if (renamed)
    draft.add(alterStep(name, `rename ${renamed.name} to ${key.name}`, renamed.renameSql(key.name)));
}

/** The step that makes an index the primary key, which changes only the catalog where no column may be null. */
function primaryKeyUsingIndex(table: string, { name }: Key) {
  const key = quoteIdentifier(name);
  const action = `ADD CONSTRAINT ${key} PRIMARY KEY USING INDEX ${key}`;
  return alterTable(table, `add primary key ${name}`, action);
}
