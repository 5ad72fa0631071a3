import { addConstraintSql, type Constraint, type Index, indexNamed, type Table } from '../../catalog';
import { quoteIdentifier } from '../../postgres';
import { alterStep } from '../draft/alter';
import { indexDifferences } from '../draft/compare';
import type { Draft } from '../draft/draft';
import { duplicatesConflict } from '../indexes/duplicates';
import { addConstraintUsing, createIndex, dropIndex } from '../indexes/index-steps';
import { nameTaken } from '../indexes/name-taken';
import { buildOnPartitions, dropFromPartitions } from '../indexes/partitioned-index';

/** A unique constraint that is declared, and what is there of it. */
interface DeclaredUnique {
  readonly desired: Constraint;
  /** Where it is there, but a partition is without it. */
  readonly found: Constraint | undefined;
  readonly fields: readonly string[];
}

/**
 * Adds a unique constraint. On a table with rows its index is built concurrently, which does not block writes, and then
 * made into the constraint, which changes only the catalog; on a partitioned table on each partition. Refused where rows have
 * the same values.
 */
export async function addUnique(draft: Draft, table: Table, unique: DeclaredUnique): Promise<void> {
  const { desired, found, fields } = unique;
  const index = indexOf(desired, fields);
  const built = indexNamed(table, desired.name); // by a run that was cut short before the constraint was there
  const conflicts = [
    ...(built ? indexDifferences(index, built) : []),
    ...(await duplicatesConflict(draft, table, index)),
  ];
  if (draft.refuse(...conflicts)) return;
  const hasRows = await draft.rows.existIn(table);
  const isNew = !built && !found;
  if (hasRows && isNew && draft.refuse(...(await nameTaken(draft, table, desired.name)))) return;
  const isOnPartitions = draft.live.isPartitioned(table) && (found !== undefined || hasRows);
  if (!isOnPartitions) await buildUnique(draft, table, desired);
  else await buildOnPartitions(draft, table, { index, constraint: desired }, found !== undefined);
}

/** Drops a unique constraint of a partitioned table, and what was built of it on partitions. */
export function dropUniqueFromPartitions(draft: Draft, table: Table, constraint: Constraint): Promise<void> {
  return dropFromPartitions(draft, table, { index: indexOf(constraint, []), constraint });
}

/** Adds a unique constraint, where it is known that no rows have the same values, and no partitions have rows. */
export async function buildUnique(draft: Draft, table: Table, constraint: Constraint): Promise<void> {
  const isConcurrent = await draft.rows.existIn(table);
  const built = indexNamed(table, constraint.name);
  if (built && !built.valid) draft.add(dropIndex(table.name, built.name, isConcurrent));
  const isBuilt = built?.valid === true;
  if (isConcurrent && !isBuilt) draft.add(createIndex(table.name, indexOf(constraint, []), true));
  const using = isConcurrent || isBuilt;
  const add = using
    ? addConstraintUsing(table.name, constraint.name)
    : addConstraintSql(table.name, constraint);
  draft.add(alterStep(table.name, `add constraint ${constraint.name}`, add));
}

/** Whether an index is what a unique constraint is made of. */
export function isIndexOfUnique({ definition }: Constraint, index: Index): boolean {
  return index.unique && index.definition === definition.replace(/^UNIQUE/, 'btree');
}

/** The index of a constraint, which PostgreSQL has printed: `UNIQUE (name, "bornAt")`. */
function indexOf({ name, definition }: Constraint, fields: readonly string[]): Index {
  const keys = fields.map(quoteIdentifier);
  return {
    name,
    unique: true,
    definition: definition.replace(/^UNIQUE/, 'btree'),
    keys,
    predicate: null,
    file: null,
    valid: true,
  };
}
