import { type Constraint, constraintNamed, indexNamed, type Table } from '../../catalog';
import type { AddConstraint } from '../../vocabulary';
import { onShadow } from '../declared/as-declared';
import { declareConstraint } from '../declared/declarations';
import { dropConstraint } from '../draft/alter';
import { difference, foreignKeyInWords, keyInWords } from '../draft/compare';
import type { Draft } from '../draft/draft';
import { isMadeAgain } from '../draft/made-again';
import { violationsWhere } from '../draft/violations';
import { dropKeysTo } from '../indexes/keys-to-unique';
import { copiesOf } from '../recognised/overlap';
import { addNotValid, conditionOf, validateConstraint } from './constraint-steps';
import { planAddForeignKey, planRemoveForeignKey } from './foreign-keys';
import { addUnique, dropUniqueFromPartitions, isIndexOfUnique } from './unique-constraints';

/** Adds a constraint where it is absent. Refused where there is another one of its name. */
export async function planAddConstraint(draft: Draft, change: AddConstraint): Promise<void> {
  const table = await draft.table(change.table);
  const what = `constraint ${change.name} of table ${table.name}`;
  const other = otherOfName(table, change);
  if (draft.refuse(...(other === undefined ? [] : difference(what, `a ${change.type}`, other)))) return;
  if (change.type === 'foreign key') {
    await planAddForeignKey(draft, change);
    return;
  }
  if (await isMadeAgain(draft, change, (again) => isConstraintOf(draft, table, again))) return;
  const shadow = await declareConstraint(draft, change);
  const desired = onShadow(`Constraint ${change.name}`, constraintNamed(shadow, change.name));
  const found = constraintNamed(table, change.name);
  const differences = found ? difference(what, desired.definition, found.definition) : [];
  if (draft.refuse(...differences) || found?.valid === true) return;
  if (change.type === 'unique') await addUnique(draft, table, { desired, found, fields: change.fields });
  else await addCheck(draft, table, desired, found);
}

/** The constraint of a kind with which the declared one is not compared, that has the name of it: PostgreSQL has one of a name. */
function otherOfName(table: Table, { name, type }: AddConstraint): string | undefined {
  if (table.primaryKey?.name === name) return keyInWords(table.primaryKey);
  if (type === 'foreign key') return constraintNamed(table, name)?.definition;
  const key = table.foreignKeys.find((one) => one.name === name);
  return key && foreignKeyInWords(key);
}

/** Whether a table has the constraint that a change declares, or what an interrupted run has built for it. */
async function isConstraintOf(draft: Draft, table: Table, change: AddConstraint): Promise<boolean> {
  const desired = constraintNamed(await declareConstraint(draft, change), change.name);
  const found = constraintNamed(table, change.name);
  if (!desired || found) return found !== undefined && desired?.definition === found.definition;
  const built = indexNamed(table, change.name);
  return change.type === 'unique' && built !== undefined && isIndexOfUnique(desired, built);
}

/**
 * Adds a check constraint: `NOT VALID`, which scans no row, and then validated under SHARE UPDATE EXCLUSIVE, which does
 * not block writes (manual, ALTER TABLE, Notes). Refused where a row violates it.
 */
async function addCheck(
  draft: Draft,
  table: Table,
  desired: Constraint,
  found: Constraint | undefined,
): Promise<void> {
  const what = `constraint ${desired.name} of table ${table.name}`;
  const violations = await violationsWhere(draft, table, `NOT (${conditionOf(desired)})`, (query) => ({
    what,
    expected: desired.definition,
    found: `rows that violate it: ${query};`,
  }));
  if (draft.refuse(...violations)) return;
  draft.add(
    ...(found ? [] : [addNotValid(table, desired)]),
    validateConstraint(table, desired.name, `validate constraint ${desired.name}`),
  );
}

export async function planRemoveConstraint(draft: Draft, change: AddConstraint): Promise<void> {
  if (change.type === 'foreign key') {
    await planRemoveForeignKey(draft, change);
    return;
  }
  const { table: name, name: constraint } = change;
  const table = await draft.find(name);
  const found = table && constraintNamed(table, constraint);
  if (!found) return;
  if (change.type === 'unique' && !(await dropKeysTo(draft, table, constraint, `constraint ${constraint}`)))
    return;
  if (change.type === 'unique' && draft.live.isPartitioned(table)) {
    await dropUniqueFromPartitions(draft, table, found);
    return;
  }
  const names = [...copiesOf(constraint, [table], table.constraints), constraint];
  draft.add(...names.map((each) => dropConstraint(name, each)));
}
