import { quoteIdentifier } from '../postgres';
import type { ReferentialAction } from '../vocabulary';

/**
 * What PostgreSQL knows of the tables that a migration is about: plain data, immutable, in the same shape for the live
 * and the desired tables, so that the two can be compared field by field.
 *
 * All expressions and type names are printed by PostgreSQL itself, under one `search_path` (`settingsSql` in shadow-sql.ts).
 */

export interface Column {
  readonly name: string;
  /** `pg_attribute.attnum`, which stays the same when the column is renamed. */
  readonly number: number;
  /** As `format_type` prints it: `character varying(255)`, `enum_pets_kind`. */
  readonly type: string;
  readonly notNull: boolean;
  /** As `pg_get_expr` prints it, or null. */
  readonly default: string | null;
  /** The default is the next value of a sequence that the column owns, as with `serial`. */
  readonly serial: boolean;
  readonly comment: string | null;
  /** `pg_attribute.attgenerated` of a generated column or `attidentity` of an identity column, otherwise null. */
  readonly generated: string | null;
  /** The column was added with a default that is stored once for all rows, so no row was rewritten. */
  readonly isStored: boolean;
  /** The views that read it. */
  readonly views: readonly string[];
}

export interface Key {
  readonly name: string;
  readonly columns: readonly string[];
}

export interface ForeignKey extends Key {
  readonly references: { readonly table: string; readonly columns: readonly string[] };
  readonly onUpdate: ReferentialAction;
  readonly onDelete: ReferentialAction;
  /** When it is checked: at the end of each statement, or of the transaction. */
  readonly deferrable: Deferrability;
  /** False for one that is `NOT VALID`: only new rows are checked. */
  readonly valid: boolean;
}

export type Deferrability = keyof typeof DEFERRABILITIES;

/** As PostgreSQL's manual has them (CREATE TABLE), and how `pg_constraint` has each of them. */
export const DEFERRABILITIES = {
  'NOT DEFERRABLE': 'NOT condeferrable',
  'DEFERRABLE INITIALLY IMMEDIATE': 'condeferrable AND NOT condeferred',
  'DEFERRABLE INITIALLY DEFERRED': 'condeferrable AND condeferred',
} as const;

/** What is an index, or has one. */
export interface Indexed {
  /** `pg_class.oid` of the index, 0 for a check: a foreign key depends on the first that is unique over its columns. */
  readonly oid?: number;
}

/** An index that no constraint owns. */
export interface Index extends Indexed {
  readonly name: string;
  readonly unique: boolean;
  /** What `pg_get_indexdef` prints from the method on: `btree (kind, lower(name)) WHERE (born IS NULL)`. */
  readonly definition: string;
  /** Its columns and expressions, without those of `INCLUDE`. */
  readonly keys: readonly string[];
  readonly predicate: string | null;
  /** Another one when the index has been rebuilt. */
  readonly file: string | null;
  /** False where a concurrent build has not finished: every write maintains such an index, and no query uses it. */
  readonly valid: boolean;
}

/** A check, unique or exclusion constraint. */
export interface Constraint extends Indexed {
  readonly name: string;
  /** `pg_constraint.contype` */
  readonly type: 'c' | 'u' | 'x';
  /** As `pg_get_constraintdef` prints it, without `NOT VALID`. */
  readonly definition: string;
  /**
   * False for a check that is `NOT VALID`: only new rows are checked. And for a unique constraint of a partitioned table that a
   * partition is without.
   */
  readonly valid: boolean;
}

export interface Table {
  readonly name: string;
  /** `pg_class.oid`, which stays the same when the table is renamed. */
  readonly oid: string;
  /** `pg_class.relkind`: `r` for an ordinary table, which every shadow is, `p` for a partitioned one. */
  readonly kind: string;
  readonly comment: string | null;
  /** Another one when the table has been rewritten. */
  readonly file: string | null;
  /** It is emptied by a crash (manual, CREATE TABLE, UNLOGGED). Of a live table only. */
  readonly isUnlogged: boolean;
  /** A row security policy may hide rows from this role (manual, 5.9). Of a live table only. */
  readonly hidesRows: boolean;
  readonly columns: readonly Column[];
  readonly primaryKey: Key | null;
  readonly foreignKeys: readonly ForeignKey[];
  readonly indexes: readonly Index[];
  readonly constraints: readonly Constraint[];
  /** The foreign keys of other tables, or its own, that refer to it. */
  readonly referrers: readonly Referrer[];
  /** What depends on the table: foreign keys of other tables, views, partitions. */
  readonly dependents: readonly Dependent[];
  /** The column by which Citus distributes its rows; left out where it does not. Also of a shadow. */
  readonly distributedBy?: string;
}

/** A foreign key, seen from the table that it refers to. */
export interface Referrer {
  readonly name: string;
  /** The table that has it, with its schema where that is another one. */
  readonly relation: string;
  /** The same for SQL. */
  readonly sql: string;
  readonly columns: readonly string[];
  /** The columns that it refers to. */
  readonly referenced: readonly string[];
  /** The name of the unique index of the columns that it refers to, on which it depends. */
  readonly index: string;
  readonly onDelete: ReferentialAction;
  /** An index of the table begins with its first column. */
  readonly isIndexed: boolean;
}

export interface Dependent {
  /** The dependent relation, with its schema where that is another one. */
  readonly relation: string;
  /** `the foreign key of` */
  readonly kind: string;
}

export interface EnumType {
  readonly name: string;
  readonly labels: readonly string[];
}

export interface Catalog {
  readonly tables: ReadonlyMap<string, Table>;
  readonly enums: ReadonlyMap<string, EnumType>;
}

/** Whether the values of a column are those of an identity. */
export function isIdentity({ generated }: Column): boolean {
  return generated === 'a' || generated === 'd';
}

export function byName<T extends { readonly name: string }>(objects: readonly T[]): Map<string, T> {
  return new Map(objects.map((object) => [object.name, object]));
}

export function columnNamed(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name);
}

export function indexNamed(table: Table, name: string): Index | undefined {
  return table.indexes.find((index) => index.name === name);
}

/** The enum type of a column, or of its elements, whatever name it has. */
export function enumTypeOf({ enums }: Catalog, { type }: Column): EnumType | undefined {
  return [...enums.values()].find(({ name }) => isOfEnum(type, name));
}

/** Whether a type, as PostgreSQL prints it, is the enum type of a name, or an array of it. */
export function isOfEnum(type: string, name: string): boolean {
  const element = type.replace(/\[\]$/, '');
  return element === name || element === quoteIdentifier(name);
}

/** Whether an index is unique over all rows, as a unique constraint is. */
export function isUniqueOverAll({ unique, predicate }: Index): boolean {
  return unique && predicate === null;
}

/** Whether a foreign key refers to what an index of a table, or of one of its constraints, keeps unique. */
export function isReferredTo({ referrers }: Table, index: string): boolean {
  return referrers.some((referrer) => referrer.index === index);
}

/** Whether two foreign keys are between the same columns of the same tables, whatever their actions. */
export function referencesSame(a: ForeignKey, b: ForeignKey): boolean {
  const columnsOf = ({ columns, references }: ForeignKey) =>
    [columns, references.table, references.columns].join();
  return columnsOf(a) === columnsOf(b);
}

export function constraintNamed(table: Table, name: string): Constraint | undefined {
  return table.constraints.find((constraint) => constraint.name === name);
}

export function hasSameActions(a: ForeignKey, b: ForeignKey): boolean {
  return a.onUpdate === b.onUpdate && a.onDelete === b.onDelete;
}
