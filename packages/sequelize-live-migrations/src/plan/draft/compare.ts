import {
  columnNamed,
  type Column,
  type ForeignKey,
  type Index,
  isIdentity,
  type Key,
  type Table,
} from '../../catalog';
import { containsType } from './types';

/** One difference between a live object and the desired one. */
export interface Difference {
  /** `column pets.status`, `index pets_kind`. */
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

/** `column pets.status: expected type enum_pets_kind, found type text` */
export function describe({ what, expected, found }: Difference): string {
  return `${what}: expected ${expected}, found ${found}`;
}

/** The difference between two descriptions of one object, if there is one. */
export function difference(what: string, expected: string, found: string): Difference[] {
  return expected === found ? [] : [{ what, expected, found }];
}

/** How `found` differs from `desired`. Neither the order of the columns nor anything extra is a difference. */
export function tableDifferences(desired: Table, found: Table): Difference[] {
  return [
    ...desired.columns.flatMap((column) =>
      columnDifferences(desired.name, column, columnNamed(found, column.name)),
    ),
    ...primaryKeyDifferences(desired, found),
    ...desired.foreignKeys.flatMap((key) => foreignKeyDifferences(key, found)),
  ];
}

function columnDifferences(table: string, desired: Column, found: Column | undefined): Difference[] {
  const what = `column ${table}.${desired.name}`;
  if (!found) return [{ what, expected: columnInWords(desired), found: 'no such column' }];
  return [
    ...typeDifferences(table, desired, found),
    ...difference(what, nullability(desired), nullability(found)),
    ...difference(what, defaultInWords(desired), defaultInWords(found)),
  ];
}

/** The differences of a column that no migration reconciles: its type, a sequence of its own, generated values. */
function typeDifferences(table: string, desired: Column, found: Column): Difference[] {
  const description = (column: Column) => `type ${column.type}${sourceInWords(column)}`;
  return difference(`column ${table}.${desired.name}`, description(desired), description(found));
}

/** ` generated as (price * amount)`, or nothing for a column whose values are only those that are given to it. */
function sourceInWords(column: Column): string {
  const { serial, generated, default: value } = column;
  if (serial) return ' with a sequence of its own';
  if (generated === null) return '';
  return isIdentity(column) ? ' with an identity' : ` generated as ${value ?? ''}`;
}

/** The same, without those where the type that is found can hold all that the desired one can. */
export function typeConflicts(table: string, desired: Column, found: Column): Difference[] {
  const widened = containsType(found.type, desired.type) ? { ...found, type: desired.type } : found;
  return typeDifferences(table, desired, widened);
}

export function primaryKeyDifferences(desired: Table, found: Table): Difference[] {
  const key = keyAsDeclared(desired, found);
  return difference(`table ${desired.name}`, keyInWords(desired.primaryKey), keyInWords(key));
}

/**
 * The primary key of a table without the column by which Citus distributes it, which the key has to contain there (Citus
 * documentation, "Adding constraints"), unless it is declared with it.
 */
function keyAsDeclared(
  { primaryKey: desired }: Table,
  { primaryKey: key, distributedBy }: Table,
): Key | null {
  if (!key || !desired || desired.columns.some((name) => name === distributedBy)) return key;
  return { ...key, columns: key.columns.filter((name) => name !== distributedBy) };
}

function foreignKeyDifferences(desired: ForeignKey, table: Table): Difference[] {
  const what = `table ${table.name}`;
  const expected = foreignKeyInWords(desired);
  const onSameColumns = table.foreignKeys.filter(({ columns }) => columns.join() === desired.columns.join());
  const found = onSameColumns.map((key) => foreignKeyInWords(asFarAsPossible(desired, key, table)));
  if (found.includes(expected)) return [];
  return [{ what, expected, found: found.join(' and ') || 'no foreign key on that column' }];
}

/**
 * A foreign key with the action that is declared, where Citus accepts no other than NO ACTION: on update, of the column by
 * which the table is distributed. No update changes that column, so it makes no difference.
 */
function asFarAsPossible(desired: ForeignKey, key: ForeignKey, { distributedBy }: Table): ForeignKey {
  const isDistribution = key.columns.some((name) => name === distributedBy);
  return isDistribution && key.onUpdate === 'NO ACTION' ? { ...key, onUpdate: desired.onUpdate } : key;
}

export function indexDifferences(desired: Index, found: Index): Difference[] {
  return difference(`index ${desired.name}`, indexInWords(desired), indexInWords(found));
}

// The default of a serial column contains the name of its sequence, which is no difference.
function defaultInWords(column: Column): string {
  if (column.serial) return 'the next value of a sequence of its own';
  if (column.generated !== null) return 'no default';
  return column.default === null ? 'no default' : `default ${column.default}`;
}

function nullability({ notNull }: Column): string {
  return notNull ? 'not null' : 'nullable';
}

function columnInWords(column: Column): string {
  return `type ${column.type}, ${nullability(column)}, ${defaultInWords(column)}`;
}

export function keyInWords(key: Key | null): string {
  return key ? `primary key (${key.columns.join(', ')})` : 'no primary key';
}

export function foreignKeyInWords({ columns, references, onUpdate, onDelete }: ForeignKey): string {
  const parent = `${references.table} (${references.columns.join(', ')})`;
  return `foreign key (${columns.join(', ')}) to ${parent} on update ${onUpdate} on delete ${onDelete}`;
}

export function indexInWords({ unique, definition }: Index): string {
  return `${unique ? 'unique ' : ''}${definition}`;
}
