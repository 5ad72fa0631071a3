/**
 * What PostgreSQL knows of the tables that a migration speaks of: plain data, immutable, the same shape for
 * the live tables and for the wanted ones, so that the two can be compared field by field.
 *
 * All expressions and type names are printed by PostgreSQL itself under one `search_path` (see inspect.ts).
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
}

export interface Key {
  readonly name: string;
  readonly columns: readonly string[];
}

export type ReferentialAction = 'NO ACTION' | 'RESTRICT' | 'CASCADE' | 'SET NULL' | 'SET DEFAULT';

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
  /** `the foreign key of sections` */
  readonly what: string;
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
}

/** The same catalog with `table` in place of its namesake. */
export function withTable<C extends Catalog>(catalog: C, table: Table): C {
  return { ...catalog, tables: new Map(catalog.tables).set(table.name, table) };
}

/** The same catalog with a table changed; as it was, where there is no such table. */
export function withTableChanged<C extends Catalog>(
  catalog: C,
  name: string,
  change: (table: Table) => Partial<Table>,
): C {
  const table = catalog.tables.get(name);
  return table ? withTable(catalog, { ...table, ...change(table) }) : catalog;
}

/** The same catalog with some properties of a column changed. */
export function withColumnChanged<C extends Catalog>(
  catalog: C,
  table: string,
  column: string,
  change: Partial<Column>,
): C {
  return withTableChanged(catalog, table, ({ columns }) => ({
    columns: columns.map((its) => (its.name === column ? { ...its, ...change } : its)),
  }));
}

/** The same catalog without the table `name`, and without what it did to other tables and types. */
export function withoutTable<C extends Catalog>(catalog: C, name: string): C {
  const others = [...catalog.tables.values()].filter((table) => table.name !== name);
  const tables = others.map((table) => ({
    ...table,
    dependents: table.dependents.filter(({ relation }) => relation !== name),
  }));
  const enums = [...catalog.enums.values()].map((type) => ({
    ...type,
    usedBy: type.usedBy.filter((use) => !use.startsWith(`${name}.`)),
  }));
  return { ...catalog, tables: byName(tables), enums: byName(enums) };
}

/** The same catalog with `type` in place of its namesake. */
export function withEnum<C extends Catalog>(catalog: C, type: EnumType): C {
  return { ...catalog, enums: new Map(catalog.enums).set(type.name, type) };
}

/** The same catalog without the enum type `name`. */
export function withoutEnum<C extends Catalog>(catalog: C, name: string): C {
  return { ...catalog, enums: byName([...catalog.enums.values()].filter((type) => type.name !== name)) };
}

export function byName<T extends { readonly name: string }>(things: readonly T[]): Map<string, T> {
  return new Map(things.map((thing) => [thing.name, thing]));
}
