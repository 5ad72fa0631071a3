import {
  columnKey,
  type ForeignKey,
  hasSameActions,
  type Inspection,
  type LiveCatalog,
  orphansSql,
  referencesSame,
  type Table,
} from '../catalog';
import { type Difference, foreignKeyInWords } from './compare';
import { foreignKeySql } from './ddl';
import { withTableChanged } from './effects';
import { quoteIdentifier, type TableLock, type TableLockMode } from '../postgres';
import { existingTable, type Plan, type Step, steps } from './step';

/** Rows that point at nothing: to delete or to mend them is not a migration's to decide. */
export function foreignKeyRefusals({ live }: Inspection, table: string, key: ForeignKey): Difference[] {
  if (!live.contents.withOrphans.has(columnKey(table, key.columns.join()))) return [];
  const query = orphansSql(quoteIdentifier(table), quoteIdentifier(key.references.table), key);
  return [
    {
      what: `table ${table}`,
      expected: foreignKeyInWords(key),
      found: `rows that point at nothing: ${query};`,
    },
  ];
}

/** Leaves one foreign key with the wanted actions between the wanted columns. */
export function planForeignKey(table: string, key: ForeignKey): (inspection: Inspection) => Plan {
  return (inspection) => steps(...convergeForeignKey(existingTable(inspection, table), key));
}

/**
 * The steps that leave one foreign key with the wanted actions between the wanted columns. A new one is added
 * `NOT VALID`, which reads no row, and validated apart, under a lock that stops no write; only then the old
 * one goes, so that at no time there is none.
 */
function convergeForeignKey(table: Table, desired: ForeignKey): Step[] {
  const between = table.foreignKeys.filter((key) => referencesSame(key, desired));
  const kept = between.find((key) => hasSameActions(key, desired));
  const stale = between.filter((key) => !hasSameActions(key, desired));
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
    locks: bothEnds(table, key, 'SHARE ROW EXCLUSIVE'),
    effect: withKeys(table, (keys) => [...keys, key]),
  };
}

function validate(table: Table, { name }: ForeignKey): Step {
  return {
    purpose: `validate foreign key ${name}`,
    sql: `${alter(table)} VALIDATE CONSTRAINT ${quoteIdentifier(name)}`,
    locks: [{ table: table.name, mode: 'SHARE UPDATE EXCLUSIVE' }],
    transaction: 'alone',
    effect: withKeys(table, (keys) => keys.map((key) => (key.name === name ? { ...key, valid: true } : key))),
  };
}

function drop(table: Table, key: ForeignKey): Step {
  const { name } = key;
  return {
    purpose: `drop foreign key ${name}, which acts otherwise`,
    sql: `${alter(table)} DROP CONSTRAINT ${quoteIdentifier(name)}`,
    locks: bothEnds(table, key, 'ACCESS EXCLUSIVE'),
    effect: withKeys(table, (keys) => keys.filter((its) => its.name !== name)),
  };
}

function rename(table: Table, { name }: ForeignKey, to: string): Step {
  return {
    purpose: `rename foreign key ${name}`,
    sql: `${alter(table)} RENAME CONSTRAINT ${quoteIdentifier(name)} TO ${quoteIdentifier(to)}`,
    locks: [{ table: table.name, mode: 'ACCESS EXCLUSIVE' }],
    effect: withKeys(table, (keys) => keys.map((key) => (key.name === name ? { ...key, name: to } : key))),
  };
}

/** A foreign key stands on triggers of both tables, and takes its lock on both. */
function bothEnds({ name }: Table, { references }: ForeignKey, mode: TableLockMode): TableLock[] {
  return [name, references.table].map((table) => ({ table, mode }));
}

function alter({ name }: Table): string {
  return `ALTER TABLE ${quoteIdentifier(name)}`;
}

function withKeys({ name }: Table, change: (keys: readonly ForeignKey[]) => readonly ForeignKey[]) {
  return (catalog: LiveCatalog) =>
    withTableChanged(catalog, name, ({ foreignKeys }) => ({ foreignKeys: change(foreignKeys) }));
}
