import type { ReferentialAction } from '../vocabulary';

/**
 * What PostgreSQL knows of the tables that a migration speaks of: plain data, immutable, the same shape for
 * the live tables and for the wanted ones, so that the two can be compared field by field.
 *
 * All expressions and type names are printed by PostgreSQL itself under one `search_path` (see inspect/index.ts).
 */

export interface Column {
  readonly name: string;
  /** As `format_type` prints it: `character varying(255)`, `enum_user_sessions_status`. */
  readonly type: string;
  readonly notNull: boolean;
  /** As `pg_get_expr` prints it, or null. */
  readonly default: string | null;
  /** The default draws from a sequence that the column owns: `serial` and its like. */
  readonly serial: boolean;
  readonly comment: string | null;
  /** Set for a column whose values PostgreSQL makes itself: `pg_attribute.attgenerated` or `attidentity`. */
  readonly generated: string | null;
  /** The column was added with a default that is stored once for all rows, and none of them was rewritten. */
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
  /** False for one that holds for new rows only, `NOT VALID`. */
  readonly valid: boolean;
}

/** An index that no constraint owns. */
export interface Index {
  readonly name: string;
  readonly unique: boolean;
  readonly method: string;
  /** One expression for each key, as `pg_get_indexdef` prints it, with its sort order. */
  readonly keys: readonly string[];
  /** Columns that are carried along, `INCLUDE`. */
  readonly included: readonly string[];
  readonly predicate: string | null;
  /** False where a concurrent build was cut short: such an index is maintained, but never used. */
  readonly valid: boolean;
}

export interface Table {
  readonly name: string;
  readonly comment: string | null;
  readonly columns: readonly Column[];
  readonly primaryKey: Key | null;
  readonly foreignKeys: readonly ForeignKey[];
  readonly indexes: readonly Index[];
  /** The names of its check constraints. */
  readonly checks: readonly string[];
  /** What stands on the table: foreign keys of other tables, views, partitions. */
  readonly dependents: readonly Dependent[];
}

export interface Dependent {
  /** The relation that depends, with its schema where that is another one. */
  readonly relation: string;
  /** `the foreign key of` */
  readonly kind: string;
}

export interface EnumType {
  readonly name: string;
  readonly labels: readonly string[];
  /** The columns of this type, as `table.column`, in any schema. */
  readonly usedBy: readonly string[];
}

export interface Catalog {
  readonly tables: ReadonlyMap<string, Table>;
  readonly enums: ReadonlyMap<string, EnumType>;
}

/** A live catalog, and where it was read. */
export interface LiveCatalog extends Catalog {
  readonly database: string;
  /** The schema in which the tables are, or will be. */
  readonly schema: string;
  readonly contents: Contents;
}

/** What is known of the rows, of what a plan may have to know: see probe.ts. */
export interface Contents {
  /** The tables that hold rows. */
  readonly withRows: ReadonlySet<string>;
  /** The columns that hold nulls, as `table.column`. */
  readonly withNulls: ReadonlySet<string>;
  /** The columns that point at rows which are not there, as `table.column`. */
  readonly withOrphans: ReadonlySet<string>;
  /** Of a column and the one that was set aside before it: those that hold more than defaults, as `table.column`. */
  readonly withValues: ReadonlySet<string>;
  /** Why some of these count as holding something though nothing was seen in them. */
  readonly reasonsToKeep: ReadonlyMap<string, string>;
}

export function byName<T extends { readonly name: string }>(things: readonly T[]): Map<string, T> {
  return new Map(things.map((thing) => [thing.name, thing]));
}

export function columnNamed(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name);
}

export function indexNamed(table: Table, name: string): Index | undefined {
  return table.indexes.find((index) => index.name === name);
}

/** Whether two foreign keys are between the same columns of the same tables, whatever their actions. */
export function pointsAtSame(one: ForeignKey, other: ForeignKey): boolean {
  const ends = ({ columns, references }: ForeignKey) =>
    [columns, references.table, references.columns].join();
  return ends(one) === ends(other);
}

export function hasSameActions(one: ForeignKey, other: ForeignKey): boolean {
  return one.onUpdate === other.onUpdate && one.onDelete === other.onDelete;
}
