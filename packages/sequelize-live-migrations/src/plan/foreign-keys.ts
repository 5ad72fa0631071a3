import {
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
  if (!isThere(table, key) && !canBeNotValid && (await draft.rows.existIn(table))) {
    draft.refuse(partitionedKeyConflict(table, key));
    return;
  }
  draft.add(...convergeForeignKey(table, key, canBeNotValid));
}

function isThere(table: Table, key: ForeignKey): boolean {
  return table.foreignKeys.some((other) => referencesSame(key, other) && hasSameActions(other, key));
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
      `${alter(table)} ADD ${foreignKeySql(key)}`,
  };
}

/**
 * The steps after which there is one foreign key between the desired columns, with the desired actions. A new one is
 * added `NOT VALID`, which scans no table, and then validated under SHARE UPDATE EXCLUSIVE, which does not block
 * writes; on a partitioned table without rows at once, where it cannot be. Only then the old one is dropped, so that there is one at all times.
 */
function convergeForeignKey(table: Table, desired: ForeignKey, canBeNotValid: boolean): Step[] {
  const existing = table.foreignKeys.filter((key) => referencesSame(key, desired));
  const kept = existing.find((key) => hasSameActions(key, desired));
  const stale = existing.filter((key) => !hasSameActions(key, desired));
  const namesake = table.foreignKeys.find(({ name }) => name === desired.name);
  const current = kept ?? {
    ...desired,
    name: namesake ? `${desired.name}_new` : desired.name,
    valid: !canBeNotValid,
  };
  const nameIsFree = !namesake || stale.includes(namesake);
  return [
    ...(kept ? [] : [add(table, current)]),
    ...(current.valid ? [] : [validate(table, current)]),
    ...stale.map((key) => drop(table, key)),
    ...(current.name !== desired.name && nameIsFree ? [rename(table, current, desired.name)] : []),
  ];
}

function add(table: Table, key: ForeignKey): Step {
  return {
    purpose: `add foreign key ${key.name}`,
    sql: `${alter(table)} ADD ${foreignKeySql(key)}${key.valid ? '' : ' NOT VALID'}`,
    locks: onBothTables(table, key, 'SHARE ROW EXCLUSIVE'),
  };
}

function validate(table: Table, { name }: ForeignKey): Step {
  return {
    purpose: `validate foreign key ${name}`,
    sql: `${alter(table)} VALIDATE CONSTRAINT ${quoteIdentifier(name)}`,
    locks: [{ table: table.name, mode: 'SHARE UPDATE EXCLUSIVE' }],
    transaction: 'alone',
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
