import {
  foreignKeySql,
  type ForeignKey,
  hasSameActions,
  orphansSql,
  referencesSame,
  type Table,
} from '../catalog';
import { quoteIdentifier, type TableLock, type TableLockMode } from '../postgres';
import { foreignKeyInWords } from './compare';
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
  draft.add(...convergeForeignKey(table, key));
}

/**
 * The steps after which there is one foreign key between the desired columns, with the desired actions. A new one is
 * added `NOT VALID`, which scans no table, and then validated under SHARE UPDATE EXCLUSIVE, which does not block
 * writes. Only then the old one is dropped, so that there is one at all times.
 */
function convergeForeignKey(table: Table, desired: ForeignKey): Step[] {
  const existing = table.foreignKeys.filter((key) => referencesSame(key, desired));
  const kept = existing.find((key) => hasSameActions(key, desired));
  const stale = existing.filter((key) => !hasSameActions(key, desired));
  const namesake = table.foreignKeys.find(({ name }) => name === desired.name);
  const current = kept ?? { ...desired, name: namesake ? `${desired.name}_new` : desired.name, valid: false };
  const nameIsFree = !namesake || stale.includes(namesake);
  return [
    ...(kept ? [] : [addNotValid(table, current)]),
    ...(current.valid ? [] : [validate(table, current)]),
    ...stale.map((key) => drop(table, key)),
    ...(current.name !== desired.name && nameIsFree ? [rename(table, current, desired.name)] : []),
  ];
}

function addNotValid(table: Table, key: ForeignKey): Step {
  return {
    purpose: `add foreign key ${key.name}`,
    sql: `${alter(table)} ADD ${foreignKeySql(key)} NOT VALID`,
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
