import { addConstraintSql, type Constraint, type Index, indexNamed, type Table } from '../../catalog';
import { quoteIdentifier } from '../../postgres';
import { alterStep, alterTableSql } from '../draft/alter';
import { indexDifferences } from '../draft/compare';
import type { Draft } from '../draft/draft';
import { duplicatesConflict } from '../indexes/duplicates';
import { createIndex, dropIndex } from '../indexes/index-steps';
import { partitionedConflict } from '../indexes/partitioned-index';

/**
 * Adds a unique constraint. On a table with rows its index is built concurrently, which does not block writes, and then
 * made into the constraint, which changes only the catalog (manual, ALTER TABLE, ADD table_constraint_using_index). Refused
 * where rows have the same values.
 */
export async function addUnique(
  draft: Draft,
  table: Table,
  constraint: Constraint,
  fields: readonly string[],
): Promise<void> {
  const index = indexOf(constraint, fields);
  const built = indexNamed(table, constraint.name); // by a run that was cut short before the constraint was there
  const conflicts = [
    ...(built ? indexDifferences(index, built) : []),
    ...(await duplicatesConflict(draft, table, index)),
  ];
  if (draft.refuse(...conflicts)) return;
  if (draft.live.isPartitioned(table) && (await draft.rows.existIn(table))) {
    draft.refuse(partitionedConflict(table, index, addConstraintSql(table.name, constraint, 'ONLY ')));
    return;
  }
  await buildUnique(draft, table, constraint);
}

/** The same where it is known that no rows have the same values. */
export async function buildUnique(draft: Draft, table: Table, constraint: Constraint): Promise<void> {
  const isConcurrent = await draft.rows.existIn(table);
  const built = indexNamed(table, constraint.name);
  if (built && !built.valid) draft.add(dropIndex(table.name, built.name, isConcurrent));
  const isBuilt = built?.valid === true;
  if (isConcurrent && !isBuilt) draft.add(createIndex(table.name, indexOf(constraint, []), true));
  const name = quoteIdentifier(constraint.name);
  const using = alterTableSql(table.name, `ADD CONSTRAINT ${name} UNIQUE USING INDEX ${name}`);
  const add = isConcurrent || isBuilt ? using : addConstraintSql(table.name, constraint);
  draft.add(alterStep(table.name, `add constraint ${constraint.name}`, add));
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
