import {
  addForeignKeySql,
  foreignKeySql,
  type ForeignKey,
  hasSameActions,
  orphansSql,
  referencesSame,
  type Table,
} from '../catalog';
import { quoteIdentifier, type TableLock, type TableLockMode } from '../postgres';
import { type Difference, foreignKeyInWords } from './compare';
import type { Draft } from './draft';
import type { Step } from './step';
import { validateConstraint } from './validate-constraint';

/**
 * Plans that there is one foreign key between the desired columns, with the desired actions. Refused where there are
 * orphaned rows: whether to delete or to correct them is not for a migration to decide.
 */
export async function planForeignKey(draft: Draft, tableName: string, key: ForeignKey): Promise<void> {
  const table = await draft.table(tableName);
  const parent = await draft.table(key.references.table);
  const isValid = table.foreignKeys.some((other) => other.valid && referencesSame(key, other));
  if (!isValid && (await draft.rows.areOrphaned(table, parent, key))) {
    const query = orphansSql(draft.rows.sourceSql(table), draft.rows.sourceSql(parent), key);
    draft.refuse({
      what: `table ${table.name}`,
      expected: foreignKeyInWords(key),
      found: `orphaned rows: ${query};`,
    });
    return;
  }
  const canBeNotValid = !draft.isPartitioned(table) || (await draft.isFound(SINCE_VERSION_18));
  if (!sameKey(table, key) && !canBeNotValid && (await draft.rows.existIn(table))) {
    draft.refuse(partitionedKeyConflict(table, key));
    return;
  }
  draft.add(...convergeForeignKey(table, key, canBeNotValid));
}

/** The foreign key that is as desired, whatever name it has. */
function sameKey({ foreignKeys }: Table, desired: ForeignKey): ForeignKey | undefined {
  return foreignKeys.find((key) => referencesSame(key, desired) && hasSameActions(key, desired));
}

/** Before it, a foreign key of a partitioned table cannot be `NOT VALID` (release notes of PostgreSQL 18). */
const SINCE_VERSION_18 = "SELECT WHERE current_setting('server_version_num')::integer >= 180000";

/** Refused, since all rows would be read while nobody can write. The keys of the partitions need not be verified again. */
function partitionedKeyConflict(table: Table, key: ForeignKey): Difference {
  return {
    what: `table ${table.name}`,
    expected: foreignKeyInWords(key),
    found:
      'a partitioned table with rows, of which PostgreSQL before version 18 verifies all at once, while nobody writes. ' +
      `With writes: for each partition ALTER TABLE … ADD ${foreignKeySql(key)} NOT VALID, and VALIDATE CONSTRAINT; then ` +
      addForeignKeySql(table.name, { ...key, valid: true }),
  };
}

/**
 * The steps after which there is one foreign key between the desired columns, with the desired actions. A new one is
 * added `NOT VALID`, which scans no table, and then validated under SHARE UPDATE EXCLUSIVE, which does not block
 * writes; where it cannot be `NOT VALID`, the table has no rows. Only then the old one is dropped, so that there is one at
 * all times.
 */
function convergeForeignKey(table: Table, desired: ForeignKey, canBeNotValid: boolean): Step[] {
  const kept = sameKey(table, desired);
  const stale = table.foreignKeys.filter(
    (key) => referencesSame(key, desired) && !hasSameActions(key, desired),
  );
  const namesake = table.foreignKeys.find(({ name }) => name === desired.name);
  const current = kept ?? {
    ...desired,
    name: namesake ? `${desired.name}_new` : desired.name,
    valid: !canBeNotValid,
  };
  const nameIsFree = !namesake || stale.includes(namesake);
  return [
    ...(kept ? [] : [add(table, current)]),
    ...(current.valid
      ? []
      : [validateConstraint(table, current.name, `validate foreign key ${current.name}`)]),
    ...stale.map((key) => drop(table, key)),
    ...(current.name !== desired.name && nameIsFree ? [rename(table, current, desired.name)] : []),
  ];
}

function add(table: Table, key: ForeignKey): Step {
  return {
    purpose: `add foreign key ${key.name}`,
    sql: addForeignKeySql(table.name, key),
    locks: onBothTables(table, key, 'SHARE ROW EXCLUSIVE'),
  };
}

function drop(table: Table, key: ForeignKey): Step {
  const { name } = key;
  return {
    purpose: `drop foreign key ${name}, which acts otherwise`,
    sql: `${alter(table)} DROP CONSTRAINT ${quoteIdentifier(name)}`,
    locks: onBothTables(table, key, 'ACCESS EXCLUSIVE'),
  };
}

function rename(table: Table, { name }: ForeignKey, to: string): Step {
  return {
    purpose: `rename foreign key ${name}`,
    sql: `${alter(table)} RENAME CONSTRAINT ${quoteIdentifier(name)} TO ${quoteIdentifier(to)}`,
    locks: [{ table: table.name, mode: 'ACCESS EXCLUSIVE' }],
  };
}

/** A foreign key is a constraint with triggers on both of its tables, so adding or dropping it locks both. */
function onBothTables({ name }: Table, { references }: ForeignKey, mode: TableLockMode): TableLock[] {
  return [name, references.table].map((table) => ({ table, mode }));
}

function alter({ name }: Table): string {
  return `ALTER TABLE ${quoteIdentifier(name)}`;
}
