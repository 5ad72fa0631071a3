/** The names of the tables and enum types that some migrations are about. */
export interface Subject {
  /** The schema of the tables; left out: that of the migration log. */
  readonly schema?: string;
  /** The tables that they change. */
  readonly tables: readonly string[];
  /** The tables that their foreign keys refer to. */
  readonly parents: readonly string[];
  /** Those of the tables with which the tables are inspected that refer to them by foreign keys; left out: none. */
  readonly referred?: readonly string[];
  readonly enums: readonly string[];
  /** The names of the migrations, which may have kept something aside. */
  readonly migrations: readonly string[];
}
