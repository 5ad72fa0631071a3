import {
  addForeignKeySql,
  fitting,
  type ForeignKey,
  hasSameActions,
  referencesSame,
  type Table,
} from '../../catalog';
import { quoteIdentifier, type TableLock, type TableLockMode } from '../../postgres';
import { alterTable, alterTableSql } from '../draft/alter';
import type { Step } from '../draft/step';
import { validateConstraint } from './constraint-steps';

/** The foreign key that is as desired, whatever name it has. */
export function sameKey({ foreignKeys }: Table, desired: ForeignKey): ForeignKey | undefined {
  return foreignKeys.find((key) => isSameKey(key, desired));
}

/** Whether two foreign keys are between the same columns, with the same actions. */
export function isSameKey(key: ForeignKey, other: ForeignKey): boolean {
  return referencesSame(key, other) && hasSameActions(key, other);
}

/** What PostgreSQL, or Citus, does with a foreign key. */
interface Possible {
  readonly canBeNotValid: boolean;
  /** Citus renames no constraint. There, the one that it replaces is dropped in the same transaction, and so its name is free. */
  readonly canBeRenamed: boolean;
  /** The steps to be taken before it is added: with those, none of the rows that are there is read while nobody can write. */
  readonly before?: (added: ForeignKey) => Step[];
}

/**
 * The steps after which there is one foreign key between the desired columns, with the desired actions. A new one is
 * added `NOT VALID`, which scans no table, and then validated under SHARE UPDATE EXCLUSIVE, which does not block
 * writes; where it cannot be `NOT VALID`, the table has no rows, or those of its partitions are validated `before`. Only then the old one is dropped, so that there is one at
 * all times.
 */
export function convergeForeignKey(
  table: Table,
  desired: ForeignKey,
  { canBeNotValid, canBeRenamed, before = () => [] }: Possible,
): Step[] {
  const kept = sameKey(table, desired);
  const stale = table.foreignKeys.filter(
    (key) => referencesSame(key, desired) && !hasSameActions(key, desired),
  );
  const dropStale = stale.map((key) => dropForeignKey(table, key, ', which acts otherwise'));
  const namesake = table.foreignKeys.find(({ name }) => name === desired.name);
  // No migration declares when a key is checked, so one that comes in the place of others is checked when these are.
  const { deferrable = desired.deferrable } = stale[0] ?? {};
  const added = { ...desired, deferrable, valid: !canBeNotValid };
  if (!kept && namesake && stale.includes(namesake) && !canBeRenamed) {
    return [...dropStale, addForeignKey(table, added), ...validated(table, added)];
  }
  const current = kept ?? { ...added, name: namesake ? interimName(desired) : desired.name };
  const nameIsFree = !namesake || stale.includes(namesake);
  return [
    ...(kept ? [] : [...before(current), addForeignKey(table, current)]),
    ...validated(table, current),
    ...dropStale,
    ...(current.name !== desired.name && nameIsFree ? [rename(table, current, desired.name)] : []),
  ];
}

function validated(table: Table, { name, valid }: ForeignKey): Step[] {
  return valid ? [] : [validateConstraint(table, name, `validate foreign key ${name}`)];
}

/** The name of a foreign key until the one that it replaces is dropped. */
export function interimName({ name }: ForeignKey): string {
  return fitting(`${name}_new`);
}

/** The step that adds a foreign key. */
export function addForeignKey(table: Pick<Table, 'name'>, key: ForeignKey): Step {
  return {
    purpose: `add foreign key ${key.name}`,
    sql: addForeignKeySql(table.name, key),
    locks: onBothTables(table, key, 'SHARE ROW EXCLUSIVE'),
  };
}

/**
 * The step that drops a foreign key.
 *
 * @param why for the output of a run: `, which acts otherwise`
 */
export function dropForeignKey(table: Table, key: ForeignKey, why = ''): Step {
  const { name } = key;
  return {
    purpose: `drop foreign key ${name}${why}`,
    sql: alterTableSql(table.name, `DROP CONSTRAINT ${quoteIdentifier(name)}`),
    locks: onBothTables(table, key, 'ACCESS EXCLUSIVE'),
  };
}

function rename(table: Table, { name }: ForeignKey, to: string): Step {
  const action = `RENAME CONSTRAINT ${quoteIdentifier(name)} TO ${quoteIdentifier(to)}`;
  return alterTable(table.name, `rename foreign key ${name}`, action);
}

/** A foreign key is a constraint with triggers on both of its tables, so adding or dropping it locks both. */
function onBothTables(
  { name }: Pick<Table, 'name'>,
  { references }: ForeignKey,
  mode: TableLockMode,
): TableLock[] {
  return [name, references.table].map((table) => ({ table, mode }));
}
